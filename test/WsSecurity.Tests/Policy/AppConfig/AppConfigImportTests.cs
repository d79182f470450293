using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml;
using NUnit.Framework;
using static WsSecurity.Tests.Policy.AppConfig.AppConfigText;

namespace WsSecurity.Tests.Policy.AppConfig;

/// <summary>Endpoints, behaviors and the document.</summary>
internal sealed class AppConfigImportTests
{
    private const string Secured = "<security authenticationMode=\"MutualCertificateDuplex\"/>";

    private static string Client(string endpoint = "", string behavior = "", string identity = "") => Document($"""
        <bindings><customBinding><binding name="B">{Secured}</binding></customBinding></bindings>
        <client><endpoint name="E" address="https://service.example/orders" binding="customBinding" bindingConfiguration="B" behaviorConfiguration="C" contract="IOrders" {endpoint}>{identity}</endpoint></client>
        <behaviors><endpointBehaviors><behavior name="C">{behavior}</behavior></endpointBehaviors></behaviors>
        """);

    private static string Service(string behavior) => Document($"""
        <bindings><customBinding><binding name="B">{Secured}</binding></customBinding></bindings>
        <services><service name="Orders" behaviorConfiguration="S"><endpoint address="" binding="customBinding" bindingConfiguration="B" contract="IOrders"/></service></services>
        <behaviors><serviceBehaviors><behavior name="S"><serviceCredentials>{behavior}</serviceCredentials></behavior></serviceBehaviors></behaviors>
        """);

    [Test]
    public void Read_ClientEndpoint_HasItsAddressContractAndCertificates()
    {
        var import = Read(Client(behavior: """
            <clientCredentials>
              <clientCertificate findValue="me" storeLocation="LocalMachine" storeName="My" x509FindType="FindBySubjectName"/>
              <serviceCertificate>
                <defaultCertificate findValue="AB12" storeLocation="LocalMachine" storeName="TrustedPeople" x509FindType="FindByThumbprint"/>
                <authentication certificateValidationMode="PeerTrust" revocationMode="NoCheck" trustedStoreLocation="LocalMachine"/>
              </serviceCertificate>
            </clientCredentials>
            """));
        Assert.That((import.Name, import.BindingName, import.Address, import.Contract), Is.EqualTo(("E", "B", new Uri("https://service.example/orders"), "IOrders")));
        Assert.That(import.Credentials.Certificate, Is.Not.Null.And.Property(nameof(StoreCertificate.StoreLocation)).EqualTo(StoreLocation.LocalMachine)
            .And.Property(nameof(StoreCertificate.FindType)).EqualTo(X509FindType.FindBySubjectName).And.Property(nameof(StoreCertificate.FindValue)).EqualTo("me"));
        Assert.That(import.Credentials.PeerCertificate, Is.Not.Null.And.Property(nameof(StoreCertificate.StoreName)).EqualTo(StoreName.TrustedPeople));
        Assert.That(import.Credentials.ServiceDnsName, Is.EqualTo("service.example"));
        Assert.That(import.Explanation, Has.Some.Contains("authentication/@certificateValidationMode (line 10): has no effect: whatever PeerTrust admits"));
    }

    [Test]
    public void Read_CertificateElements_HaveTheDefaultsOfNetFramework()
    {
        var client = Read(Client(behavior: "<clientCredentials><clientCertificate findValue=\"CN=me\"/><serviceCertificate><defaultCertificate findValue=\"CN=it\"/></serviceCertificate></clientCredentials>"));
        var service = Read(Service("<serviceCertificate findValue=\"CN=it\"/><clientCertificate><certificate findValue=\"CN=me\"/></clientCertificate>"));

        Assert.That(Show(client.Credentials.Certificate), Is.EqualTo("CurrentUser/My FindBySubjectDistinguishedName CN=me"));
        Assert.That(Show(client.Credentials.PeerCertificate), Is.EqualTo("CurrentUser/My FindBySubjectDistinguishedName CN=it"));
        Assert.That(Show(service.Credentials.Certificate), Is.EqualTo("LocalMachine/My FindBySubjectDistinguishedName CN=it"));
        Assert.That(Show(service.Credentials.PeerCertificate), Is.EqualTo("LocalMachine/My FindBySubjectDistinguishedName CN=me"));

        static string Show(StoreCertificate? certificate) => $"{certificate?.StoreLocation}/{certificate?.StoreName} {certificate?.FindType} {certificate?.FindValue}";
    }

    [Test]
    public void Read_ScopedCertificateOfTheAddress_ComesFirst()
    {
        var import = Read(Client(behavior: """
            <clientCredentials><serviceCertificate>
              <defaultCertificate findValue="CN=default"/>
              <scopedCertificates><add targetUri="https://other.example/" findValue="CN=other"/><add targetUri="https://service.example/orders" findValue="CN=own"/></scopedCertificates>
            </serviceCertificate></clientCredentials>
            """));
        Assert.That(import.Credentials.PeerCertificate?.FindValue, Is.EqualTo("CN=own"));
    }

    // Identities

    [Test]
    public void Read_DnsIdentity_IsTheNameOfTheService() =>
        Assert.That(Read(Client(identity: "<identity><dns value=\"other.example\"/></identity>")).Credentials.ServiceDnsName, Is.EqualTo("other.example"));

    [Test]
    public void Read_CertificateReferenceIdentity_IsTheServiceCertificate() =>
        Assert.That(
            Read(Client(identity: "<identity><certificateReference findValue=\"CN=it\" storeName=\"TrustedPeople\" isChainIncluded=\"false\"/></identity>")).Credentials.PeerCertificate?.StoreName,
            Is.EqualTo(StoreName.TrustedPeople));

    [Test]
    public void Read_EncodedCertificateIdentity_IsLoaded()
    {
        var certificate = TestKeys.Public(TestKeys.Service);
        byte[] serialized = [3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 9, 9, 9, 9, 32, 0, 0, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(certificate.RawData.Length), .. certificate.RawData];
        foreach (var encoded in new[] { certificate.RawData, serialized })
        {
            var credentials = Read(Client(identity: $"<identity><certificate encodedValue=\"{Convert.ToBase64String(encoded)}\"/></identity>")).Credentials;
            Assert.That(credentials.Load().PeerCertificates.Single().RawData, Is.EqualTo(certificate.RawData));
            Assert.That(credentials.ServiceDnsName, Is.Null);
        }
    }

    [TestCase("<certificate encodedValue=\"AAAA\"/>", "certificate/@encodedValue (line 5): is no certificate")]
    [TestCase("<rsa value=\"x\"/>", "identity/rsa (line 5): is not supported")]
    [TestCase("<other/>", "identity/other (line 5): is not known")]
    public void Read_IdentityThatIsNotSupported_IsRefused(string identity, string reason) =>
        Assert.That(Read(Client(identity: $"<identity>{identity}</identity>")).Refusal?.Unsupported, Has.Some.Contains(reason));

    [Test]
    public void Read_WindowsIdentity_IsNamed() =>
        Assert.That(Read(Client(identity: "<identity><servicePrincipalName value=\"host/x\"/></identity>")).Explanation, Has.Some.Contains("servicePrincipalName (line 5)"));

    // Behaviors

    [TestCase("<clientCredentials><clientCertificate findValue=\"x\" x509FindType=\"FindByTimeValid\"/></clientCredentials>", "'FindByTimeValid' is not accepted")]
    [TestCase("<clientCredentials><clientCertificate findValue=\"x\" storeName=\"Mine\"/></clientCredentials>", "'Mine' is not accepted")]
    [TestCase("<clientCredentials><clientCertificate other=\"x\"/></clientCredentials>", "clientCertificate/@other (line 6): is not known")]
    [TestCase("<clientCredentials><other/></clientCredentials>", "clientCredentials/other (line 6): is not known")]
    public void Read_ClientCredentialsThatAreWrong_AreRefused(string behavior, string reason) =>
        Assert.That(Read(Client(behavior: behavior)).Refusal?.Unsupported, Has.Some.Contains(reason));

    [Test]
    public void Read_ClientCredentialsWithoutEffect_AreNamed()
    {
        var import = Read(Client(behavior: "<clientCredentials type=\"My.Credentials\" supportInteractive=\"false\"><windows/><issuedToken/><httpDigest/><peer/></clientCredentials>"));
        foreach (var name in new[] { "@type", "@supportInteractive", "windows", "issuedToken", "httpDigest", "peer" })
        {
            Assert.That(import.Explanation, Has.Some.Contains($"clientCredentials/{name} (line 6)"));
        }
    }

    [Test]
    public void Read_ServiceCredentials_NameWhatIsCode()
    {
        var import = Read(Service("""
            <userNameAuthentication userNamePasswordValidationMode="Custom" customUserNamePasswordValidatorType="My.Validator, My"/>
            <clientCertificate><authentication certificateValidationMode="Custom" customCertificateValidatorType="My.Certificates, My"/></clientCertificate>
            <issuedTokenAuthentication/><windowsAuthentication/>
            """));
        Assert.That(import.IsImported, Is.True);
        Assert.That(import.Explanation, Has.Some.Contains("Custom ('My.Validator, My') is code: set SecurityCredentials.UsernameTokenValidator")
            .And.Some.Contains("Custom trusts nobody here: say in SecurityCredentials.TrustDomains"));
        Assert.That(import.Credentials.Load().TrustDomains, Is.Empty);
    }

    [TestCase("None", 0)]
    [TestCase("PeerTrust", 1)]
    [TestCase("ChainTrust", 1)]
    [TestCase("PeerOrChainTrust", 2)]
    public void Load_ValidationModeOfClients_MakesTrustDomainsOfTheStores(string mode, int domains)
    {
        var import = Read(Service($"<clientCertificate><authentication certificateValidationMode=\"{mode}\" trustedStoreLocation=\"CurrentUser\" revocationMode=\"Offline\"/></clientCertificate>"));
        var trusted = import.Credentials.Load().TrustDomains;
        Assert.That(trusted, Has.Count.EqualTo(domains));
        Assert.That(trusted.Where(domain => domain.Name.EndsWith("Root", StringComparison.Ordinal)), Has.All.Property(nameof(TrustDomain.Revocation)).EqualTo(X509RevocationMode.Offline));
    }

    [Test]
    public void Load_CertificateThatIsNotInTheStore_IsRefusedByItsPlace()
    {
        var import = Read(Client(behavior: "<clientCredentials><clientCertificate findValue=\"CN=nobody of this name\"/></clientCredentials>"));
        Assert.That(import.Credentials.Load, Throws.InstanceOf<BindingConfigurationException>()
            .With.Property(nameof(BindingConfigurationException.Key)).EqualTo("behaviors/endpointBehaviors/behavior[@name='C']/clientCredentials/clientCertificate/@findValue (line 6)"));
    }

    [Test]
    public void Load_CertificateOfTheUsersStore_IsFound()
    {
        using var certificate = TestKeys.Public(TestKeys.Client);
        using var store = new X509Store(StoreName.TrustedPeople, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(certificate);
        try
        {
            var import = Read(Client(behavior: $"<clientCredentials><serviceCertificate><defaultCertificate findValue=\"{certificate.Thumbprint}\" storeName=\"TrustedPeople\" x509FindType=\"FindByThumbprint\"/></serviceCertificate></clientCredentials>"));
            Assert.That(import.Credentials.Load().PeerCertificates.Single().Thumbprint, Is.EqualTo(certificate.Thumbprint));
        }
        finally
        {
            store.Remove(certificate);
        }
    }

    // Names

    [Test]
    public void Read_LocalSettings_AreThoseOfTheParty()
    {
        const string security = """<security authenticationMode="MutualCertificateDuplex"><localClientSettings maxClockSkew="00:01:00"/><localServiceSettings maxClockSkew="00:02:00" detectReplays="false"/></security>""";
        var client = ReadPolicy(Client().Replace(Secured, security, StringComparison.Ordinal));
        var service = ReadPolicy(Service(string.Empty).Replace(Secured, security, StringComparison.Ordinal));
        Assert.That((client.Tolerances.ClockSkew, client.DetectReplays), Is.EqualTo((TimeSpan.FromMinutes(1), true)));
        Assert.That((service.Tolerances.ClockSkew, service.DetectReplays), Is.EqualTo((TimeSpan.FromMinutes(2), false)));
    }

    [TestCase("B")]
    [TestCase("E")]
    [TestCase(null)]
    public void Read_NameOfTheBindingOrOfTheEndpoint_FindsIt(string? name) => Assert.That(Read(Client(), name).Name, Is.EqualTo("E"));

    [TestCase("X", "'X'; it has: E")]
    public void Read_NameThatIsNotThere_NamesWhatIs(string name, string message) => Assert.That(() => Read(Client(), name), Throws.ArgumentException.With.Message.Contains(message));

    [Test]
    public void Read_SeveralAndNoName_NamesThem()
    {
        var two = Document($"<bindings><customBinding><binding name=\"A\">{Secured}</binding><binding name=\"B\">{Secured}</binding></customBinding></bindings>");
        Assert.That(() => Read(two), Throws.ArgumentException.With.Message.Contains("A, B"));
        Assert.That(ReadAll(two).Select(import => import.Name), Is.EqualTo(new[] { "A", "B" }));
    }

    [Test]
    public void Read_SeveralEndpointsOfOneBindingThatDiffer_MustBeNamed()
    {
        var two = Client().Replace("</client>", "<endpoint name=\"F\" address=\"https://other.example/\" binding=\"customBinding\" bindingConfiguration=\"B\"/></client>", StringComparison.Ordinal);
        Assert.That(() => Read(two, "B"), Throws.ArgumentException.With.Message.Contains("E, F"));
        Assert.That(Read(two, "F").Credentials.ServiceDnsName, Is.EqualTo("other.example"));
    }

    [Test]
    public void Read_DocumentWithoutMessageSecurity_HasNone() => Assert.That(() => Read(Document("")), Throws.ArgumentException.With.Message.Contains("no endpoint or binding"));

    // Collections and sections

    [Test]
    public void Read_BindingWithoutName_IsTheDefaultOfItsKind()
    {
        var configuration = Document("""
            <bindings><wsHttpBinding><binding><security><message clientCredentialType="UserName" negotiateServiceCredential="false" establishSecurityContext="false"/></security></binding></wsHttpBinding></bindings>
            <client><endpoint name="E" address="http://service.example/" binding="wsHttpBinding" contract="I"/></client>
            """);
        Assert.That(ReadPolicy(configuration, "wsHttpBinding").AuthenticationMode, Is.EqualTo(AuthenticationMode.UserNameForCertificate));
    }

    [TestCase("<binding name=\"Orders\"/><clear/>")]
    [TestCase("<binding name=\"Orders\"/><remove name=\"Orders\"/>")]
    public void Read_BindingThatIsCleared_IsGone(string before) =>
        Assert.That(
            ReadPolicy(Document($"<bindings><customBinding>{before}<binding name=\"Orders\">{Secured}</binding></customBinding></bindings>")).AuthenticationMode,
            Is.EqualTo(AuthenticationMode.MutualCertificateDuplex));

    [Test]
    public void Read_BindingThatStandsTwice_IsRefused() =>
        Assert.That(
            ReadAll(Document($"<bindings><customBinding><binding name=\"A\">{Secured}</binding><binding name=\"A\"/></customBinding></bindings>")).Single().Refusal?.Unsupported,
            Has.Some.Contains("stands twice"));

    [Test]
    public void Read_EndpointThatNamesWhatIsNotThere_IsRefused()
    {
        var unsupported = Read(Document("<client><endpoint name=\"E\" binding=\"customBinding\" bindingConfiguration=\"X\" behaviorConfiguration=\"Y\"/></client>"), "E").Refusal?.Unsupported;
        Assert.That(unsupported, Has.Some.Contains("@bindingConfiguration (line 4): names the customBinding 'X', which is not in the document")
            .And.Some.Contains("@behaviorConfiguration (line 4): names the behavior 'Y'"));
    }

    [Test]
    public void Read_CustomBindingWithoutConfiguration_IsRefused() =>
        Assert.That(Read(Document("<client><endpoint name=\"E\" binding=\"customBinding\"/></client>"), "E").Refusal?.Unsupported, Has.Some.Contains("a customBinding has no defaults"));

    [Test]
    public void Read_SectionInAnotherFile_IsRead()
    {
        using var folder = new Configuration.BindingFile();
        folder.Write("app.config", Document("<bindings configSource=\"sub\\bindings.config\"/>"));
        Directory.CreateDirectory(Path.Combine(folder.Folder, "sub"));
        folder.Write("sub/bindings.config", $"<bindings>\n<customBinding><binding name=\"B\">{Secured}</binding><binding name=\"C\"><security/></binding></customBinding></bindings>");
        var file = Path.Combine(folder.Folder, "app.config");

        Assert.That(SecurityPolicy.FromAppConfig(file, "B").AuthenticationMode, Is.EqualTo(AuthenticationMode.MutualCertificateDuplex));
        Assert.That(AppConfigImport.Read(file, "C").Refusal?.Unsupported, Has.Some.Contains("(sub\\bindings.config, line 2)"));
        Assert.That(AppConfigImport.ReadAll(file), Has.Count.EqualTo(2));
    }

    [TestCase("../bindings.config", "is outside of the document's folder")]
    [TestCase("/bindings.config", "is outside of the document's folder")]
    [TestCase("missing.config", "cannot be read")]
    [TestCase("app.config", "holds configuration, not bindings")]
    public void Read_SectionInAFileThatCannotBeUsed_IsRefused(string source, string reason)
    {
        using var folder = new Configuration.BindingFile();
        folder.Write("app.config", Document($"<bindings configSource=\"{source}\"/>"));
        Assert.That(() => AppConfigImport.ReadAll(Path.Combine(folder.Folder, "app.config")), Throws.InstanceOf<PolicyImportException>().With.Message.Contains(reason));
    }

    [TestCase("<bindings configSource=\"bindings.config\"/>", "only read where the document is a file")]
    [TestCase("<bindings configProtectionProvider=\"Dpapi\"/>", "is encrypted")]
    [TestCase("<bindings/><bindings/>", "bindings (line 4): stands twice")]
    public void Read_SectionThatCannotBeRead_IsRefused(string section, string reason) =>
        Assert.That(() => ReadAll(Document(section)), Throws.InstanceOf<PolicyImportException>().With.Message.Contains(reason));

    [Test]
    public void Read_SectionOfALocation_IsNamed()
    {
        var configuration = Custom(Secured).Replace("</configuration>", "<location path=\"a.svc\"><system.serviceModel/></location></configuration>", StringComparison.Ordinal);
        Assert.That(Read(configuration).Explanation, Has.Some.Contains("is for 'a.svc' alone, and is not read"));
    }

    [Test]
    public void Read_DocumentType_IsRefused()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("<!DOCTYPE configuration [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><configuration/>"));
        Assert.That(() => AppConfigImport.ReadAll(stream), Throws.InstanceOf<XmlException>());
    }

    [Test]
    public void Read_WhatIsNotMessageSecurity_IsNamedAsLeftToTheBinding() =>
        Assert.That(Read(Custom(Secured)).Explanation, Has.Some.Contains("(line 6): not message security, and left to the binding around it: textMessageEncoding, httpTransport"));
}
