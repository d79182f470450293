using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Tokens.References;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The certificates of a message: those that it brings, and those that it names.</summary>
internal sealed class IncomingCertificates(Party party, IncomingDocument document)
{
    private readonly List<(TrackedElement Element, CertificateEntry Certificate)> _certificateTokens = [];
    private readonly List<CertificateEntry> _sentCertificates = [];

    /// <summary>The certificates that the message brings.</summary>
    public IReadOnlyCollection<CertificateEntry> Sent => _sentCertificates;

    /// <summary>The certificates that stand in the header as tokens.</summary>
    public IReadOnlyList<(TrackedElement Element, CertificateEntry Certificate)> Tokens => _certificateTokens;

    /// <summary>Reads a wsse:BinarySecurityToken (X.509 Certificate Token Profile 1.1.1, section 3.1).</summary>
    /// <exception cref="WsSecurityException">It is neither a certificate nor a path of them.</exception>
    public CertificateEntry ReadToken(XmlElement token)
    {
        // Read where it stands, and once more for each signature that names it.
        var known = _certificateTokens.Find(entry => entry.Element.Is(token)).Certificate;
        if (known is not null)
        {
            return known;
        }

        var type = token.GetAttribute("ValueType") ?? X509TokenProfile.X509v3;
        if (type is not (X509TokenProfile.X509v3 or X509TokenProfile.X509PkiPathv1 or X509TokenProfile.Pkcs7))
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, $"The BinarySecurityToken type '{RefusedValue.Show(type)}' is not supported.");
        }

        if (token.GetAttribute("EncodingType") is { } encoding && encoding != Wsse.Base64Binary)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A BinarySecurityToken has another encoding than Base64Binary.");
        }

        if (!token.TryGetBase64(out var der))
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A BinarySecurityToken is not Base64.");
        }

        var limit = party.Policy.Limits.MaxTokens;
        var certificate = type switch
        {
            X509TokenProfile.X509PkiPathv1 => RememberPath(CertificatePath.ReadPkiPath(der, limit)),
            X509TokenProfile.Pkcs7 => RememberPath(CertificatePath.ReadPkcs7(der, limit)),
            _ => Remember(party.ReadCertificate(der)),
        };
        _certificateTokens.Add((document.Track(token), certificate));
        return certificate;
    }

    /// <summary>Finds the certificate that a reference names or brings.</summary>
    /// <exception cref="WsSecurityException">There is none, or a bare key is nobody's.</exception>
    public CertificateEntry Find(SecurityTokenReference reference) => reference switch
    {
        SecurityTokenReference.Thumbprint thumbprint => Found(party.Certificates.FindByThumbprint(thumbprint.Sha1, _sentCertificates), "thumbprint"),
        SecurityTokenReference.SubjectKeyIdentifier identifier => Found(party.Certificates.FindBySubjectKeyIdentifier(identifier.Identifier, _sentCertificates), "subject key identifier"),
        SecurityTokenReference.IssuerSerial issuerSerial => Found(party.Certificates.FindByIssuerSerial(issuerSerial.Issuer, issuerSerial.Serial, _sentCertificates), "issuer and serial number"),
        SecurityTokenReference.KeyValue value => FindKeyValue(value.PublicKeyInfo),
        SecurityTokenReference.Certificate certificate => Remember(party.ReadCertificate(certificate.Der)),
        _ => throw new ArgumentException("The reference names no certificate.", nameof(reference)),
    };

    // The certificates above the signer's serve the chain like those that are sent one by one.
    private CertificateEntry RememberPath(IReadOnlyList<byte[]> path)
    {
        foreach (var above in path.Skip(1))
        {
            Remember(party.ReadCertificate(above));
        }

        return Remember(party.ReadCertificate(path[0]));
    }

    private CertificateEntry Remember(CertificateEntry certificate)
    {
        if (!_sentCertificates.Contains(certificate))
        {
            HeaderLimit.Demand(_sentCertificates.Count, party.Policy.Limits.MaxTokens, "certificates");
            _sentCertificates.Add(certificate);
        }

        return certificate;
    }

    private static CertificateEntry Found(CertificateEntry? certificate, string by) =>
        certificate ?? throw new WsSecurityException(SecurityFailure.SecurityTokenUnavailable, $"No known certificate has the {by} that the message names.");

    // Certificates that the message itself brings do not count: whoever made the key could have made them.
    private CertificateEntry FindKeyValue(byte[] publicKeyInfo)
    {
        if (party.Policy.KeyReference != KeyReference.KeyValue)
        {
            throw new WsSecurityException(SecurityFailure.KeyValueNotTrusted, "A KeyInfo holds a bare key, which identifies nobody, and the policy has no KeyReference KeyValue.");
        }

        return party.Certificates.FindByPublicKey(publicKeyInfo, party.Now)
            ?? throw new WsSecurityException(SecurityFailure.KeyValueNotTrusted, "A KeyInfo holds a bare key that is that of no known certificate.");
    }
}
