using System.Security.Cryptography.X509Certificates;
using WsSecurity.Algorithms;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.X509;

namespace WsSecurity;

/// <summary>Creates and signs SAML 2.0 assertions. Immutable and thread-safe.</summary>
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
    /// <returns>The signed assertion.</returns>
    /// <exception cref="ArgumentException">The description contradicts itself.</exception>
    public SamlAssertionCredential Issue(SamlAssertionDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentException.ThrowIfNullOrWhiteSpace(description.Subject);
        if ((description.ConfirmationMethod == SamlConfirmationMethod.HolderOfKey) != (description.SubjectCertificate is not null))
        {
            throw new ArgumentException("A SubjectCertificate belongs to holder-of-key, and to nothing else.", nameof(description));
        }

        if (description.ConfirmationMethod == SamlConfirmationMethod.Bearer && description.Audiences.Count == 0)
        {
            throw new ArgumentException("A bearer assertion needs Audiences: without them everybody who gets it could use it anywhere.", nameof(description));
        }

        if (description.Lifetime <= TimeSpan.Zero)
        {
            throw new ArgumentException("An assertion needs a Lifetime.", nameof(description));
        }

        return SamlAssertionCredential.Parse(SamlAssertionWriter.Write(_issuer, description, _timeProvider.GetUtcNow(), _suite, _key, _certificate));
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
