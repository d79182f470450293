using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WsSecurity.Algorithms;

namespace WsSecurity.Tokens.X509;

/// <summary>A certificate with what references name it by and its public key, read once.</summary>
internal sealed class CertificateEntry
{
    private readonly Lazy<SignatureKey?> _verificationKey;
    private readonly Lazy<byte[]> _publicKeyInfo;
    private readonly Lazy<(ECDiffieHellman Key, AgreementCurve Curve)?> _agreementKey;

    public CertificateEntry(X509Certificate2 certificate)
    {
        Certificate = certificate;
        Raw = certificate.RawDataMemory;
        ThumbprintSha1 = SHA1.HashData(Raw.Span);
        SubjectKeyIdentifier = ReadSubjectKeyIdentifier(certificate);
        SerialNumber = new System.Numerics.BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true);
        _verificationKey = new Lazy<SignatureKey?>(ReadVerificationKey);
        _publicKeyInfo = new Lazy<byte[]>(certificate.PublicKey.ExportSubjectPublicKeyInfo);
        _agreementKey = new Lazy<(ECDiffieHellman Key, AgreementCurve Curve)?>(ReadAgreementKey);
    }

    public X509Certificate2 Certificate { get; }

    public ReadOnlyMemory<byte> Raw { get; }

    public byte[] ThumbprintSha1 { get; }

    /// <summary>The octets of the SubjectKeyIdentifier extension; null where the certificate has none.</summary>
    public byte[]? SubjectKeyIdentifier { get; }

    public System.Numerics.BigInteger SerialNumber { get; }

    /// <summary>The public key as a SubjectPublicKeyInfo.</summary>
    public byte[] PublicKeyInfo => _publicKeyInfo.Value;

    /// <summary>The public key; null where it is neither RSA nor ECDSA.</summary>
    public SignatureKey? VerificationKey => _verificationKey.Value;

    /// <summary>The public key to agree on keys with, and its curve; null where the certificate has none, or its key usage forbids it.</summary>
    public (ECDiffieHellman Key, AgreementCurve Curve)? AgreementKey => _agreementKey.Value;

    public bool HasSameOctets(CertificateEntry other) => Raw.Span.SequenceEqual(other.Raw.Span);

    private static byte[]? ReadSubjectKeyIdentifier(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509SubjectKeyIdentifierExtension identifier)
            {
                return identifier.SubjectKeyIdentifierBytes.ToArray();
            }
        }

        return null;
    }

    private (ECDiffieHellman Key, AgreementCurve Curve)? ReadAgreementKey()
    {
        try
        {
            return Certificate.GetECDiffieHellmanPublicKey() is { } key && AgreementCurve.Of(key) is { } curve ? (key, curve) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private SignatureKey? ReadVerificationKey()
    {
        try
        {
            if (Certificate.GetRSAPublicKey() is { } rsa)
            {
                return new RsaSignatureKey(rsa);
            }

            return Certificate.GetECDsaPublicKey() is { } ecdsa ? new EcdsaSignatureKey(ecdsa) : null;
        }
        catch (CryptographicException)
        {
            // A broken key, or a curve that the platform does not know.
            return null;
        }
    }
}
