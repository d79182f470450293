using System.CommandLine;
using WsSecurity.Cli.Policies;

namespace WsSecurity.Cli.Commands;

/// <summary><c>wssec policy</c>: shows the policies of a document, and converts one.</summary>
internal sealed class PolicyCommand
{
    private readonly CommandStreams _streams;
    private readonly Option<string> _input = MessageFile.InOption("The document; - reads standard input.");
    private readonly Option<string?> _name = new("--name", "-n") { Description = "The binding, endpoint, port or policy; all of them where it is not given.", HelpName = "name" };
    private readonly Option<string> _from = new("--from") { Description = "wsdl: a WSDL or WS-Policy; appconfig: an app.config or web.config of .NET Framework; json: bindings of appsettings.json.", DefaultValueFactory = _ => PolicySource.Wsdl };
    private readonly Option<string> _to = new("--to") { Description = "json: a binding of appsettings.json; policy: WS-Policy 1.5; code: C#.", Required = true };

    private PolicyCommand(CommandStreams streams)
    {
        _streams = streams;
        _from.AcceptOnlyFromAmong(PolicySource.Wsdl, PolicySource.AppConfig, PolicySource.Json);
        _to.AcceptOnlyFromAmong("json", "policy", "code");
    }

    public static Command Create(CommandStreams streams)
    {
        var policy = new PolicyCommand(streams);
        var show = new Command("show", "Prints every policy of a document in words, or what of it is not supported.")
        {
            policy._from, policy._input, policy._name,
        };
        show.SetAction(policy.ShowAsync);
        var convert = new Command("convert", "Writes a policy of a document as a binding's configuration, as WS-Policy in normal form, or as C#.")
        {
            policy._from, policy._input, policy._name, policy._to,
        };
        convert.SetAction(policy.ConvertAsync);
        return new Command("policy", "Reads the policies that services publish (WS-SecurityPolicy 1.1, 1.2 and 1.3), and those of configurations.") { show, convert };
    }

    private async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var imports = await ReadAsync(parsed, cancellationToken).ConfigureAwait(false);
        foreach (var import in imports)
        {
            PolicyText.Write(import, _streams.Out);
        }

        return imports.All(import => import.Policy is not null) ? ExitCode.Accepted : ExitCode.Refused;
    }

    private async Task<int> ConvertAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var imports = await ReadAsync(parsed, cancellationToken).ConfigureAwait(false);
        if (imports.Count > 1)
        {
            throw new UsageException($"--name: the document has several policies: {string.Join(", ", imports.Select(import => import.Name))}.");
        }

        var import = imports[0];
        if (import.Policy is not { } policy)
        {
            await _streams.Error.WriteLineAsync(import.Refusal!.Message).ConfigureAwait(false);
            return ExitCode.Refused;
        }

        try
        {
            var text = parsed.GetRequiredValue(_to) switch
            {
                // A colon separates the keys of a configuration.
                "json" => BindingJson.Write(import.Name.Replace(':', '_'), policy, import.Credentials),
                "code" => PolicyCode.Write(import.Name, policy),
                _ => policy.ToWsPolicy().ToString(),
            };
            await _streams.Out.WriteLineAsync(text).ConfigureAwait(false);

            // What the text does not say, where whoever pipes it still sees it.
            foreach (var sentence in import.Explanation)
            {
                await _streams.Error.WriteLineAsync($"note: {sentence}").ConfigureAwait(false);
            }

            return ExitCode.Accepted;
        }
        catch (NotSupportedException exception)
        {
            await _streams.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.Refused;
        }
    }

    private Task<IReadOnlyList<FoundPolicy>> ReadAsync(ParseResult parsed, CancellationToken cancellationToken) => PolicySource.ReadAsync(
        parsed.GetRequiredValue(_from), parsed.GetRequiredValue(_input), parsed.GetValue(_name), _streams, cancellationToken);
}
