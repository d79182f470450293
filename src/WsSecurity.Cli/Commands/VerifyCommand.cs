using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using WsSecurity.Cli.Evidence;
using WsSecurity.Cli.SecondOpinion;

namespace WsSecurity.Cli.Commands;

/// <summary><c>wssec verify</c>: decrypts and verifies an envelope, as the recipient.</summary>
internal sealed class VerifyCommand
{
    private readonly CommandStreams _streams;
    private readonly BindingOptions _binding = new();
    private readonly Option<string> _input = MessageFile.InOption("The envelope as it was on the wire; - reads standard input.");

    private readonly Option<string?> _output = new("--out", "-o")
    {
        Description = "Receives the verified envelope in plain; - writes to standard output, and everything else to standard error.",
        HelpName = "file",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Prints what was proved as JSON." };

    private readonly Option<DateTimeOffset?> _at = new("--at")
    {
        Description = "The time at which the message is judged, for example 2026-11-24T12:00:00Z; now where it is not given.",
        HelpName = "time",
        CustomParser = ParseTime,
    };

    private readonly Option<Uri?> _endpoint = new("--endpoint")
    {
        Description = "This endpoint's address; a signed To that names another one is refused.",
        HelpName = "uri",
        CustomParser = ParseUri,
    };

    private readonly Option<bool> _secondOpinion = new("--second-opinion")
    {
        Description = "Has System.Security.Cryptography.Xml check the signatures once more, where it can read them; refuses where it disagrees.",
    };

    private VerifyCommand(CommandStreams streams) => _streams = streams;

    public static Command Create(CommandStreams streams)
    {
        var verify = new VerifyCommand(streams);
        var command = new Command(
            "verify", "Decrypts and verifies a SOAP envelope as the binding says, in the role of the recipient, and prints what it proved.");
        verify._binding.AddTo(command);
        command.Options.Add(verify._input);
        command.Options.Add(verify._output);
        command.Options.Add(verify._json);
        command.Options.Add(verify._at);
        command.Options.Add(verify._endpoint);
        command.Options.Add(verify._secondOpinion);
        command.Validators.Add(result =>
        {
            if (result.GetValue(verify._json) && MessageFile.IsStandard(result.GetValue(verify._output)))
            {
                result.AddError("--json and --out - would both write to standard output.");
            }
        });
        command.SetAction(verify.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var loaded = _binding.Load(parsed);
        var recipient = _binding.CreateRole(parsed, () => new Recipient(loaded.Policy, loaded.Credentials, ReadServices(parsed)));
        var wire = await MessageFile.ReadAsync(parsed.GetRequiredValue(_input), _streams, cancellationToken).ConfigureAwait(false);

        VerifiedRequest? request = null;
        WsSecurityException? refusal = null;
        try
        {
            var context = _binding.ReadContext(parsed) with { EndpointAddress = parsed.GetValue(_endpoint) };
            request = await recipient.VerifyRequestAsync(wire, context, cancellationToken).ConfigureAwait(false);
        }
        catch (WsSecurityException exception)
        {
            refusal = exception;
        }

        using (request)
        {
            var opinion = parsed.GetValue(_secondOpinion) ? SecondOpinionReport.Create(wire, loaded, request?.Message.Evidence, refusal) : null;
            var result = new VerificationResult(request?.Message, refusal, opinion);
            await ReportAsync(parsed, result, cancellationToken).ConfigureAwait(false);
            return result.IsAccepted ? ExitCode.Accepted : ExitCode.Refused;
        }
    }

    private async Task ReportAsync(ParseResult parsed, VerificationResult result, CancellationToken cancellationToken)
    {
        // The reason comes first on standard error, whatever else is printed where.
        if (result.Failure is { } failure)
        {
            await _streams.Error.WriteLineAsync(failure).ConfigureAwait(false);
        }

        var path = parsed.GetValue(_output);
        if (result is { IsAccepted: true, Message: { } message } && path is not null)
        {
            await MessageFile.WriteAsync(path, message.Envelope, _streams, cancellationToken).ConfigureAwait(false);
        }

        var text = MessageFile.IsStandard(path) ? _streams.Error : _streams.Out;
        if (parsed.GetValue(_json))
        {
            await text.WriteLineAsync(EvidenceJson.Write(result)).ConfigureAwait(false);
        }
        else
        {
            EvidenceText.Write(result, text, _streams.Coloured && text == _streams.Out);
        }
    }

    private SecurityServices ReadServices(ParseResult parsed) =>
        parsed.GetValue(_at) is { } time ? new SecurityServices { TimeProvider = new FixedTimeProvider(time) } : SecurityServices.Default;

    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        result.AddError($"--at {result.Tokens[0].Value}: expects a time, for example 2026-11-24T12:00:00Z.");
        return null;
    }

    private static Uri? ParseUri(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri))
        {
            return uri;
        }

        result.AddError($"--endpoint {result.Tokens[0].Value}: expects an absolute URI.");
        return null;
    }
}
