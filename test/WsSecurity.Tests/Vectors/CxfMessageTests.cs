using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace WsSecurity.Tests.Vectors;

/// <summary>
/// Messages of CXF's policy tests (shared/vectors/cxf-wss4j, matrix.tsv), each under the policy of its row as far as it is said by parts. All
/// are of the kind that only a legacy policy admits: SHA-1, RSA 1.5, AES-CBC, RSA-1024.
/// </summary>
[VectorFixture]
public sealed class CxfMessageTests
{
    private static readonly QualifiedName AnyHeader = new("http://www.sdj.pl");
    private static readonly QualifiedName Header = new("http://www.sdj.pl", "Header");
    private static readonly MessageParts Body = new() { Body = true };
    private static readonly MessageParts AnyHeaderParts = new() { Headers = [AnyHeader] };
    private static readonly MessageParts HeaderParts = new() { Headers = [Header] };
    private static readonly MessageParts BodyAndHeader = new() { Body = true, Headers = [Header] };
    private static readonly MessageParts BodyAndAnyHeader = new() { Body = true, Headers = [AnyHeader] };

    private static readonly object[] Accepted =
    [
        new object[] { "signed_x509_issuer_serial", "Basic256", Body, MessageParts.None },
        new object[] { "signed_x509_issuer_serial", "Basic256", AnyHeaderParts, MessageParts.None },
        new object[] { "signed_x509_issuer_serial", "Basic256", HeaderParts, MessageParts.None },
        new object[] { "signed_x509_issuer_serial", "Basic256", BodyAndHeader, MessageParts.None },
        new object[] { "signed_x509_direct_ref", "Basic256", Body, MessageParts.None },
        new object[] { "encrypted_body_content", "Basic128Rsa15", MessageParts.None, Body },
        new object[] { "encrypted_body_content", "Basic128Rsa15", MessageParts.None, AnyHeaderParts },
        new object[] { "encrypted_body_content", "Basic128Rsa15", MessageParts.None, HeaderParts },
        new object[] { "encrypted_body_content", "Basic128Rsa15", MessageParts.None, BodyAndHeader },
        new object[] { "signed_x509_issuer_serial_encrypted", "Basic128Rsa15", BodyAndAnyHeader, BodyAndAnyHeader },
    ];

    private static readonly object[] RefusedCases =
    [
        new object[] { "signed_x509_issuer_serial_missing_signed_body", "Basic256", Body, MessageParts.None, SecurityFailure.SignedPartMissing },
        new object[] { "signed_x509_issuer_serial_missing_signed_header", "Basic256", AnyHeaderParts, MessageParts.None, SecurityFailure.SignedElementNotInPlace },
        new object[] { "signed_x509_issuer_serial_missing_signed_header", "Basic256", HeaderParts, MessageParts.None, SecurityFailure.SignedElementNotInPlace },
        new object[] { "encrypted_missing_enc_header", "Basic128Rsa15", MessageParts.None, AnyHeaderParts, SecurityFailure.EncryptedPartMissing },
        new object[] { "encrypted_missing_enc_header", "Basic128Rsa15", MessageParts.None, HeaderParts, SecurityFailure.EncryptedPartMissing },
        new object[] { "encrypted_missing_enc_body", "Basic128Rsa15", MessageParts.None, Body, SecurityFailure.EncryptedPartMissing },

        // The EncryptedData stands in the place of the Body itself: there is no envelope without a Body.
        new object[] { "encrypted_body_element", "Basic128Rsa15", MessageParts.None, Body, SecurityFailure.InvalidEnvelope },
        new object[] { "encrypted_body_content", "Basic256", MessageParts.None, Body, SecurityFailure.EncryptionAlgorithmNotAllowed },
        new object[] { "signed_x509_issuer_serial_encrypted_missing_enc_header", "Basic128Rsa15", BodyAndAnyHeader, BodyAndAnyHeader, SecurityFailure.EncryptedPartMissing },
        new object[] { "in_enc", "TripleDesRsa15", MessageParts.None, Body, SecurityFailure.UnsupportedSecurityToken },
    ];

    [TestCaseSource(nameof(Accepted))]
    public void Verify_PolicyOfTheRow_Accepts(string name, string suite, MessageParts signed, MessageParts encrypted) =>
        Assert.That(() => Verify(name, Asymmetric(suite, signed, encrypted)), Throws.Nothing);

    [TestCaseSource(nameof(RefusedCases))]
    public void Verify_PolicyOfTheRow_Refuses(string name, string suite, MessageParts signed, MessageParts encrypted, SecurityFailure failure) =>
        Assert.That(() => Verify(name, Asymmetric(suite, signed, encrypted)), Refused.With(failure));

    [Test]
    public void Verify_EncryptedThenSignedByTheEncryptedKey_Accepts() =>
        Assert.That(() => Verify("encrypted_body_content_signed", Symmetric(BodyAndAnyHeader, BodyAndAnyHeader)), Throws.Nothing);

    [Test]
    public void Verify_EncryptedThenSignedButOneHeader_Refuses() =>
        Assert.That(
            () => Verify("encrypted_body_content_signed_missing_signed_header", Symmetric(BodyAndAnyHeader, BodyAndAnyHeader)),
            Refused.With(SecurityFailure.SignedPartMissing));

    [Test]
    public void Verify_SignedByALegacyKeyUnderTheDefaultSuite_Refuses() =>
        Assert.That(() => Verify("signed_x509_issuer_serial", Asymmetric("Basic256GCMSha256", Body, MessageParts.None) with { AuthenticationMode = AuthenticationMode.CertificateSignature }), Refused.With(SecurityFailure.SignatureAlgorithmNotAllowed));

    [TestCase("signed_x509_issuer_serial_token_prot")]
    [TestCase("signed_x509_direct_ref_token_prot")]
    public void Verify_TokenIsSigned_SatisfiesProtectTokens(string name) =>
        Assert.That(() => Verify(name, Asymmetric("Basic256", Body, MessageParts.None) with { ProtectTokens = true }), Throws.Nothing);

    [TestCase("signed_x509_issuer_serial")]
    [TestCase("signed_x509_direct_ref")]
    public void Verify_TokenIsNotSigned_FailsWithTokenNotProtected(string name) =>
        Assert.That(() => Verify(name, Asymmetric("Basic256", Body, MessageParts.None) with { ProtectTokens = true }), Refused.With(SecurityFailure.TokenNotProtected));

    [Test]
    public void Verify_BrokenSignatureForAnotherActor_Refuses() =>
        Assert.That(() => Verify("signed_invalid", Asymmetric("Basic256", Body, MessageParts.None) with { Actor = "actor1" }), Throws.InstanceOf<WsSecurityException>());

    private static SecurityPolicy Asymmetric(string suite, MessageParts signed, MessageParts encrypted) => SecurityPolicy.MutualCertificateDuplex with
    {
        DefaultAlgorithmSuite = AlgorithmSuite.Parse(suite),
        MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
        SignedParts = signed,
        EncryptedParts = encrypted,
        IncludeTimestamp = false,
        DetectReplays = false,
        Tolerances = new Tolerances { AcceptOwnSignature = true },
    };

    private static SecurityPolicy Symmetric(MessageParts signed, MessageParts encrypted) => SecurityPolicy.AnonymousForCertificate with
    {
        DefaultAlgorithmSuite = AlgorithmSuite.Basic128,
        MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign,
        RequireDerivedKeys = false,
        SignedParts = signed,
        EncryptedParts = encrypted,
        IncludeTimestamp = false,
        DetectReplays = false,
    };

    private static void Verify(string name, SecurityPolicy policy)
    {
        var certificate = X509Certificate2.CreateFromPemFile(
            SharedVectors.Require("cxf-wss4j/keys/privatestore.myalias.cert.pem"), SharedVectors.Require("cxf-wss4j/keys/privatestore.myalias.key.pem"));
        var credentials = new SecurityCredentials
        {
            Certificate = certificate,
            TrustDomains = [new TrustDomain { Name = "pinned", Certificates = [certificate] }],
        };
        var time = new FakeTimeProvider(new DateTimeOffset(certificate.NotBefore.ToUniversalTime().AddDays(1)));
        var recipient = new Recipient(policy, credentials, new SecurityServices { TimeProvider = time });
        recipient.VerifyRequest(File.ReadAllBytes(SharedVectors.Require($"cxf-wss4j/messages/{name}.xml")), MessageContext.Empty).Dispose();
    }
}
