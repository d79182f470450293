using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WsSecurity.Tokens.X509;

/// <summary>The revocation lists that a trust domain has as files, each read again when it was replaced.</summary>
internal sealed class RevocationLists
{
    private readonly List<ListFile> _files;

    /// <exception cref="ArgumentException">A file cannot be read as lists.</exception>
    public RevocationLists(TrustDomain domain)
    {
        _files = domain.RevocationLists.Select(path => new ListFile(path)).ToList();
        foreach (var file in _files)
        {
            try
            {
                file.Read();
            }
            catch (Exception exception) when (IsUnreadable(exception))
            {
                throw new ArgumentException($"The RevocationLists of the trust domain '{domain.Name}' cannot be read: '{file.Path}': {exception.Message}", exception);
            }
        }
    }

    /// <summary>Finds out about every certificate of a chain but its anchor.</summary>
    /// <param name="chain">From the signer up to the anchor.</param>
    /// <param name="now">The time.</param>
    /// <param name="domain">For the message.</param>
    /// <exception cref="WsSecurityException">One is revoked, or there is no list in force that tells.</exception>
    public void Demand(IReadOnlyList<X509Certificate2> chain, DateTimeOffset now, string domain)
    {
        IReadOnlyList<RevocationList> lists;
        try
        {
            lists = _files.SelectMany(file => file.Read()).ToList();
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw new WsSecurityException(SecurityFailure.CertificateRevocationUnknown, $"A revocation list of the trust domain '{domain}' cannot be read any more.", exception);
        }

        for (var i = 0; i + 1 < chain.Count; i++)
        {
            var issued = lists.Where(list => list.IsBy(chain[i + 1])).ToList();

            // Revoked is revoked, also by a list that a newer one should have replaced.
            if (issued.Exists(list => list.Holds(chain[i])))
            {
                throw new WsSecurityException(SecurityFailure.CertificateRevoked, $"The certificate '{chain[i].Subject}' is revoked by a list of the trust domain '{domain}'.");
            }

            if (!issued.Exists(list => list.IsInForce(now)))
            {
                throw new WsSecurityException(
                    SecurityFailure.CertificateRevocationUnknown,
                    $"The trust domain '{domain}' has {(issued.Count == 0 ? "no revocation list" : "no revocation list in force")} of '{chain[i].Issuer}'.");
            }
        }
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException;

    /// <summary>One file. Several threads may find it replaced at once; each then reads it, and the last one's lists stay.</summary>
    private sealed class ListFile(string path)
    {
        private Reading? _latest;

        public string Path => path;

        public IReadOnlyList<RevocationList> Read()
        {
            var file = new FileInfo(path);
            var (written, length) = (file.LastWriteTimeUtc, file.Length);
            if (Volatile.Read(ref _latest) is { } known && known.Written == written && known.Length == length)
            {
                return known.Lists;
            }

            var lists = Parse(File.ReadAllBytes(path));
            Volatile.Write(ref _latest, new Reading(written, length, lists));
            return lists;
        }

        private static List<RevocationList> Parse(byte[] octets)
        {
            if (octets.AsSpan().IndexOf("-----BEGIN "u8) < 0)
            {
                return [RevocationList.Read(octets)];
            }

            var lists = new List<RevocationList>();
            var text = Encoding.UTF8.GetString(octets).AsSpan();
            while (PemEncoding.TryFind(text, out var fields))
            {
                if (text[fields.Label] is not "X509 CRL")
                {
                    throw new CryptographicException("It holds something else than revocation lists.");
                }

                lists.Add(RevocationList.Read(Convert.FromBase64String(text[fields.Base64Data].ToString())));
                text = text[fields.Location.End..];
            }

            return lists.Count > 0 ? lists : throw new CryptographicException("It holds no revocation list.");
        }

        private sealed record Reading(DateTime Written, long Length, IReadOnlyList<RevocationList> Lists);
    }
}
