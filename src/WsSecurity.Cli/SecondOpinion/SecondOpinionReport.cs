using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml;

namespace WsSecurity.Cli.SecondOpinion;

/// <summary>
/// What <c>System.Security.Cryptography.Xml</c> says about the signatures of an envelope, beside what the engine said. It judges the
/// signatures alone: neither trust, nor time, nor the policy.
/// </summary>
internal sealed record SecondOpinionReport(IReadOnlyList<SignatureOpinion> Signatures)
{
    public bool Disagrees => Signatures.Any(signature => signature.Outcome == OpinionOutcome.Disagrees);

    public static SecondOpinionReport Create(byte[] wire, BindingConfiguration binding, ProtectionEvidence? evidence, WsSecurityException? refusal)
    {
        // A DOM has no limits; what was refused as a document is not put into one.
        if (refusal is not null && IsOfTheDocument(refusal.Failure))
        {
            return CannotRead("the message was refused before its signatures");
        }

        try
        {
            var received = EnvelopeDocument.Load(wire, binding.Policy.Actor);
            var decrypted = EnvelopeDocument.Load(wire, binding.Policy.Actor);
            return received is null || decrypted is null
                ? CannotRead("there is no Security header for this actor")
                : Create(received, decrypted, binding.Credentials, evidence, refusal);
        }
        catch (XmlException exception)
        {
            return CannotRead(exception.Message);
        }
    }

    private static bool IsOfTheDocument(SecurityFailure failure) => failure is
        SecurityFailure.MalformedXml or SecurityFailure.InvalidEncoding or SecurityFailure.DocumentTypeNotAllowed
        or SecurityFailure.ProcessingInstructionNotAllowed or SecurityFailure.MessageTooLarge or SecurityFailure.NestingTooDeep
        or SecurityFailure.TooManyElements or SecurityFailure.TooManyAttributes or SecurityFailure.TooManyNamespaces or SecurityFailure.NameTooLong
        or SecurityFailure.TooManySecurityElements or SecurityFailure.TransformNotAllowed or SecurityFailure.ExternalReference;

    private static SecondOpinionReport CannotRead(string reason) => new([new SignatureOpinion(OpinionOutcome.CannotRead, reason)]);

    private static SecondOpinionReport Create(
        EnvelopeDocument received, EnvelopeDocument decrypted, SecurityCredentials credentials, ProtectionEvidence? evidence, WsSecurityException? refusal)
    {
        using var key = (credentials.EncryptionCertificate ?? credentials.Certificate)?.GetRSAPrivateKey();
        var sharedKeys = new EnvelopeDecryptor(decrypted, key is null ? [] : [key]).Decrypt();
        var check = new SignatureCheck(FindCertificates(decrypted, credentials), sharedKeys);
        var opinions = decrypted.Signatures
            .Select((signature, index) => Judge(check, received, signature, evidence?.Signatures.ElementAtOrDefault(index), refusal))
            .ToList();

        if (evidence is not null && evidence.Signatures.Count != opinions.Count)
        {
            opinions.Add(new SignatureOpinion(
                OpinionOutcome.Disagrees, $"it sees {opinions.Count} signatures in the header, where {evidence.Signatures.Count} were verified"));
        }

        return new SecondOpinionReport(opinions);
    }

    private static SignatureOpinion Judge(
        SignatureCheck check, EnvelopeDocument received, XmlElement signature, SignatureEvidence? evidence, WsSecurityException? refusal)
    {
        if (signature["SignedInfo", Namespaces.Dsig]?["SignatureMethod", Namespaces.Dsig] is null)
        {
            return new SignatureOpinion(OpinionOutcome.CannotRead, "it is no XML Signature");
        }

        if (EnvelopeSignedXml.FindUnreadable(signature) is { } algorithm)
        {
            return new SignatureOpinion(OpinionOutcome.CannotRead, $"it has no {algorithm}");
        }

        if (!check.HasKeysFor(signature))
        {
            return new SignatureOpinion(OpinionOutcome.CannotRead, "it has no key that could have made it");
        }

        // Over plaintext it is valid in the decrypted document, over ciphertext in the one that was received.
        var (isValid, signer) = check.Run(signature);
        if (!isValid && received.Signatures.FirstOrDefault(original => SameValue(original, signature)) is { } original)
        {
            (isValid, signer) = check.Run(original);
        }

        var result = isValid ? $"valid, by {signer?.Subject ?? "an encrypted key"}" : "not valid";
        if (refusal is not null)
        {
            return new SignatureOpinion(JudgeRefusal(refusal.Failure, isValid), result);
        }

        // By the octets: Equals of a certificate compares issuer and serial number alone.
        var sameSigner = evidence?.Token is not X509VerifiedToken token
            || (signer is not null && token.Certificate.RawDataMemory.Span.SequenceEqual(signer.RawDataMemory.Span));
        return new SignatureOpinion(isValid && sameSigner ? OpinionOutcome.Agrees : OpinionOutcome.Disagrees, result);
    }

    private static OpinionOutcome JudgeRefusal(SecurityFailure failure, bool isValid) =>
        failure is not (SecurityFailure.SignatureInvalid or SecurityFailure.DigestMismatch) ? OpinionOutcome.NotInQuestion
        : isValid ? OpinionOutcome.Disagrees
        : OpinionOutcome.Agrees;

    private static bool SameValue(XmlElement one, XmlElement other) =>
        one["SignatureValue", Namespaces.Dsig]?.InnerText == other["SignatureValue", Namespaces.Dsig]?.InnerText;

    private static List<X509Certificate2> FindCertificates(EnvelopeDocument envelope, SecurityCredentials credentials)
    {
        var certificates = new List<X509Certificate2>();
        var tokens = envelope.Elements("BinarySecurityToken", Namespaces.Wsse).Concat(envelope.Elements("X509Certificate", Namespaces.Dsig));
        foreach (var element in tokens)
        {
            try
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(element.InnerText)));
            }
            catch (Exception exception) when (exception is CryptographicException or FormatException)
            {
                // No certificate, or one that the platform cannot read: then it is no candidate.
            }
        }

        certificates.AddRange(credentials.PeerCertificates);
        certificates.AddRange(credentials.TrustDomains.SelectMany(domain => domain.Certificates));
        if (credentials.Certificate is { } own)
        {
            certificates.Add(own);
        }

        return certificates;
    }
}
