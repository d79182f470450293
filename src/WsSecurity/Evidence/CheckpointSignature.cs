using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Evidence;

/// <summary>
/// The host's signature over a checkpoint's header, and so over every header before it: a detached CMS SignedData (RFC 5652), which any tool can check.
/// </summary>
internal sealed class CheckpointSignature : IDisposable
{
    private static readonly Oid Sha256 = new("2.16.840.1.101.3.4.2.1");
    private static readonly string[] Digests = [Sha256.Value!, "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    private readonly CmsSigner _signer;
    private readonly AsymmetricAlgorithm _key;

    /// <exception cref="ArgumentException">The certificate has no private key that can sign.</exception>
    public CheckpointSignature(X509Certificate2 certificate, IEnumerable<X509Certificate2> intermediates)
    {
        _key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey()
            ?? throw new ArgumentException("The certificate that signs evidence needs an RSA or ECDSA private key.", nameof(certificate));
        _signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate, _key)
        {
            DigestAlgorithm = Sha256,
            IncludeOption = X509IncludeOption.EndCertOnly,
        };
        foreach (var intermediate in intermediates)
        {
            _signer.Certificates.Add(intermediate);
        }
    }

    public byte[] Sign(byte[] header)
    {
        var cms = new SignedCms(new ContentInfo(header), detached: true);
        cms.ComputeSignature(_signer, silent: true);
        return cms.Encode();
    }

    /// <summary>Checks the signature itself.</summary>
    /// <returns>The certificate that it names, and those beside it; whether to trust it is another question.</returns>
    /// <exception cref="CryptographicException">It does not fit.</exception>
    public static (X509Certificate2 Signer, X509Certificate2Collection Others) Verify(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> signature)
    {
        var cms = new SignedCms(new ContentInfo(header.ToArray()), detached: true);
        cms.Decode(signature.Span);
        if (cms.SignerInfos.Count != 1 || cms.SignerInfos[0] is not { Certificate: { } certificate } signer)
        {
            throw new CryptographicException("The checkpoint does not have one signer whose certificate it carries.");
        }

        if (!Digests.Contains(signer.DigestAlgorithm.Value))
        {
            throw new CryptographicException($"The checkpoint's digest algorithm {signer.DigestAlgorithm.Value} is none of SHA-2.");
        }

        signer.CheckSignature(verifySignatureOnly: true);
        return (certificate, cms.Certificates);
    }

    public void Dispose() => _key.Dispose();
}
