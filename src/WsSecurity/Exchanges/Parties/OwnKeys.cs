using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WsSecurity.Algorithms;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Exchanges.Parties;

/// <summary>The certificates of a party, and what their private keys do for it: sign, decrypt, agree on keys.</summary>
internal sealed class OwnKeys
{
    private readonly List<(CertificateEntry Certificate, RSA Key)> _decryptionKeys = [];
    private readonly List<(CertificateEntry Certificate, ECDiffieHellman Key)> _agreementKeys = [];
    private readonly Dictionary<SupportingToken, (CertificateEntry Certificate, SignatureKey? Key)> _tokenCertificates = new(ReferenceEqualityComparer.Instance);

    public OwnKeys(SecurityCredentials credentials, IReadOnlyList<SupportingToken> tokens)
    {
        Certificate = credentials.Certificate is null ? null : new CertificateEntry(credentials.Certificate);
        SigningKey = ReadSigningKey(credentials.Certificate);
        AssignTokenCertificates(tokens, credentials.SupportingCertificates);
        AddDecryptionKey(credentials.EncryptionCertificate ?? credentials.Certificate);
        if (credentials.EncryptionCertificate is not null)
        {
            AddDecryptionKey(credentials.Certificate);
        }
    }

    /// <summary>Our certificate; null where we have none.</summary>
    public CertificateEntry? Certificate { get; }

    /// <summary>Its private key.</summary>
    public SignatureKey? SigningKey { get; }

    /// <summary>The certificates that others encrypt for, then the one that we sign by.</summary>
    public IEnumerable<CertificateEntry> Certificates =>
        _decryptionKeys.Select(own => own.Certificate).Concat(_agreementKeys.Select(own => own.Certificate)).Concat(Certificate is null ? [] : [Certificate]);

    /// <summary>The private key that decrypts what does not say for whom it is.</summary>
    public RSA? DecryptionKey => _decryptionKeys.Count > 0 ? _decryptionKeys[0].Key : null;

    public RSA? FindDecryptionKey(CertificateEntry certificate) => _decryptionKeys.Find(own => own.Certificate.HasSameOctets(certificate)).Key;

    /// <summary>The private key that agrees on keys for a certificate of ours; null where it is not ours.</summary>
    public ECDiffieHellman? FindAgreementKey(CertificateEntry certificate) => _agreementKeys.Find(own => own.Certificate.HasSameOctets(certificate)).Key;

    /// <summary>The certificate of ours whose key is that point of a curve; null where none is.</summary>
    public CertificateEntry? FindAgreementCertificate(string untrustedCurve, byte[] untrustedPoint) =>
        _agreementKeys.Find(own => own.Certificate.AgreementKey is var (key, curve) && curve.Uri == untrustedCurve && curve.Encode(key).AsSpan().SequenceEqual(untrustedPoint)).Certificate;

    /// <summary>The certificate of ours that is a supporting token, with its private key; null where we have none.</summary>
    public (CertificateEntry Certificate, SignatureKey? Key)? FindTokenCertificate(SupportingToken token) =>
        _tokenCertificates.TryGetValue(token, out var certificate) ? certificate : null;

    private void AssignTokenCertificates(IReadOnlyList<SupportingToken> tokens, IReadOnlyList<X509Certificate2> supporting)
    {
        var position = 0;
        foreach (var token in tokens.Where(token => token.Type == SecurityTokenType.X509))
        {
            if (position < supporting.Count)
            {
                _tokenCertificates.Add(token, (new CertificateEntry(supporting[position]), ReadSigningKey(supporting[position])));
            }
            else if (Certificate is not null)
            {
                _tokenCertificates.Add(token, (Certificate, SigningKey));
            }

            position++;
        }
    }

    private static SignatureKey? ReadSigningKey(X509Certificate2? certificate)
    {
        if (certificate is not { HasPrivateKey: true })
        {
            return null;
        }

        if (certificate.GetRSAPrivateKey() is { } rsa)
        {
            return new RsaSignatureKey(rsa);
        }

        return certificate.GetECDsaPrivateKey() is { } ecdsa ? new EcdsaSignatureKey(ecdsa) : null;
    }

    private void AddDecryptionKey(X509Certificate2? certificate)
    {
        if (certificate is { HasPrivateKey: true } && certificate.GetRSAPrivateKey() is { } key)
        {
            _decryptionKeys.Add((new CertificateEntry(certificate), key));
        }
        else if (certificate is { HasPrivateKey: true } && certificate.GetECDiffieHellmanPrivateKey() is { } agreementKey)
        {
            _agreementKeys.Add((new CertificateEntry(certificate), agreementKey));
        }
    }
}
