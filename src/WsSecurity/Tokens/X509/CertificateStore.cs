using System.Numerics;

namespace WsSecurity.Tokens.X509;

/// <summary>The certificates that a message may only name: our own, the peers', the pinned ones.</summary>
internal sealed class CertificateStore
{
    private readonly List<CertificateEntry> _entries = [];

    public CertificateStore(IEnumerable<CertificateEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (!_entries.Exists(known => known.HasSameOctets(entry)))
            {
                _entries.Add(entry);
            }
        }
    }

    public CertificateEntry? FindByThumbprint(ReadOnlySpan<byte> sha1, IEnumerable<CertificateEntry> alsoIn)
    {
        foreach (var entry in alsoIn.Concat(_entries))
        {
            if (sha1.SequenceEqual(entry.ThumbprintSha1))
            {
                return entry;
            }
        }

        return null;
    }

    public CertificateEntry? FindBySubjectKeyIdentifier(ReadOnlySpan<byte> identifier, IEnumerable<CertificateEntry> alsoIn)
    {
        foreach (var entry in alsoIn.Concat(_entries))
        {
            if (entry.SubjectKeyIdentifier is { } own && identifier.SequenceEqual(own))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>A certificate of that key; one that is in force goes before others that were issued for it.</summary>
    public CertificateEntry? FindByPublicKey(ReadOnlySpan<byte> publicKeyInfo, DateTimeOffset now)
    {
        CertificateEntry? found = null;
        foreach (var entry in _entries)
        {
            if (publicKeyInfo.SequenceEqual(entry.PublicKeyInfo))
            {
                if (entry.Certificate.NotBefore <= now && now <= entry.Certificate.NotAfter)
                {
                    return entry;
                }

                found ??= entry;
            }
        }

        return found;
    }

    public CertificateEntry? FindByIssuerSerial(string issuer, BigInteger serial, IEnumerable<CertificateEntry> alsoIn)
    {
        foreach (var entry in alsoIn.Concat(_entries))
        {
            if (entry.SerialNumber == serial && DistinguishedName.Matches(issuer, entry.Certificate.IssuerName))
            {
                return entry;
            }
        }

        return null;
    }
}
