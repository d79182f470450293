using System.Buffers;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WsSecurity.Interop.SoftHsm;

/// <summary>Messages that are signed and decrypted by keys in a token, against a partner who has the certificates alone.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KeyTests
{
    private static readonly byte[] Envelope = Encoding.UTF8.GetBytes(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><order xmlns=\"urn:orders\">12</order></s:Body></s:Envelope>");

    private readonly RSA _partnerKey = RSA.Create(2048);
    private X509Certificate2 _partner = null!;

    [OneTimeSetUp]
    public void Start()
    {
        Token.Require();
        _partner = Token.Certify(_partnerKey, "Partner");
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _partner?.Dispose();
        _partnerKey.Dispose();
    }

    [Test]
    public void KeyOfTheToken_CannotBeExported()
    {
        using var key = Token.OpenRsa("rsa");

        Assert.That(() => key.ExportParameters(includePrivateParameters: true), Throws.InstanceOf<CryptographicException>());
    }

    [TestCase(nameof(SignatureAlgorithmName.RsaSha256))]
    [TestCase(nameof(SignatureAlgorithmName.RsaSha512))]
    [TestCase(nameof(SignatureAlgorithmName.RsaPssSha256))]
    public void Request_SignedByTheToken_AndItsReplyDecryptedByIt_AreVerified(string algorithm)
    {
        using var key = Token.OpenRsa("rsa");
        using var own = Token.Certify(key, "Client");
        var policy = SecurityPolicy.MutualCertificateDuplex with { SignatureAlgorithms = [Enum.Parse<SignatureAlgorithmName>(algorithm)], RequireSignatureConfirmation = true };

        Exchange(policy, own, _partner, "Client");
    }

    [Test]
    public void Request_ForTheToken_AndItsSignedReply_AreVerified()
    {
        using var key = Token.OpenRsa("rsa");
        using var own = Token.Certify(key, "Service");
        var policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

        Exchange(policy, _partner, own, "Partner");
    }

    [Test]
    public void OneTransportedKey_ForTheToken_ProtectsRequestAndReply()
    {
        using var key = Token.OpenRsa("rsa");
        using var own = Token.Certify(key, "Service");

        Exchange(SecurityPolicy.AnonymousForCertificate, _partner, own, caller: null);
    }

    [Test]
    public void Request_SignedByAnEllipticCurveKeyOfTheToken_IsVerified()
    {
        using var key = Token.OpenEcdsa("ec");
        using var own = Token.Certify(key, "Client");
        var policy = SecurityPolicy.CertificateOverTransport with { SignatureAlgorithms = [SignatureAlgorithmName.EcdsaSha256] };

        Exchange(policy, own, _partner, "Client");
    }

    [Test]
    public void Request_ForAnotherKeyOfTheToken_IsRefused()
    {
        using var key = Token.OpenRsa("rsa");
        using var other = Token.OpenRsa("other");
        using var own = Token.Certify(key, "Service");
        using var wrong = Token.Certify(other, "Service");
        var policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };
        var output = new ArrayBufferWriter<byte>();
        using var pending = new Initiator(policy, Credentials(_partner, wrong)).ProtectRequest(Envelope, MessageContext.Empty, output);

        Assert.That(
            () => new Recipient(policy, Credentials(own, peer: null)).VerifyRequest(output.WrittenMemory, MessageContext.Empty),
            Throws.InstanceOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).EqualTo(SecurityFailure.DecryptionKeyUnavailable));
    }

    private static void Exchange(SecurityPolicy policy, X509Certificate2 client, X509Certificate2 service, string? caller)
    {
        var context = new MessageContext { IsTransportProtected = policy.AuthenticationMode == AuthenticationMode.CertificateOverTransport };
        var (request, reply) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        using var pending = new Initiator(policy, Credentials(client, service)).ProtectRequest(Envelope, context, request);
        using var verified = new Recipient(policy, Credentials(service, peer: null)).VerifyRequest(request.WrittenMemory, context);
        verified.ProtectReply(Envelope, context, reply);
        var answer = pending.VerifyReply(reply.WrittenMemory, context);

        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetString(verified.Message.Envelope), Does.Contain("<order xmlns=\"urn:orders\">12</order>"));
            Assert.That(Encoding.UTF8.GetString(answer.Envelope), Does.Contain("<order xmlns=\"urn:orders\">12</order>"));
            Assert.That(verified.Message.Evidence.Tokens.OfType<X509VerifiedToken>().FirstOrDefault()?.Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), Is.EqualTo(caller));
        });
    }

    private static SecurityCredentials Credentials(X509Certificate2 own, X509Certificate2? peer) => new()
    {
        Certificate = own,
        PeerCertificates = peer is null ? [] : [X509CertificateLoader.LoadCertificate(peer.RawData)],
        TrustDomains = [new TrustDomain { Name = "partners", Anchors = [Token.Issuer] }],
    };
}
