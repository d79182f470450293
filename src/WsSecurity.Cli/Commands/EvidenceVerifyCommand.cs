using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using WsSecurity.Evidence;

namespace WsSecurity.Cli.Commands;

/// <summary><c>wssec evidence verify</c>: says whether a trail is what its host signed, and names the first record that is not.</summary>
internal sealed class EvidenceVerifyCommand
{
    private readonly CommandStreams _streams;
    private readonly EvidenceSource _source = new();

    private readonly Option<string[]> _trust = new("--trust")
    {
        Description = "The certificate of the host that signs, or of an authority above it (PEM or DER); may be given several times.",
        Required = true,
        HelpName = "file",
    };

    private readonly Option<string[]> _timestampTrust = new("--timestamp-trust")
    {
        Description = "The certificate of the time-stamping authority, or of one above it; may be given several times.",
        HelpName = "file",
    };

    private readonly Option<EvidenceHead?> _head = new("--head")
    {
        Description = "A head that was noted elsewhere, as verify prints it: the trail must hold it, so that nothing up to it was cut off.",
        HelpName = "number:hash",
        CustomParser = ParseHead,
    };

    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "Proves the kept requests anew, at the time of each: the JSON file with the bindings whose names the records carry.",
        HelpName = "file",
    };

    private EvidenceVerifyCommand(CommandStreams streams) => _streams = streams;

    public static Command Create(CommandStreams streams)
    {
        var verify = new EvidenceVerifyCommand(streams);
        var command = new Command("verify", "Verifies a trail: chain, signatures, timestamps and, with --config, the kept requests themselves.")
        {
            verify._trust, verify._timestampTrust, verify._head, verify._config,
        };
        verify._source.AddTo(command);
        command.SetAction(verify.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var verifier = new EvidenceVerifier(new EvidenceVerifierOptions
        {
            Trusted = Load(parsed.GetRequiredValue(_trust)),
            TrustedTimestampAuthorities = Load(parsed.GetValue(_timestampTrust) ?? []),
            KnownHead = parsed.GetValue(_head),
            Recipients = parsed.GetValue(_config) is { } config ? new ConfiguredRecipients(config).Find : null,
        });
        var report = verifier.Verify(_source.Read(parsed), cancellationToken);
        if (!report.IsAccepted)
        {
            await _streams.Error.WriteLineAsync($"{report.Failure}: {report.Reason}").ConfigureAwait(false);
        }

        var terminal = new Terminal(_streams.Out, _streams.Coloured);
        terminal.WriteLine($"{(report.IsAccepted ? terminal.Green("whole") : terminal.Red("broken"))}   {Count(report.Entries, "record")}, of which {Count(report.Messages, "message")}, {report.MessagesProven} proven anew");
        if (report.Head is { } head)
        {
            terminal.WriteLine($"  head         {head}");
        }

        if (report.TimestampedAt is { } time)
        {
            terminal.WriteLine($"  timestamped  {time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}");
        }

        foreach (var note in report.Notes)
        {
            terminal.WriteLine($"  {note}");
        }

        return report.IsAccepted ? ExitCode.Accepted : ExitCode.Refused;
    }

    private static string Count(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static X509Certificate2[] Load(string[] files)
    {
        try
        {
            return [.. files.SelectMany(file =>
            {
                var octets = File.ReadAllBytes(file);
                var certificates = new X509Certificate2Collection();
                if (octets.AsSpan().IndexOf("-----BEGIN "u8) >= 0)
                {
                    certificates.ImportFromPem(System.Text.Encoding.UTF8.GetString(octets));
                }
                else
                {
                    certificates.Add(X509CertificateLoader.LoadCertificate(octets));
                }

                return certificates.Count > 0 ? certificates.AsEnumerable() : throw new UsageException($"{file} holds no certificate.");
            })];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"A certificate cannot be read: {exception.Message}");
        }
    }

    private static EvidenceHead? ParseHead(ArgumentResult result)
    {
        if (EvidenceHead.TryParse(result.Tokens[0].Value, out var head))
        {
            return head;
        }

        result.AddError($"--head {result.Tokens[0].Value}: expects a number, a colon and 64 hexadecimal digits.");
        return null;
    }

    /// <summary>The recipients of a configuration as they were at a point in time. Each remembers nothing: a trail holds no replays.</summary>
    private sealed class ConfiguredRecipients(string file)
    {
        private readonly IConfiguration _configuration = BindingOptions.Read(Path.GetFullPath(file));
        private readonly Dictionary<string, BindingConfiguration?> _bindings = new(StringComparer.OrdinalIgnoreCase);

        public Recipient? Find(string? endpoint, DateTimeOffset time)
        {
            if (endpoint is null || LoadBinding(endpoint) is not { } binding)
            {
                return null;
            }

            try
            {
                return new Recipient(
                    binding.Policy with { DetectReplays = false }, binding.Credentials, new SecurityServices { TimeProvider = new FixedTimeProvider(time) });
            }
            catch (ArgumentException exception)
            {
                throw new UsageException($"WsSecurity:Bindings:{endpoint}: {exception.Message}");
            }
        }

        private BindingConfiguration? LoadBinding(string name)
        {
            if (!_bindings.TryGetValue(name, out var binding))
            {
                if (_configuration.GetSection("WsSecurity:Bindings").GetChildren().Any(child => child.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
                {
                    var options = new BindingConfigurationOptions { BasePath = Path.GetDirectoryName(Path.GetFullPath(file))!, EnvironmentName = "Development" };
                    binding = BindingConfiguration.Load(_configuration, name, options);
                }

                _bindings.Add(name, binding);
            }

            return binding;
        }
    }
}
