using System.Globalization;
using WsSecurity.Cli.SecondOpinion;

namespace WsSecurity.Cli.Evidence;

/// <summary>Prints what a message proved, for people.</summary>
internal static class EvidenceText
{
    public static void Write(VerificationResult result, TextWriter output, bool coloured)
    {
        var terminal = new Terminal(output, coloured);
        if (result.Message is { } message)
        {
            var version = message.SoapVersion == SoapVersion.Soap11 ? "SOAP 1.1" : "SOAP 1.2";
            var verdict = result.IsAccepted ? terminal.Green("accepted") : terminal.Red("refused");
            terminal.WriteLine($"{verdict}   {version}{(message.Action is { } action ? $", action {action}" : "")}");
            Write(message.Evidence, terminal, indent: "  ");
        }

        if (result.SecondOpinion is { } opinion)
        {
            Write(opinion, terminal);
        }
    }

    public static void Write(ProtectionEvidence evidence, Terminal terminal, string indent)
    {
        if (evidence.Created is { } created)
        {
            terminal.WriteLine($"{indent}created    {Format(created)}{(evidence.Expires is { } expires ? $", expires {Format(expires)}" : "")}");
        }

        foreach (var signature in evidence.Signatures)
        {
            var notes = (signature.IsEndorsing ? ", endorsing" : "") + (signature.WasEncrypted ? ", itself encrypted" : "");
            var signer = signature.Token is { } token ? Describe(token) : "an encrypted key, which names nobody";
            terminal.WriteLine($"{indent}{terminal.Green("signed by")}  {signer}");
            terminal.WriteLine($"{indent}           {terminal.Dim($"{AlgorithmNames.Short(signature.SignatureAlgorithm)}{notes}")}");
            foreach (var part in signature.Parts)
            {
                var algorithms = $"{AlgorithmNames.Short(part.DigestAlgorithm)}, {AlgorithmNames.Short(part.CanonicalizationAlgorithm)}";
                var over = part.OverEncryptedData ? ", over ciphertext" : "";
                terminal.WriteLine($"{indent}           {ShortenPath(part.Path)}  {terminal.Dim(algorithms + over)}");
            }
        }

        foreach (var part in evidence.EncryptedParts)
        {
            var transport = part.KeyTransportAlgorithm is { } algorithm ? $", key by {AlgorithmNames.Short(algorithm)}" : "";
            var path = ShortenPath(part.Path) + (part.ContentOnly ? " (content)" : "");
            terminal.WriteLine(
                $"{indent}{terminal.Magenta("encrypted")}  {path}  {terminal.Dim(AlgorithmNames.Short(part.EncryptionAlgorithm) + transport)}");
        }

        foreach (var token in evidence.Tokens.Where(token => token is not X509VerifiedToken))
        {
            terminal.WriteLine($"{indent}token      {Describe(token)}");
        }
    }

    private static void Write(SecondOpinionReport opinion, Terminal terminal)
    {
        terminal.WriteLine("second opinion (System.Security.Cryptography.Xml)");
        if (opinion.Signatures.Count == 0)
        {
            terminal.WriteLine("  there is no signature to check");
        }

        foreach (var signature in opinion.Signatures)
        {
            var outcome = signature.Outcome switch
            {
                OpinionOutcome.Agrees => terminal.Green("agrees"),
                OpinionOutcome.Disagrees => terminal.Red("disagrees"),
                OpinionOutcome.CannotRead => terminal.Yellow("cannot read it"),
                _ => "was not in question",
            };
            terminal.WriteLine($"  {outcome}: {signature.Explanation}");
        }
    }

    private static string Describe(VerifiedToken token) => token switch
    {
        X509VerifiedToken { TrustDomain.Length: > 0 } x509 => $"{x509.Name}  (trusted by {x509.TrustDomain})",
        X509VerifiedToken x509 => $"{x509.Name}  (a configured peer)",
        UsernameVerifiedToken user => $"{user.Name}  (UsernameToken)",
        _ => token.Name,
    };

    /// <summary>Leaves the namespaces out of a path: <c>/Envelope/Header/{…}To</c>.</summary>
    public static string ShortenPath(string path)
    {
        var result = new System.Text.StringBuilder(path.Length);
        var depth = 0;
        foreach (var character in path)
        {
            depth += character == '{' ? 1 : 0;
            if (depth == 0)
            {
                result.Append(character);
            }

            depth -= character == '}' ? 1 : 0;
        }

        return result.ToString();
    }

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
