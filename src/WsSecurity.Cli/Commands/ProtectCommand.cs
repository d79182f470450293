using System.Buffers;
using System.CommandLine;

namespace WsSecurity.Cli.Commands;

/// <summary><c>wssec protect</c>: protects an envelope, as the initiator.</summary>
internal static class ProtectCommand
{
    public static Command Create(CommandStreams streams)
    {
        var binding = new BindingOptions();
        var input = MessageFile.InOption("The SOAP envelope in plain; - reads standard input.");
        var output = new Option<string>("--out", "-o")
        {
            Description = "Receives the protected envelope; - writes to standard output.",
            Required = true,
            HelpName = "file",
        };
        var command = new Command("protect", "Signs and encrypts a SOAP envelope as the binding says, in the role of the initiator.");
        binding.AddTo(command);
        command.Options.Add(input);
        command.Options.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var loaded = binding.Load(parsed);
            var initiator = binding.CreateRole(parsed, () => new Initiator(loaded.Policy, loaded.Credentials));
            var plain = await MessageFile.ReadAsync(parsed.GetRequiredValue(input), streams, cancellationToken).ConfigureAwait(false);
            var wire = new ArrayBufferWriter<byte>();
            using (initiator.ProtectRequest(plain, binding.ReadContext(parsed), wire))
            {
                var octets = new ReadOnlySequence<byte>(wire.WrittenMemory);
                await MessageFile.WriteAsync(parsed.GetRequiredValue(output), octets, streams, cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Accepted;
        });
        return command;
    }
}
