using System.Text.Json;

namespace WsSecurity.Evidence;

/// <summary>Writes what a message proved, with the certificates by which it was believed.</summary>
internal static class ProtectionEvidenceJson
{
    public static void Write(Utf8JsonWriter writer, ProtectionEvidence evidence)
    {
        WriteTime(writer, "created", evidence.Created);
        WriteTime(writer, "expires", evidence.Expires);
        WriteList(writer, "signatures", evidence.Signatures, WriteSignature);
        WriteList(writer, "encryptedParts", evidence.EncryptedParts, WritePart);
        WriteList(writer, "tokens", evidence.Tokens, WriteToken);
    }

    private static void WriteSignature(Utf8JsonWriter writer, SignatureEvidence signature)
    {
        writer.WriteString("signer", signature.Token?.Name);
        writer.WriteString("signatureAlgorithm", signature.SignatureAlgorithm);
        writer.WriteBoolean("wasEncrypted", signature.WasEncrypted);
        writer.WriteBoolean("isEndorsing", signature.IsEndorsing);
        WriteList(writer, "parts", signature.Parts, static (writer, part) =>
        {
            writer.WriteString("path", part.Path);
            writer.WriteString("digestAlgorithm", part.DigestAlgorithm);
            writer.WriteString("canonicalizationAlgorithm", part.CanonicalizationAlgorithm);
            writer.WriteBoolean("overEncryptedData", part.OverEncryptedData);
        });
    }

    private static void WritePart(Utf8JsonWriter writer, EncryptionEvidence part)
    {
        writer.WriteString("path", part.Path);
        writer.WriteBoolean("contentOnly", part.ContentOnly);
        writer.WriteString("encryptionAlgorithm", part.EncryptionAlgorithm);
        writer.WriteString("keyTransportAlgorithm", part.KeyTransportAlgorithm);
    }

    private static void WriteToken(Utf8JsonWriter writer, VerifiedToken token)
    {
        const string Suffix = "VerifiedToken";
        var type = token.GetType().Name;
        writer.WriteString("type", type.EndsWith(Suffix, StringComparison.Ordinal) ? type[..^Suffix.Length] : type);
        writer.WriteString("name", token.Name);
        switch (token)
        {
            case X509VerifiedToken x509:
                writer.WriteString("trustDomain", x509.TrustDomain);
                WriteCertificates(writer, x509.Path);
                break;
            case SamlVerifiedToken saml:
                writer.WriteString("trustDomain", saml.TrustDomain);
                writer.WriteString("issuer", saml.Issuer);
                writer.WriteString("assertionId", saml.AssertionId);
                writer.WriteString("confirmationMethod", saml.ConfirmationMethod.ToString());
                WriteCertificates(writer, saml.IssuerCertificate is { } issuer ? [issuer] : []);
                break;
        }
    }

    private static void WriteCertificates(Utf8JsonWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> certificates)
    {
        writer.WriteStartArray("certificates");
        foreach (var certificate in certificates)
        {
            writer.WriteBase64StringValue(certificate.Span);
        }

        writer.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            writer.WriteString(name, EvidenceHeader.FormatTime(known));
        }
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
