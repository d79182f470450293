using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Evidence;

/// <summary>An RFC 3161 token over a checkpoint: its header and its signature, one after the other.</summary>
internal static class TimestampToken
{
    /// <summary>The SHA-256 that the token is about.</summary>
    public static byte[] Imprint(EvidenceEntry checkpoint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(checkpoint.Header.Span);
        hash.AppendData(checkpoint.Content.Span);
        return hash.GetHashAndReset();
    }

    /// <summary>Checks a token.</summary>
    /// <returns>The time that it states.</returns>
    /// <exception cref="EvidenceException">It is broken, about something else, or not from a trusted authority.</exception>
    public static DateTimeOffset Verify(ReadOnlyMemory<byte> token, byte[] imprint, EvidenceTrust trust) =>
        Rfc3161TimestampToken.TryDecode(token, out var decoded, out var length) && length == token.Length
            ? Verify(decoded, imprint, trust)
            : throw new EvidenceException(EvidenceFailure.TimestampInvalid, "The timestamp token cannot be decoded.");

    /// <inheritdoc cref="Verify(ReadOnlyMemory{byte}, byte[], EvidenceTrust)"/>
    public static DateTimeOffset Verify(Rfc3161TimestampToken token, byte[] imprint, EvidenceTrust trust)
    {
        var certificates = token.AsSignedCms().Certificates;
        X509Certificate2? signer;
        try
        {
            // It also demands the critical extended key usage, and that the token names this certificate (ESSCertID).
            if (!token.VerifySignatureForHash(imprint, HashAlgorithmName.SHA256, out signer, certificates) || signer is null)
            {
                throw new EvidenceException(EvidenceFailure.TimestampInvalid, "The timestamp token is about something else, or its signature, its certificate or its key usage does not fit.");
            }
        }
        catch (CryptographicException exception)
        {
            throw new EvidenceException(EvidenceFailure.TimestampInvalid, "The timestamp token cannot be checked.", exception);
        }

        var time = token.TokenInfo.Timestamp;
        return trust.Refuse(signer, certificates, time) is { } reason
            ? throw new EvidenceException(EvidenceFailure.TimestampAuthorityNotTrusted, $"The timestamp is not from a trusted authority: {reason}.")
            : time;
    }
}
