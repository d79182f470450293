using System.CommandLine;
using System.CommandLine.Invocation;
using WsSecurity.Cli.Commands;
using WsSecurity.Evidence;

namespace WsSecurity.Cli;

/// <summary>The command line of <c>wssec</c>.</summary>
internal static class WssecCommand
{
    public static async Task<int> RunAsync(string[] args, CommandStreams streams, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Protects and verifies SOAP messages by WS-Security (OASIS SOAP Message Security 1.0, 1.1, 1.1.1).")
        {
            ProtectCommand.Create(streams),
            VerifyCommand.Create(streams),
            PolicyCommand.Create(streams),
            EvidenceCommand.Create(streams),
            DemoCommand.Create(streams),
        };

        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                await streams.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
            }

            var command = parsed.CommandResult.Command == root ? "wssec" : $"wssec {parsed.CommandResult.Command.Name}";
            await streams.Error.WriteLineAsync($"See: {command} --help").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        var configuration = new InvocationConfiguration { Output = streams.Out, Error = streams.Error, EnableDefaultExceptionHandler = false };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (WsSecurityException refusal)
        {
            await streams.Error.WriteLineAsync($"{refusal.Failure}: {refusal.Message}").ConfigureAwait(false);
            return ExitCode.Refused;
        }
        catch (EvidenceException exception)
        {
            await streams.Error.WriteLineAsync($"{exception.Failure}: {exception.Message}").ConfigureAwait(false);
            return ExitCode.Refused;
        }
        catch (Exception exception) when (exception is UsageException or BindingConfigurationException)
        {
            await streams.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.Usage;
        }
    }
}
