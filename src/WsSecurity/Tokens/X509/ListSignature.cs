using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Tokens.X509;

/// <summary>The signature of a revocation list: RSA of PKCS #1 1.5 or PSS, or ECDSA, with a SHA-2.</summary>
internal sealed class ListSignature
{
    private readonly HashAlgorithmName _hash;
    private readonly RSASignaturePadding? _padding;
    private readonly byte[] _value;

    private ListSignature(HashAlgorithmName hash, RSASignaturePadding? padding, byte[] value)
    {
        _hash = hash;
        _padding = padding;
        _value = value;
    }

    /// <exception cref="AsnContentException">The algorithm is not supported.</exception>
    public static ListSignature Read(ReadOnlyMemory<byte> algorithm, byte[] value)
    {
        var content = new AsnReader(algorithm, AsnEncodingRules.DER).ReadSequence();
        return content.ReadObjectIdentifier() switch
        {
            "1.2.840.113549.1.1.11" => new(HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, value),
            "1.2.840.113549.1.1.12" => new(HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1, value),
            "1.2.840.113549.1.1.13" => new(HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1, value),
            "1.2.840.113549.1.1.10" => new(ReadPssHash(content), RSASignaturePadding.Pss, value),
            "1.2.840.10045.4.3.2" => new(HashAlgorithmName.SHA256, null, value),
            "1.2.840.10045.4.3.3" => new(HashAlgorithmName.SHA384, null, value),
            "1.2.840.10045.4.3.4" => new(HashAlgorithmName.SHA512, null, value),
            var other => throw new AsnContentException($"The signature algorithm {other} is not supported."),
        };
    }

    public bool Fits(ReadOnlySpan<byte> signed, X509Certificate2 issuer)
    {
        if (_padding is not null)
        {
            using var rsa = issuer.GetRSAPublicKey();
            return rsa is not null && rsa.VerifyData(signed, _value, _hash, _padding);
        }

        using var ecdsa = issuer.GetECDsaPublicKey();
        return ecdsa is not null && ecdsa.VerifyData(signed, _value, _hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    // RFC 4055, section 3.1; the mask and salt that the platform verifies are those of the same hash, and others do not fit.
    private static HashAlgorithmName ReadPssHash(AsnReader content)
    {
        var parameters = content.ReadSequence();
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var oid = parameters.HasData && parameters.PeekTag() == tag ? parameters.ReadSequence(tag).ReadSequence().ReadObjectIdentifier() : "1.3.14.3.2.26";
        return oid switch
        {
            "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256,
            "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
            "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
            var other => throw new AsnContentException($"The hash {other} is not supported."),
        };
    }
}
