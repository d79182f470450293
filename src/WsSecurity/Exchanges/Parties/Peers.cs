using WsSecurity.Tokens.X509;

namespace WsSecurity.Exchanges.Parties;

/// <summary>The certificates of the other side that the credentials name: those that it signs by, and those to encrypt for.</summary>
internal sealed class Peers(SecurityCredentials credentials)
{
    private readonly List<CertificateEntry> _signing = [.. credentials.PeerCertificates.Select(certificate => new CertificateEntry(certificate))];
    private readonly List<CertificateEntry> _encryption = [.. credentials.PeerEncryptionCertificates.Select(certificate => new CertificateEntry(certificate))];

    public bool IsEmpty => _signing.Count + _encryption.Count == 0;

    public IEnumerable<CertificateEntry> Certificates => _signing.Concat(_encryption);

    /// <summary>The certificates that requests are encrypted for; each can decrypt.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public IReadOnlyList<CertificateEntry> EncryptionTargets => _encryption.Count > 0 ? _encryption
        : _signing.Count > 0 ? [_signing[0]]
        : throw new InvalidOperationException("The policy encrypts, and the credentials have no PeerCertificates to encrypt for.");

    /// <summary>The certificate that a reply is encrypted for: that of the request's signer, or its other one, for encryption, where that is known.</summary>
    /// <param name="signer">Who signed the request; null where nobody did, and then only the configured peer may read the reply.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public CertificateEntry ReplyTarget(CertificateEntry? signer) => signer is null
        ? EncryptionTargets[0]
        : _encryption.Find(peer => peer.Certificate.SubjectName.RawData.AsSpan().SequenceEqual(signer.Certificate.SubjectName.RawData)) ?? signer;

    /// <summary>Whether the other side signs by that certificate.</summary>
    public bool SignBy(CertificateEntry certificate) => _signing.Exists(peer => peer.HasSameOctets(certificate));
}
