using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Tokens.X509;

/// <summary>
/// Certificates that messages brought, by their octets: parsing one costs more than verifying with it. Bounded; a flood of
/// certificates empties it, and then costs what it costs without a cache.
/// </summary>
internal sealed class CertificateCache
{
    private const int Capacity = 1024;
    private const int MaxCertificateSize = 64 * 1024;

    private readonly ConcurrentDictionary<string, CertificateEntry> _entries = new(StringComparer.Ordinal);

    /// <exception cref="WsSecurityException">The octets are no X.509 certificate.</exception>
    public CertificateEntry Read(ReadOnlySpan<byte> der)
    {
        if (der.Length is 0 or > MaxCertificateSize)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The X.509 token is empty or too large.");
        }

        var key = Convert.ToHexString(SHA256.HashData(der));
        if (_entries.TryGetValue(key, out var known))
        {
            return known;
        }

        var entry = Parse(der);
        if (_entries.Count >= Capacity)
        {
            _entries.Clear();
        }

        return _entries.GetOrAdd(key, entry);
    }

    private static CertificateEntry Parse(ReadOnlySpan<byte> der)
    {
        try
        {
            // LoadCertificate also takes PEM, which no token profile permits: DER begins with a SEQUENCE.
            if (der[0] == 0x30)
            {
                var certificate = X509CertificateLoader.LoadCertificate(der);
                if (certificate.RawDataMemory.Span.SequenceEqual(der))
                {
                    return new CertificateEntry(certificate);
                }
            }
        }
        catch (CryptographicException exception)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The X.509 token is no certificate.", exception);
        }

        throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The X.509 token is no DER certificate.");
    }
}
