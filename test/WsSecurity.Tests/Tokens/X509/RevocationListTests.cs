using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;
using WsSecurity.Tests.Vectors;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Tests.Tokens.X509;

/// <summary>Revocation lists that a trust domain has as files: who is revoked, and when nobody can tell.</summary>
public sealed class RevocationListTests : IDisposable
{
    private static readonly X509Certificate2 Root = TrustDomainTests.Authority("CN=list root,O=WsSecurity", null);
    private static readonly X509Certificate2 Middle = TrustDomainTests.Authority("CN=list middle,O=WsSecurity", Root);
    private static readonly X509Certificate2 Good = TestKeys.Issue("CN=good,O=WsSecurity", Middle, notAfter: TestKeys.Now.AddYears(2));
    private static readonly X509Certificate2 Revoked = TestKeys.Issue("CN=revoked,O=WsSecurity", Middle, notAfter: TestKeys.Now.AddYears(2));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wssec-lists-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Test]
    public void Verify_ListsOfEveryIssuer_TellGoodFromRevoked([Values] bool isPem)
    {
        var domain = Domain(Write("root.crl", List(Root), isPem), Write("middle.crl", List(Middle, Revoked), isPem));
        Assert.That(() => Verify(Good, domain), Throws.Nothing);
        Assert.That(() => Verify(Revoked, domain), Refused.With(SecurityFailure.CertificateRevoked));
    }

    [Test]
    public void Verify_SeveralListsInOneFile_AreAllRead()
    {
        var path = Path.Combine(_folder.FullName, "all.pem");
        File.WriteAllText(path, PemEncoding.WriteString("X509 CRL", List(Root)) + "\n" + PemEncoding.WriteString("X509 CRL", List(Middle, Revoked)) + "\n");
        Assert.That(() => Verify(Good, Domain(path)), Throws.Nothing);
        Assert.That(() => Verify(Revoked, Domain(path)), Refused.With(SecurityFailure.CertificateRevoked));
    }

    [Test]
    public void Verify_RevokedIntermediate_Refuses() => Assert.That(
        () => Verify(Good, Domain(Write("root.crl", List(Root, Middle)), Write("middle.crl", List(Middle)))), Refused.With(SecurityFailure.CertificateRevoked));

    [Test]
    public void Verify_ListOfOneIssuerMissing_IsUnknown()
    {
        Assert.That(() => Verify(Good, Domain(Write("root.crl", List(Root)))), Refused.With(SecurityFailure.CertificateRevocationUnknown));
        Assert.That(() => Verify(Good, Domain(Write("middle.crl", List(Middle)))), Refused.With(SecurityFailure.CertificateRevocationUnknown));
    }

    [Test]
    public void Verify_ListThatIsOverOrNotYetInForce_IsUnknownAndStillRevokes()
    {
        var root = Write("root.crl", List(Root));
        var over = Domain(root, Write("over.crl", List(Middle, Revoked, next: TestKeys.Now.AddMinutes(-1))));
        var early = Domain(root, Write("early.crl", List(Middle, Revoked, from: TestKeys.Now.AddMinutes(1))));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Verify(Good, over), Refused.With(SecurityFailure.CertificateRevocationUnknown));
            Assert.That(() => Verify(Good, early), Refused.With(SecurityFailure.CertificateRevocationUnknown));
            Assert.That(() => Verify(Revoked, over), Refused.With(SecurityFailure.CertificateRevoked));
        }
    }

    [Test]
    public void Verify_ListOfAnotherKeyUnderTheSameName_DoesNotCount()
    {
        using var twin = TrustDomainTests.Authority("CN=list middle,O=WsSecurity", null);
        var domain = Domain(Write("root.crl", List(Root)), Write("twin.crl", List(twin)));
        Assert.That(() => Verify(Good, domain), Refused.With(SecurityFailure.CertificateRevocationUnknown));
    }

    [Test]
    public void Verify_ListThatWasChanged_DoesNotCount()
    {
        var list = List(Middle, Revoked);
        list[^1] ^= 1;
        var domain = Domain(Write("root.crl", List(Root)), Write("changed.crl", list));
        Assert.That(() => Verify(Good, domain), Refused.With(SecurityFailure.CertificateRevocationUnknown));
    }

    [Test]
    public void Verify_FileReplaced_IsReadAgain()
    {
        var path = Write("middle.crl", List(Middle));
        var parties = Parties(Revoked, Domain(Write("root.crl", List(Root)), path));
        parties.Verify(parties.Protect()).Dispose();

        Write("middle.crl", List(Middle, Revoked));
        parties.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(() => parties.Verify(parties.Protect("<other/>")), Refused.With(SecurityFailure.CertificateRevoked));

        File.WriteAllText(path, "broken");
        Assert.That(() => parties.Verify(parties.Protect("<third/>")), Refused.With(SecurityFailure.CertificateRevocationUnknown));

        File.Delete(path);
        Assert.That(() => parties.Verify(parties.Protect("<fourth/>")), Refused.With(SecurityFailure.CertificateRevocationUnknown));
    }

    [Test]
    public void Verify_Ecdsa_ListOfAnEcAuthority_Counts()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var request = new CertificateRequest("CN=ec authority", key, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var authority = request.CreateSelfSigned(TestKeys.Now.AddYears(-1), TestKeys.Now.AddYears(5));
        var builder = new CertificateRevocationListBuilder();
        builder.AddEntry([7], TestKeys.Now.AddDays(-1), X509RevocationReason.KeyCompromise);
        var list = RevocationList.Read(builder.Build(authority, BigInteger.One, TestKeys.Now.AddDays(1), HashAlgorithmName.SHA384, null, TestKeys.Now.AddDays(-1)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(list.IsBy(authority), Is.True);
            Assert.That(list.IsBy(Root), Is.False);
            Assert.That(list.IsInForce(TestKeys.Now), Is.True);
            Assert.That(list.Holds(Good), Is.False);
        }
    }

    [Test]
    public void Recipient_FileThatIsNoList_IsRefusedWhenItIsMade()
    {
        foreach (var content in new[] { "", "garbage", TestKeys.Ca.ExportCertificatePem() })
        {
            var path = Path.Combine(_folder.FullName, "garbage.crl");
            File.WriteAllText(path, content);
            Assert.That(() => Verify(Good, Domain(path)), Throws.ArgumentException.With.Message.Contains("garbage.crl"), content);
        }
    }

    [VectorFixture]
    public sealed class OfForeignAuthorities
    {
        [Test]
        public void Read_ListThatOpenSslMade_HoldsTheRevokedCertificate()
        {
            var keys = SharedVectors.Require("wss4j/keys");
            var list = RevocationList.Read(Convert.FromBase64String(Body(File.ReadAllText(Path.Combine(keys, "wss40CACRL.pem")))));
            using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(keys, "wss40CA.pem"));
            using var revoked = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(keys, "wss40rev.wss40rev.cert.pem"));
            using var good = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(keys, "wss40.wss40.cert.pem"));
            using (Assert.EnterMultipleScope())
            {
                Assert.That(list.IsBy(authority), Is.True);
                Assert.That(list.Holds(revoked), Is.True);
                Assert.That(list.Holds(good), Is.False);
                Assert.That(list.IsInForce(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero)), Is.True);
            }
        }

        private static string Body(string pem) => pem[PemEncoding.Find(pem).Base64Data];
    }

    private static byte[] List(X509Certificate2 issuer, X509Certificate2? revoked = null, DateTimeOffset? from = null, DateTimeOffset? next = null)
    {
        var builder = new CertificateRevocationListBuilder();
        if (revoked is not null)
        {
            builder.AddEntry(revoked, TestKeys.Now.AddDays(-2));
        }

        return builder.Build(issuer, BigInteger.One, next ?? TestKeys.Now.AddYears(1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, from ?? TestKeys.Now.AddDays(-1));
    }

    private string Write(string name, byte[] list, bool isPem = false)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, isPem ? System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", list)) : list);
        return path;
    }

    private static TrustDomain Domain(params string[] lists) => new()
    {
        Name = "lists",
        Anchors = [TestKeys.Public(Root)],
        Intermediates = [TestKeys.Public(Middle)],
        Revocation = X509RevocationMode.Offline,
        RevocationLists = lists,
    };

    private static TestParties Parties(X509Certificate2 signer, TrustDomain domain)
    {
        var parties = Presets.Parties("CertificateSignature");
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = signer };
        parties.ServiceCredentials = parties.ServiceCredentials with { TrustDomains = [domain] };
        return parties;
    }

    private static void Verify(X509Certificate2 signer, TrustDomain domain)
    {
        var parties = Parties(signer, domain);
        parties.Verify(parties.Protect()).Dispose();
    }
}
