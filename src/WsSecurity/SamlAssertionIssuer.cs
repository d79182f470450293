using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Exchanges;
using WsSecurity.Signatures;
using WsSecurity.Specifications;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity;

/// <summary>Creates and signs SAML assertions, and encrypts them or the subject's secret for a relying party. Immutable and thread-safe.</summary>
public sealed class SamlAssertionIssuer
{
    private readonly string _issuer;
    private readonly CertificateEntry _certificate;
    private readonly SignatureKey _key;
    private readonly AlgorithmSuite _suite;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates an issuer.</summary>
    /// <param name="issuer">Its name; relying parties list it as a <see cref="SamlIssuer"/>.</param>
    /// <param name="certificate">The certificate that signs, with its RSA or ECDSA private key.</param>
    /// <param name="suite">The algorithms; null for <see cref="AlgorithmSuite.Basic256GCMSha256"/>.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">The name is empty, or the certificate cannot sign.</exception>
    public SamlAssertionIssuer(string issuer, X509Certificate2 certificate, AlgorithmSuite? suite = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(issuer);
        ArgumentNullException.ThrowIfNull(certificate);
        _issuer = issuer;
        _certificate = new CertificateEntry(certificate);
        _key = ReadKey(certificate) ?? throw new ArgumentException("The issuer's certificate has no RSA or ECDSA private key.", nameof(certificate));
        _suite = suite ?? AlgorithmSuite.Basic256GCMSha256;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Issues an assertion.</summary>
    /// <param name="description">What it says.</param>
    /// <returns>The signed assertion, with its proof key where it has one.</returns>
    /// <exception cref="ArgumentException">The description contradicts itself.</exception>
    /// <exception cref="InvalidOperationException">A certificate has no key that the algorithm suite encrypts for.</exception>
    public SamlAssertionCredential Issue(SamlAssertionDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        Check(description);
        byte[]? proofKey = null;
        byte[] encryptedKey = [];
        if (description.ProofKeyRecipient is { } recipient)
        {
            proofKey = RandomNumberGenerator.GetBytes(_suite.ContentEncryption.KeySize);
            encryptedKey = EncryptKey(recipient, proofKey);
        }

        var writer = SamlAssertionWriter.Create(_issuer, description, _timeProvider.GetUtcNow(), proofKey is null ? null : inner => inner.RawMarkup(encryptedKey));
        var credential = SamlAssertionCredential.Parse(writer.Write(Sign(writer)));
        if (proofKey is not null)
        {
            credential = credential.WithProofKey(proofKey);
            CryptographicOperations.ZeroMemory(proofKey);
        }

        return description.EncryptionCertificate is { } reader ? credential.Encrypted(Encrypt(credential, reader)) : credential;
    }

    private static void Check(SamlAssertionDescription description)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(description.Subject);
        var keys = (description.SubjectCertificate is null ? 0 : 1) + (description.ProofKeyRecipient is null ? 0 : 1);
        if (keys != (description.ConfirmationMethod == SamlConfirmationMethod.HolderOfKey ? 1 : 0))
        {
            throw new ArgumentException("One of SubjectCertificate and ProofKeyRecipient belongs to holder-of-key, and to nothing else.", nameof(description));
        }

        if (description.ConfirmationMethod == SamlConfirmationMethod.Bearer && description.Audiences.Count == 0)
        {
            throw new ArgumentException("A bearer assertion needs Audiences: without them everybody who gets it could use it anywhere.", nameof(description));
        }

        if (description.Lifetime <= TimeSpan.Zero)
        {
            throw new ArgumentException("An assertion needs a Lifetime.", nameof(description));
        }

        if (description.Version == SamlVersion.Saml11)
        {
            foreach (var claim in description.Claims)
            {
                Saml11Writer.Divide(claim.Type);
            }
        }
    }

    private byte[] Sign(SamlAssertionWriter writer)
    {
        using var index = XmlIndex.Scan(writer.Write([]), ProcessingLimits.Default);
        var canonical = CanonicalOctets.Of(index.Root, CanonicalizationMethod.Exclusive, PrefixList.Empty);
        var reference = new OutgoingReference(writer.Id, PrefixList.Empty, _suite.Digest.Hash(canonical.Span), IsEnveloped: true);
        var (signature, _) = SignatureWriter.Write(
            Ids.New("SIG"), _suite.SignatureFor(_key), _key, _suite.Digest, [reference], inner => X509DataWriter.WriteCertificate(inner, _certificate));
        return signature;
    }

    private byte[] EncryptKey(X509Certificate2 recipient, byte[] key) => new OutgoingKeyEncryption(
        _suite, KeyDerivation.ConcatKdf, KeyReference.IssuerSerial, new CertificateEntry(recipient), key).Write(Ids.New("EK"), null);

    // As .NET's issuers write it, with the key in the KeyInfo of what it encrypts.
    private byte[] Encrypt(SamlAssertionCredential credential, X509Certificate2 reader)
    {
        var key = RandomNumberGenerator.GetBytes(_suite.ContentEncryption.KeySize);
        var encryptedKey = EncryptKey(reader, key);
        var data = new ArrayBufferWriter<byte>(4096);
        EncryptionWriter.WriteData(data, Ids.New("ED"), contentOnly: false, _suite.ContentEncryption, key, credential.Octets, writer => writer.RawMarkup(encryptedKey));
        CryptographicOperations.ZeroMemory(key);
        return credential.IsSaml20
            ? [.. Encoding.UTF8.GetBytes($"<saml2:EncryptedAssertion xmlns:saml2=\"{Saml20.Namespace}\">"), .. data.WrittenSpan, .. "</saml2:EncryptedAssertion>"u8]
            : data.WrittenSpan.ToArray();
    }

    private static SignatureKey? ReadKey(X509Certificate2 certificate)
    {
        if (certificate.GetRSAPrivateKey() is { } rsa)
        {
            return new RsaSignatureKey(rsa);
        }

        return certificate.GetECDsaPrivateKey() is { } ecdsa ? new EcdsaSignatureKey(ecdsa) : null;
    }
}
