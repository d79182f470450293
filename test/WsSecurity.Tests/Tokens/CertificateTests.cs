using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;
using WsSecurity.Tests.Exchanges;

namespace WsSecurity.Tests.Tokens;

/// <summary>Whose certificates are accepted, and whose are not.</summary>
public sealed class CertificateTests
{
    [Test]
    public void Verify_CertificateOfTheAnchor_NamesTheDomain()
    {
        var parties = Presets.Parties("CertificateSignature");
        using var request = parties.Verify(parties.Protect());
        var token = (X509VerifiedToken)request.Message.Evidence.Tokens.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.TrustDomain, Is.EqualTo("tests"));
            Assert.That(token.Certificate.RawData, Is.EqualTo(TestKeys.Client.RawData));
            Assert.That(request.Message.Principal.Identity!.IsAuthenticated, Is.True);
        }
    }

    [Test]
    public void Verify_NoDomain_TrustsNobody()
    {
        Assert.That(() => Request(TestKeys.Client), Refused.With(SecurityFailure.CertificateNotTrusted));
        Assert.That(() => Request(TestKeys.Client, new TrustDomain { Name = "empty" }), Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public void Verify_PinnedCertificate_IsTrustedByItsOctetsWhileItIsValid()
    {
        var pinned = new TrustDomain { Name = "pinned", Certificates = [TestKeys.Public(TestKeys.Stranger), TestKeys.Public(TestKeys.Expired), TestKeys.Public(TestKeys.EncryptOnly)] };
        Assert.That(() => Request(TestKeys.Stranger, pinned), Throws.Nothing);
        Assert.That(() => Request(TestKeys.Client, pinned), Refused.With(SecurityFailure.CertificateNotTrusted));
        Assert.That(() => Request(TestKeys.Expired, pinned), Refused.With(SecurityFailure.CertificateExpired));
        Assert.That(() => Request(TestKeys.EncryptOnly, pinned), Refused.With(SecurityFailure.CertificateUsageNotAllowed));
    }

    [TestCase("CN=client,O=WsSecurity", true)]
    [TestCase("CN=client, O=WsSecurity", true)]
    [TestCase("CN=other,O=WsSecurity", false)]
    [TestCase("CN=client", false)]
    [TestCase("O=WsSecurity,CN=client", false)]
    public void Verify_DomainOfSubjects_AdmitsThoseAlone(string subject, bool accepted)
    {
        var domain = new TrustDomain { Name = "subjects", Anchors = [TestKeys.Ca], Subjects = [subject] };
        Assert.That(() => Request(TestKeys.Client, domain), accepted ? Throws.Nothing : Refused.With(SecurityFailure.CertificateSubjectNotAllowed));
    }

    [Test]
    public void Verify_SeveralDomains_TheFirstThatAcceptsNames()
    {
        using var request = Request(
            TestKeys.Stranger,
            new TrustDomain { Name = "tests", Anchors = [TestKeys.Ca] },
            new TrustDomain { Name = "others", Anchors = [TestKeys.OtherCa] });
        Assert.That(((X509VerifiedToken)request.Message.Evidence.Tokens.Single()).TrustDomain, Is.EqualTo("others"));
    }

    [Test]
    public void Verify_RevokedAndGood_ByTheListOfTheirCa()
    {
        var domain = new TrustDomain { Name = "revoking", Anchors = [Revocation.Ca], Revocation = X509RevocationMode.Online };
        Assert.That(() => Request(Revocation.Good, domain), Throws.Nothing);
        Assert.That(() => Request(Revocation.Revoked, domain), Refused.With(SecurityFailure.CertificateRevoked));
        Assert.That(() => Request(Revocation.Revoked, domain with { Revocation = X509RevocationMode.NoCheck }), Throws.Nothing);
    }

    [Test]
    public void Verify_StrangersCertificate_IsNotAskedWhereItsListIs()
    {
        // Otherwise anybody could have the service call an address inside its network.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var rootKey = RSA.Create(2048);
        var rootRequest = new CertificateRequest("CN=stranger CA", rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.CreateSelfSigned(TestKeys.Now.AddYears(-1), TestKeys.Now.AddYears(2));
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/internal"]));
        using var issued = request.Create(root, TestKeys.Now.AddYears(-1), TestKeys.Now.AddYears(1), [1, 2, 3, 4]);
        using var stranger = issued.CopyWithPrivateKey(key);

        var parties = Presets.Parties("CertificateSignature");
        parties.ServiceCredentials = parties.ServiceCredentials with
        {
            TrustDomains = [new TrustDomain { Name = "tests", Anchors = [TestKeys.Ca], Revocation = X509RevocationMode.Online }],
        };
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(root, "root") + Forgery.Token(stranger));
        Assert.That(() => parties.Verify(Forgery.Sign(envelope, stranger, ["time", "body"])), Refused.With(SecurityFailure.CertificateNotTrusted));
        Assert.That(listener.Pending(), Is.False);
    }

    [Test]
    public void Verify_AcceptedBefore_IsStillCheckedForItsEnd()
    {
        var last = TestKeys.Issue("CN=ends soon,O=WsSecurity", TestKeys.Ca, notAfter: TestKeys.Now.AddMinutes(2));
        var parties = Presets.Parties("CertificateSignature");
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = last };
        parties.Verify(parties.Protect()).Dispose();
        parties.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.That(() => parties.Verify(parties.Protect("<other/>")), Refused.With(SecurityFailure.CertificateExpired));
    }

    [TestCase("2.5.29.15", SecurityFailure.InvalidSecurityToken)]
    [TestCase("2.5.29.14", SecurityFailure.InvalidSecurityToken)]
    [TestCase("2.5.29.19", SecurityFailure.CertificateNotTrusted)]
    public void Verify_CertificateThatCannotBeDecoded_RefusesAndDoesNotThrowSomethingElse(string oid, SecurityFailure failure)
    {
        // Anybody can send such a certificate, with a signature that fits it.
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=broken", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509Extension(oid, [0xFF, 0xFF], true));
        using var broken = request.CreateSelfSigned(TestKeys.Now.AddYears(-1), TestKeys.Now.AddYears(1));
        Assert.That(() => Forged(broken), Refused.With(failure));
    }

    [Test]
    public void Verify_SelfSignedCertificate_IsNotTrusted()
    {
        using var key = RSA.Create(2048);
        using var own = new CertificateRequest("CN=Test CA,O=WsSecurity", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(TestKeys.Now.AddYears(-1), TestKeys.Now.AddYears(1));
        Assert.That(() => Forged(own), Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public void Verify_CertificateIssuedByALeaf_IsNotTrusted()
    {
        // The client is no authority, whatever it signs.
        using var impostor = TestKeys.Issue("CN=admin,O=WsSecurity", TestKeys.Client);
        var parties = Presets.Parties("CertificateSignature");
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client, "issuer") + Forgery.Token(impostor));
        Assert.That(() => parties.Verify(Forgery.Sign(envelope, impostor, ["time", "body"])), Throws.InstanceOf<WsSecurityException>());
    }

    [TestCase("-----BEGIN CERTIFICATE-----")]
    [TestCase("")]
    [TestCase("0")]
    public void Verify_TokenThatIsNoCertificate_Refuses(string content)
    {
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(), message => message.Find(Wire.Wsse + "BinarySecurityToken").Value = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(content)));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.InvalidSecurityToken));
    }

    [Test]
    public void VerifyReply_SignedByAnotherTrustedParty_IsNotTheService()
    {
        var parties = Presets.Parties(SecurityPolicy.CertificateSignature with { AllowSerializedSigningTokenOnReply = true });
        using var other = TestKeys.Issue("CN=other,O=WsSecurity", TestKeys.Ca, dns: "other.example");
        parties.ServiceCredentials = parties.ServiceCredentials with { Certificate = other };
        Assert.That(() => Reply(parties), Refused.With(SecurityFailure.PeerIdentityMismatch), "PeerCertificates are the service.");
    }

    [TestCase("service.example", true)]
    [TestCase("SERVICE.example", true)]
    [TestCase("other.example", false)]
    public void VerifyReply_ServiceByDnsName_MustCarryIt(string name, bool accepted)
    {
        var parties = Presets.Parties(SecurityPolicy.CertificateSignature with { AllowSerializedSigningTokenOnReply = true });
        parties.ClientCredentials = parties.ClientCredentials with
        {
            PeerCertificates = [],
            ServiceDnsName = name,
            TrustDomains = [new TrustDomain { Name = "tests", Anchors = [TestKeys.Ca] }],
        };
        Assert.That(() => Reply(parties), accepted ? Throws.Nothing : Refused.With(SecurityFailure.PeerIdentityMismatch));
    }

    private static VerifiedRequest Request(X509Certificate2 certificate, params TrustDomain[] domains)
    {
        var parties = Presets.Parties("CertificateSignature");
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = certificate };
        parties.ServiceCredentials = parties.ServiceCredentials with { TrustDomains = domains };
        return parties.Verify(parties.Protect());
    }

    private static void Forged(X509Certificate2 certificate) => Presets.Parties("CertificateSignature").Verify(
        Forgery.Sign(Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(certificate)), certificate, ["time", "body"]));

    private static void Reply(TestParties parties)
    {
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        pending.VerifyReply(parties.ProtectReply(request, TestParties.Envelope("<sum/>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>")), parties.Context);
    }
}
