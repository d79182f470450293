using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using NUnit.Framework;
using WsSecurity.Tests.Tokens.Saml;

namespace WsSecurity.Tests.Policy.Configuration;

public sealed class CredentialsReaderTests : IDisposable
{
    private const string Secret = "s3cret-in-the-file";

    private readonly BindingFile _file = new();
    private readonly X509Certificate2 _own = BindingFile.CreateCertificate("Own");
    private readonly X509Certificate2 _peer = BindingFile.CreateCertificate("Peer");

    [OneTimeSetUp]
    public void WriteFiles()
    {
        var key = _own.GetECDsaPrivateKey()!;
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        var keyPem = key.ExportPkcs8PrivateKeyPem();
        var encryptedKeyPem = key.ExportEncryptedPkcs8PrivateKeyPem(Secret, encryption);
        Directory.CreateDirectory(Path.Combine(_file.Folder, "keys"));

        _file.Write("own.p12", _own.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, Secret));
        _file.Write("own.pem", _own.ExportCertificatePem() + "\n" + keyPem);
        _file.Write("own-encrypted.pem", _own.ExportCertificatePem() + "\n" + encryptedKeyPem);
        _file.Write("own-alone.pem", _own.ExportCertificatePem());
        _file.Write("keys/own.key", keyPem);
        _file.Write("keys/own-encrypted.key", encryptedKeyPem);
        _file.Write("peer.cer", _peer.RawData);
        _file.Write("peer.pem", _peer.ExportCertificatePem());
        _file.Write("both.pem", _peer.ExportCertificatePem() + "\n" + _own.ExportCertificatePem());
        _file.Write("key-only.pem", keyPem);
        _file.Write("garbage.bin", [1, 2, 3]);
    }

    public void Dispose() => _file.Dispose();

    [TestCase("""{ "Path": "own.p12", "Password": "s3cret-in-the-file" }""")]
    [TestCase("""{ "Path": "own.pem" }""")]
    [TestCase("\"own.pem\"")]
    [TestCase("""{ "Path": "own-encrypted.pem", "Password": "s3cret-in-the-file" }""")]
    [TestCase("""{ "Path": "own-alone.pem", "KeyPath": "keys/own.key" }""")]
    [TestCase("""{ "Path": "own-alone.pem", "KeyPath": "keys/own-encrypted.key", "Password": "s3cret-in-the-file" }""")]
    public void Load_CertificateInAnyForm_ComesWithItsKey(string certificate)
    {
        var credentials = _file.LoadCredentials($$"""
            "Credentials": { "Certificate": {{certificate}}, "EncryptionCertificate": {{certificate}} }
            """);

        Assert.That(credentials.Certificate, Is.EqualTo(_own));
        Assert.That(credentials.Certificate!.HasPrivateKey, Is.True);
        Assert.That(credentials.EncryptionCertificate, Is.EqualTo(_own));
        Assert.That(credentials.EncryptionCertificate!.HasPrivateKey, Is.True);
    }

    [TestCase("[ \"peer.cer\", { \"Path\": \"own-alone.pem\" } ]")]
    [TestCase("\"both.pem\"")]
    [TestCase("[ { \"Path\": \"both.pem\" } ]")]
    public void Load_PeerCertificates_AreReadInOrder(string peers)
    {
        Assert.That(
            _file.LoadCredentials($$"""
                "Credentials": { "PeerCertificates": {{peers}} }
                """).PeerCertificates,
            Is.EqualTo(new[] { _peer, _own }));
    }

    [Test]
    public void Load_PeerCertificateWithAKey_LeavesTheKeyBehind()
    {
        var peer = _file.LoadCredentials("\"Credentials\": { \"PeerCertificates\": { \"Path\": \"own.pem\" } }").PeerCertificates.Single();

        Assert.That(peer, Is.EqualTo(_own));
        Assert.That(peer.HasPrivateKey, Is.False);
    }

    [Test]
    public void Load_PeerEncryptionCertificates_AreRead() => Assert.That(
        _file.LoadCredentials("\"Credentials\": { \"PeerEncryptionCertificates\": [ \"peer.cer\", \"own.pem\" ] }").PeerEncryptionCertificates,
        Is.EqualTo(new[] { _peer, _own }));

    [Test]
    public void Load_UserNameAndPassword_AreRead()
    {
        var credentials = _file.LoadCredentials("\"Credentials\": { \"UserName\": \"alice\", \"Password\": \"s3cret-in-the-file\" }");

        Assert.That((credentials.UserName, credentials.Password), Is.EqualTo(("alice", Secret)));
    }

    [Test]
    public void Load_ServiceIdentityAsName_IsTheDnsName()
    {
        Assert.That(_file.LoadCredentials("\"Credentials\": { \"ServiceIdentity\": \"orders.example.org\" }").ServiceDnsName, Is.EqualTo("orders.example.org"));
    }

    [Test]
    public void Load_ServiceIdentityAsCertificate_IsThePeer()
    {
        var credentials = _file.LoadCredentials("\"Credentials\": { \"ServiceIdentity\": { \"Path\": \"peer.cer\" } }");

        Assert.That(credentials.PeerCertificates, Is.EqualTo(new[] { _peer }));
        Assert.That(credentials.ServiceDnsName, Is.Null);
    }

    [Test]
    public void Load_RulesOfATrustDomain_AreRead()
    {
        var credentials = _file.LoadCredentials(
            """
            "TrustDomains": { "Partners": {
              "Anchors": [ "peer.pem" ], "Revocation": "Offline", "RevocationLists": [ "lists/root.crl" ], "MinimumRsaKeySize": 3072, "MinimumEcKeySize": 384,
              "KeyUsages": [ "DigitalSignature", "NonRepudiation" ], "ExtendedKeyUsages": [ "1.3.6.1.5.5.7.3.2" ], "Issuers": [ "CN=Peer" ] } }
            """);

        Assert.That(credentials.TrustDomains.Single(), Is.EqualTo(new TrustDomain
        {
            Name = "Partners",
            Anchors = [_peer],
            Revocation = X509RevocationMode.Offline,
            RevocationLists = [Path.Combine(_file.Folder, "lists/root.crl")],
            MinimumRsaKeySize = 3072,
            MinimumEcKeySize = 384,
            KeyUsages = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation,
            ExtendedKeyUsages = ["1.3.6.1.5.5.7.3.2"],
            Issuers = ["CN=Peer"],
        }));
    }

    [Test]
    public void Load_AcceptedTrustDomains_AreRead() =>
        Assert.That(BindingFile.LoadPolicy("\"AcceptedTrustDomains\": [ \"Partners\" ]").AcceptedTrustDomains, Is.EqualTo(new[] { "Partners" }));

    [Test]
    public void Load_TrustDomains_AreRead()
    {
        var credentials = _file.LoadCredentials(
            """
            "TrustDomains": {
              "Partners": { "Anchors": [ "peer.pem" ], "Intermediates": [ "own-alone.pem" ], "Revocation": "Offline", "Subjects": [ "CN=Peer", "CN=Other,O=Org" ] },
              "Pinned": { "Certificates": [ "own.pem" ] } }
            """);

        Assert.That(credentials.TrustDomains, Is.EquivalentTo(new[]
        {
            new TrustDomain { Name = "Partners", Anchors = [_peer], Intermediates = [_own], Revocation = X509RevocationMode.Offline, Subjects = ["CN=Peer", "CN=Other,O=Org"] },
            new TrustDomain { Name = "Pinned", Certificates = [_own] },
        }));
        Assert.That(credentials.TrustDomains[1].Certificates[0].HasPrivateKey, Is.False);
    }

    [Test]
    public void Load_SamlIssuersAndAssertion_AreRead()
    {
        var assertion = SamlTesting.Issue(SamlTesting.Bearer);
        _file.Write("assertion.xml", assertion.ToArray());
        var credentials = _file.LoadCredentials(
            """
            "Credentials": { "SamlAssertion": "assertion.xml", "Audiences": [ "urn:a", "urn:b" ] },
            "TrustDomains": {
              "Issuers": { "SamlIssuers": [ { "Issuer": "urn:i", "Certificate": "own.pem" }, { "Issuer": "urn:j", "Certificate": { "Path": "peer.cer" } } ] },
              "Gateways": { "Anchors": [ "peer.pem" ], "MayVouch": true } }
            """);
        var domains = credentials.TrustDomains.ToDictionary(domain => domain.Name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.SamlAssertion!.Id, Is.EqualTo(assertion.Id));
            Assert.That(credentials.Audiences, Is.EqualTo(["urn:a", "urn:b"]));
            Assert.That(domains["Issuers"].SamlIssuers, Is.EqualTo(new[] { new SamlIssuer("urn:i", _own), new SamlIssuer("urn:j", _peer) }));
            Assert.That(domains["Issuers"].SamlIssuers[0].Certificate.HasPrivateKey, Is.False);
            Assert.That(domains["Gateways"].MayVouch, Is.True);
            Assert.That(domains["Issuers"].MayVouch, Is.False);
        }
    }

    [Test]
    public void Load_AssertionWithItsSecret_HasAProofKey()
    {
        var assertion = Tokens.Saml.SamlTesting.Issue(Tokens.Saml.SamlTesting.HolderOfKey);
        _file.Write("assertion.xml", assertion.ToArray());
        _file.Write("proof.key", [1, 2, 3]);
        var credentials = _file.LoadCredentials("\"Credentials\": { \"SamlAssertion\": { \"Path\": \"assertion.xml\", \"ProofKeyPath\": \"proof.key\" } }");
        Assert.That(credentials.SamlAssertion!.ProofKey.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [TestCase("alice", "secret1", ExpectedResult = true)]
    [TestCase("urn:bob:1", "secret2", ExpectedResult = true)]
    [TestCase("alice", "secret2", ExpectedResult = false)]
    [TestCase("Alice", "secret1", ExpectedResult = false)]
    [TestCase("carol", "secret1", ExpectedResult = false)]
    public async Task<bool> Load_Users_ValidateTheirPasswords(string user, string password)
    {
        var validator = _file.LoadCredentials("\"Users\": { \"alice\": \"secret1\", \"urn:bob:1\": \"secret2\" }").UsernameTokenValidator!;
        var token = new UsernameTokenCredential(user, PasswordType.Text, System.Text.Encoding.UTF8.GetBytes(password), []);

        return await validator.ValidateAsync(token, CancellationToken.None) is not null;
    }

    [TestCase("Production")]
    [TestCase("production")]
    public void Load_UsersInProduction_AreRefused(string environment)
    {
        Assert.That(
            () => _file.LoadCredentials("\"Users\": { \"alice\": \"s3cret-in-the-file\" }", environment),
            Throws.TypeOf<BindingConfigurationException>().With.Message.Contains("Orders:Users: is refused in the").And.Message.Not.Contains(Secret));
    }

    [Test]
    public void Load_UsersWhereNoEnvironmentIsStated_AreRefused()
    {
        var configuration = BindingFile.Parse("""{ "WsSecurity": { "Bindings": { "Orders": { "AuthenticationMode": "UserNameOverTransport", "Users": { "alice": "x" } } } } }""");

        Assert.That(() => BindingConfiguration.Load(configuration, "Orders"), Throws.TypeOf<BindingConfigurationException>().With.Message.Contains("Production"));
    }

    [TestCase("\"Credentials\": { \"Certificate\": \"peer.cer\" }", "Credentials:Certificate", "expects one certificate with its private key, and found 0")]
    [TestCase("\"Credentials\": { \"Certificate\": \"missing.pem\" }", "Credentials:Certificate", "'missing.pem' cannot be read (looked for at ")]
    [TestCase("\"Credentials\": { \"Certificate\": \"garbage.bin\" }", "Credentials:Certificate", "'garbage.bin'")]
    [TestCase("\"Credentials\": { \"Certificate\": \"key-only.pem\" }", "Credentials:Certificate", "holds no certificate")]
    [TestCase("\"Credentials\": { \"Certificate\": { \"Path\": \"own.p12\", \"Password\": \"wr0ng-s3cret\" } }", "Credentials:Certificate", "'own.p12' cannot be read as a certificate")]
    [TestCase("\"Credentials\": { \"Certificate\": { \"Path\": \"own-encrypted.pem\", \"Password\": \"wr0ng-s3cret\" } }", "Credentials:Certificate", "'own-encrypted.pem' cannot be read as a certificate")]
    [TestCase("\"Credentials\": { \"Certificate\": { \"Path\": \"own-alone.pem\", \"KeyPath\": \"keys/none.key\" } }", "Credentials:Certificate:KeyPath", "'keys/none.key' cannot be read")]
    [TestCase("\"Credentials\": { \"Certificate\": { \"Path\": \"peer.cer\", \"KeyPath\": \"keys/own.key\" } }", "Credentials:Certificate:KeyPath", "belongs to a PEM certificate")]
    [TestCase("\"Credentials\": { \"Certificate\": { \"File\": \"own.pem\" } }", "Credentials:Certificate:File", "known: Path, Store, KeyPath, Password, Find")]
    [TestCase("\"Credentials\": { \"Certificate\": { \"Path\": \"own.pem\", \"Store\": \"CurrentUser/My\", \"Find\": \"FindBySubjectName=Own\" } }", "Credentials:Certificate", "expects Path (with Password and KeyPath where needed), or Store and Find")]
    [TestCase("\"Credentials\": { \"Certificate\": { \"Password\": \"wr0ng-s3cret\" } }", "Credentials:Certificate", "expects Path")]
    [TestCase("\"Credentials\": { \"Certificate\": { \"Store\": \"Machine/My\", \"Find\": \"FindByThumbprint=AB\" } }", "Credentials:Certificate:Store", "accepted: CurrentUser/My, LocalMachine/My")]
    [TestCase("\"Credentials\": { \"Certificate\": { \"Store\": \"CurrentUser/My\", \"Find\": \"AB\" } }", "Credentials:Certificate:Find", "expects one of FindByThumbprint=…")]
    [TestCase("\"Credentials\": { \"Certificate\": { \"Store\": \"CurrentUser/My\" } }", "Credentials:Certificate:Find", "expects one of FindByThumbprint=…")]
    [TestCase("\"Credentials\": \"s3cret-in-the-file\"", "Credentials", "expects an object")]
    [TestCase("\"Credentials\": { \"Pasword\": \"s3cret-in-the-file\" }", "Credentials:Pasword", "is not a key that is known here")]
    [TestCase("\"Credentials\": { \"Password\": \"s3cret-in-the-file\" }", "Credentials:UserName", "is required beside Password")]
    [TestCase("\"Credentials\": { \"Password\": { \"Value\": \"s3cret-in-the-file\" } }", "Credentials:Password", "expects a text")]
    [TestCase("\"Credentials\": { \"ServiceIdentity\": \"https://orders.example.org\" }", "Credentials:ServiceIdentity", "expects a DNS name")]
    [TestCase("\"Credentials\": { \"ServiceIdentity\": \"peer.pem\" }", "Credentials:ServiceIdentity", "names a file")]
    [TestCase("\"Credentials\": { \"PeerCertificates\": \"own-alone.pem\", \"ServiceIdentity\": { \"Path\": \"peer.cer\" } }", "Credentials:ServiceIdentity", "only without PeerCertificates")]
    [TestCase("\"Users\": { \"alice\": null }", "Users:alice", "expects a password")]
    [TestCase("\"Users\": { \"alice\": \"\" }", "Users:alice", "expects a password")]
    [TestCase("\"Users\": \"s3cret-in-the-file\"", "Users", "expects an object")]
    [TestCase("\"TrustDomains\": { \"Partners\": { \"Subjects\": [ \"CN=Peer\" ] } }", "TrustDomains:Partners", "needs Anchors, Certificates, SamlIssuers or KerberosRealms")]
    [TestCase("\"TrustDomains\": { \"Partners\": \"peer.pem\" }", "TrustDomains:Partners", "expects an object")]
    [TestCase("\"TrustDomains\": { \"Partners\": { \"Anchors\": [ \"missing.pem\" ] } }", "TrustDomains:Partners:Anchors:0", "cannot be read")]
    [TestCase("\"TrustDomains\": { \"Partners\": { \"Anchors\": [ \"peer.pem\" ], \"Revocation\": \"Yes\" } }", "TrustDomains:Partners:Revocation", "accepted: NoCheck, Online, Offline")]
    [TestCase("\"TrustDomains\": { \"Partners\": { \"SamlIssuers\": [ { \"Certificate\": \"peer.pem\" } ] } }", "TrustDomains:Partners:SamlIssuers:0:Issuer", "is required")]
    [TestCase("\"TrustDomains\": { \"Partners\": { \"SamlIssuers\": [ { \"Issuer\": \"urn:i\" } ] } }", "TrustDomains:Partners:SamlIssuers:0:Certificate", "and found 0")]
    [TestCase("\"TrustDomains\": { \"Partners\": { \"SamlIssuers\": [ { \"Issuer\": \"urn:i\", \"Certificate\": \"both.pem\" } ] } }", "TrustDomains:Partners:SamlIssuers:0:Certificate", "and found 2")]
    [TestCase("\"TrustDomains\": { \"Partners\": { \"SamlIssuers\": [ { \"Issuer\": \"urn:i\", \"Certificate\": \"peer.pem\", \"Anchor\": \"x\" } ] } }", "TrustDomains:Partners:SamlIssuers:0:Anchor", "is not a key that is known here")]
    [TestCase("\"Credentials\": { \"SamlAssertion\": \"missing.xml\" }", "Credentials:SamlAssertion", "cannot be read as a SAML assertion")]
    [TestCase("\"Credentials\": { \"SamlAssertion\": { \"Path\": \"missing.xml\" } }", "Credentials:SamlAssertion:Path", "cannot be read as a SAML assertion")]
    [TestCase("\"Credentials\": { \"SamlAssertion\": \"garbage.bin\" }", "Credentials:SamlAssertion", "cannot be read as a SAML assertion")]
    public void Load_WrongCredentials_AreRefusedWithTheirPathAndNoSecret(string keys, string key, string message)
    {
        var refusal = Assert.Catch<BindingConfigurationException>(() => _file.LoadCredentials(keys))!;

        Assert.That(refusal.Key, Is.EqualTo($"WsSecurity:Bindings:Orders:{key}"));
        Assert.That(refusal.Message, Does.Contain(message));
        Assert.That(refusal.ToString(), Does.Not.Contain(Secret).And.Not.Contain("wr0ng-s3cret"));
    }

    [Test]
    public void Load_CertificateFromAStore_IsFound()
    {
        using var store = new X509Store("My", StoreLocation.CurrentUser, OpenFlags.ReadWrite);
        using var certificate = BindingFile.CreateCertificate("wssec-store-test");
        store.Add(certificate);
        try
        {
            var credentials = _file.LoadCredentials($$"""
                "Credentials": { "Certificate": { "Store": "CurrentUser/My", "Find": "FindByThumbprint={{certificate.Thumbprint}}" } }
                """);

            Assert.That(credentials.Certificate, Is.EqualTo(certificate));
            Assert.That(credentials.Certificate!.HasPrivateKey, Is.True);
        }
        finally
        {
            store.Remove(certificate);
        }
    }

    [Test]
    public void Load_CertificateThatTheStoreDoesNotHold_IsRefused()
    {
        Assert.That(
            () => _file.LoadCredentials("\"Credentials\": { \"Certificate\": { \"Store\": \"CurrentUser/My\", \"Find\": \"FindByThumbprint=0000000000000000000000000000000000000000\" } }"),
            Throws.TypeOf<BindingConfigurationException>().With.Message.Contains("finds 0 certificates in CurrentUser/My"));
    }
}
