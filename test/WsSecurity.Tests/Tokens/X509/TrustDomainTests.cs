using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Tokens.X509;

/// <summary>The rules of a trust domain, each kept and each broken, and what keeps domains apart.</summary>
public sealed class TrustDomainTests
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    private static readonly TrustDomain Tests = new() { Name = "tests", Anchors = [TestKeys.Ca] };
    private static readonly TrustDomain Others = new() { Name = "others", Anchors = [TestKeys.OtherCa] };

    [TestCase(2048, true)]
    [TestCase(2049, false)]
    public void Verify_MinimumRsaKeySize_RefusesShorterOnes(int size, bool accepted) =>
        Assert.That(() => Domain(TestKeys.Client, Tests with { MinimumRsaKeySize = size }), Expect(accepted, SecurityFailure.KeyTooWeak));

    [TestCase(256, true)]
    [TestCase(384, false)]
    public void Verify_MinimumEcKeySize_RefusesSmallerOnes(int size, bool accepted) =>
        Assert.That(() => Domain(TestKeys.EcClient, Tests with { MinimumEcKeySize = size, MinimumRsaKeySize = 4096 }), Expect(accepted, SecurityFailure.KeyTooWeak));

    [Test]
    public void Verify_MinimumKeySize_AsksAuthoritiesBelowTheAnchorToo()
    {
        using var weak = Authority("CN=weak authority,O=WsSecurity", TestKeys.Ca, keySize: 2048);
        using var strong = TestKeys.Issue("CN=strong,O=WsSecurity", weak, keySize: 3072);
        var domain = Tests with { Intermediates = [TestKeys.Public(weak)] };
        Assert.That(() => Domain(strong, domain), Throws.Nothing);
        Assert.That(() => Domain(strong, domain with { MinimumRsaKeySize = 3072 }), Refused.With(SecurityFailure.KeyTooWeak));
    }

    [TestCase(X509KeyUsageFlags.DigitalSignature, true)]
    [TestCase(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true)]
    [TestCase(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, false)]
    public void Verify_KeyUsages_MustAllBeStated(X509KeyUsageFlags usages, bool accepted) =>
        Assert.That(() => Domain(TestKeys.Client, Tests with { KeyUsages = usages }), Expect(accepted, SecurityFailure.CertificateUsageNotAllowed));

    [TestCase(new[] { ClientAuthentication }, true)]
    [TestCase(new[] { CodeSigning, ClientAuthentication }, true)]
    [TestCase(new[] { CodeSigning }, false)]
    public void Verify_ExtendedKeyUsages_OneMustBeStated(string[] usages, bool accepted)
    {
        using var certificate = WithExtendedUsages(ClientAuthentication, "1.3.6.1.4.1.99999.1");
        Assert.That(() => Domain(certificate, Tests with { ExtendedKeyUsages = usages }), Expect(accepted, SecurityFailure.CertificateExtendedUsageNotAllowed));
    }

    [Test]
    public void Verify_ExtendedKeyUsages_NothingAndAnythingStated_Refuses()
    {
        using var any = WithExtendedUsages("2.5.29.37.0");
        var domain = Tests with { ExtendedKeyUsages = [ClientAuthentication] };
        Assert.That(() => Domain(any, domain), Refused.With(SecurityFailure.CertificateExtendedUsageNotAllowed));
        Assert.That(() => Domain(TestKeys.Client, domain), Refused.With(SecurityFailure.CertificateExtendedUsageNotAllowed));
    }

    [TestCase("CN=Test CA, O=WsSecurity", true)]
    [TestCase("O=WsSecurity, CN=Test CA", false)]
    [TestCase("CN=Other CA,O=WsSecurity", false)]
    public void Verify_Issuers_MustBeTheDirectOne(string issuer, bool accepted) =>
        Assert.That(() => Domain(TestKeys.Client, Tests with { Issuers = [issuer] }), Expect(accepted, SecurityFailure.CertificateIssuerNotAllowed));

    [Test]
    public void Verify_PinnedCertificate_KeepsTheOtherRules()
    {
        var pinned = new TrustDomain { Name = "pinned", Certificates = [TestKeys.Public(TestKeys.Client)] };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Domain(TestKeys.Client, pinned with { MinimumRsaKeySize = 2048 }), Throws.Nothing);
            Assert.That(() => Domain(TestKeys.Client, pinned with { MinimumRsaKeySize = 4096 }), Refused.With(SecurityFailure.KeyTooWeak));
            Assert.That(() => Domain(TestKeys.Client, pinned with { Subjects = ["CN=other"] }), Refused.With(SecurityFailure.CertificateSubjectNotAllowed));
        }
    }

    [Test]
    public void Verify_IntermediateNotYetValid_SaysSo()
    {
        using var early = Authority("CN=early authority,O=WsSecurity", TestKeys.Ca, notBefore: TestKeys.Now.AddDays(1));
        using var certificate = TestKeys.Issue("CN=below,O=WsSecurity", early, notBefore: TestKeys.Now.AddDays(-1), notAfter: TestKeys.Now.AddYears(1));
        Assert.That(() => Domain(certificate, Tests with { Intermediates = [TestKeys.Public(early)] }), Refused.With(SecurityFailure.CertificateNotYetValid));
    }

    // One of several domains

    [Test]
    public void Verify_AcceptedDomains_OthersDoNotPass()
    {
        var parties = Parties(TestKeys.Client, Tests, Others);
        parties.ServicePolicy = parties.ServicePolicy with { AcceptedTrustDomains = ["others"] };
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.TrustDomainNotAccepted));

        parties = Parties(TestKeys.Stranger, Tests, Others);
        parties.ServicePolicy = parties.ServicePolicy with { AcceptedTrustDomains = ["others"] };
        using var request = parties.Verify(parties.Protect());
        Assert.That(((X509VerifiedToken)request.Message.Evidence.Tokens.Single()).TrustDomain, Is.EqualTo("others"));
    }

    [Test]
    public void Verify_CertificateOfNoDomain_IsNotThatOfAnother()
    {
        using var nobodys = TestKeys.Issue("CN=x", Authority("CN=nobody", null));
        var parties = Parties(nobodys, Tests, Others);
        parties.ServicePolicy = parties.ServicePolicy with { AcceptedTrustDomains = ["others"] };
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public void Verify_RuleOfOneDomainBroken_AnotherMayStillAccept()
    {
        var strict = Tests with { Name = "strict", MinimumRsaKeySize = 4096 };
        using var request = Parties(TestKeys.Client, strict, Tests) is var parties ? parties.Verify(parties.Protect()) : null;
        Assert.That(((X509VerifiedToken)request!.Message.Evidence.Tokens.Single()).TrustDomain, Is.EqualTo("tests"));
    }

    [Test]
    public void Verify_CaOfTheSameName_IsNotTheAnchor()
    {
        // Names can be had by anybody; the anchor's key cannot.
        using var twin = Authority("CN=Test CA,O=WsSecurity", null);
        using var certificate = TestKeys.Issue("CN=client,O=WsSecurity", twin);
        Assert.That(() => Domain(certificate, Tests), Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    private static IEnumerable<TestCaseData> Contradictions()
    {
        yield return new TestCaseData(new[] { Tests, Others with { Name = "tests" } }, "Two trust domains have the name 'tests'").SetArgDisplayNames("twice");
        yield return new TestCaseData(new[] { Tests with { Name = " " } }, "has no name").SetArgDisplayNames("nameless");
        yield return new TestCaseData(new[] { Tests with { RevocationLists = ["x.crl"] } }, "go with Revocation Offline").SetArgDisplayNames("lists without checking");
        yield return new TestCaseData(new[] { Tests with { RevocationLists = ["/no/such.crl"], Revocation = X509RevocationMode.Offline } }, "/no/such.crl").SetArgDisplayNames("no file");
        yield return new TestCaseData(new[] { Tests with { MinimumRsaKeySize = -1 } }, "is negative").SetArgDisplayNames("negative");
        yield return new TestCaseData(new[] { Tests with { Subjects = ["alice"] } }, "'alice' is no distinguished name").SetArgDisplayNames("no name");
        yield return new TestCaseData(new[] { Tests with { ExtendedKeyUsages = ["clientAuth"] } }, "clientAuth").SetArgDisplayNames("no identifier");
    }

    [TestCaseSource(nameof(Contradictions))]
    public void Recipient_DomainsThatCannotBeKept_AreRefusedWhenItIsMade(TrustDomain[] domains, string reason)
    {
        var credentials = Presets.Parties("CertificateSignature").ServiceCredentials with { TrustDomains = domains };
        Assert.That(() => new Recipient(SecurityPolicy.CertificateSignature, credentials), Throws.ArgumentException.With.Message.Contains(reason));
    }

    [Test]
    public void Recipient_AcceptedDomainThatIsNone_IsRefusedWhenItIsMade()
    {
        var policy = SecurityPolicy.CertificateSignature with { AcceptedTrustDomains = ["test"] };
        Assert.That(() => new Recipient(policy, Presets.Parties("CertificateSignature").ServiceCredentials), Throws.ArgumentException.With.Message.Contains("'test'"));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Expect(bool accepted, SecurityFailure failure) => accepted ? Throws.Nothing : Refused.With(failure);

    private static void Domain(X509Certificate2 signer, params TrustDomain[] domains)
    {
        var parties = Parties(signer, domains);
        parties.Verify(parties.Protect()).Dispose();
    }

    private static TestParties Parties(X509Certificate2 signer, params TrustDomain[] domains)
    {
        var parties = Presets.Parties("CertificateSignature");
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = signer };
        parties.ServiceCredentials = parties.ServiceCredentials with { TrustDomains = domains };
        return parties;
    }

    private static X509Certificate2 WithExtendedUsages(params string[] usages)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=extended,O=WsSecurity", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], false));
        using var certificate = request.Create(TestKeys.Ca, TestKeys.Now.AddYears(-1), TestKeys.Now.AddYears(1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>An authority below another, or above all.</summary>
    internal static X509Certificate2 Authority(string subject, X509Certificate2? issuer, int keySize = 2048, DateTimeOffset? notBefore = null)
    {
        using var key = RSA.Create(keySize);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var from = notBefore ?? TestKeys.Now.AddMonths(-10);
        if (issuer is null)
        {
            return request.CreateSelfSigned(from, TestKeys.Now.AddYears(12));
        }

        using var certificate = request.Create(issuer, from, TestKeys.Now.AddYears(5), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
