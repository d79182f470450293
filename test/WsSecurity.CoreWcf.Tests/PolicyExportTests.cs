using System.Xml.Linq;
using WsSecurity.CoreWcf.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>The WSDL of a host states its policy: what it exports, imported again, means the same.</summary>
public sealed class PolicyExportTests
{
    private const string OldPolicy = "http://schemas.xmlsoap.org/ws/2004/09/policy";
    private const string NewPolicy = "http://www.w3.org/ns/ws-policy";

    private static readonly SecurityPolicy[] Stated =
    [
        SecurityPolicy.MutualCertificateDuplex,
        SecurityPolicy.MutualCertificateDuplex with { MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign, RequireSignatureConfirmation = true },
        SecurityPolicy.MutualCertificateDuplex with { MessageSecurityVersion = MessageSecurityVersion.Wss10, SecurityHeaderLayout = SecurityHeaderLayout.Strict },
        SecurityPolicy.MutualCertificateDuplex with { DefaultAlgorithmSuite = AlgorithmSuite.Basic128Sha256Rsa15, MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt, ProtectTokens = true },
        SecurityPolicy.MutualCertificate,
        SecurityPolicy.MutualCertificate with { RequireDerivedKeys = false, RequireSignatureConfirmation = true },
        SecurityPolicy.CertificateSignature,
        SecurityPolicy.CertificateSignature with { IncludeTimestamp = false, DetectReplays = false },
        SecurityPolicy.AnonymousForCertificate,
        SecurityPolicy.UserNameForCertificate,
        SecurityPolicy.UserNameForCertificate with { DefaultAlgorithmSuite = AlgorithmSuite.Basic256, RequireDerivedKeys = false },
    ];

    private static readonly CoreWCF.Description.PolicyVersion[] Versions = [CoreWCF.Description.PolicyVersion.Policy12, CoreWCF.Description.PolicyVersion.Policy15];

    [Test]
    public async Task Wsdl_ImportedAgain_IsThePolicy([ValueSource(nameof(Stated))] SecurityPolicy policy, [ValueSource(nameof(Versions))] CoreWCF.Description.PolicyVersion version)
    {
        var wsdl = await ReadWsdlAsync(policy, version);

        var imported = SecurityPolicy.FromWsdl(new StringReader(wsdl));
        Assert.That(imported.ToWsPolicy().ToString(), Is.EqualTo(policy.ToWsPolicy().ToString()));
        var isOld = version == CoreWCF.Description.PolicyVersion.Policy12;
        Assert.That(wsdl, Does.Contain(isOld ? OldPolicy : NewPolicy).And.Not.Contain($"\"{(isOld ? NewPolicy : OldPolicy)}\""));
    }

    [Test]
    public async Task Wsdl_ReadByAClientThatKnowsNoSecurity_IsValidAndRefersToPoliciesThatAreThere()
    {
        XNamespace wsdl = "http://schemas.xmlsoap.org/wsdl/", wsp = OldPolicy, wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
        var document = XDocument.Parse(await ReadWsdlAsync(SecurityPolicy.MutualCertificate, CoreWCF.Description.PolicyVersion.Policy12));

        // WSDL 1.1, section 2.1: policies stand among the extensions at the front, and each reference has its target.
        var policies = document.Root!.Elements(wsp + "Policy").Select(policy => "#" + (string)policy.Attribute(wsu + "Id")!).ToList();
        var references = document.Descendants(wsp + "PolicyReference").Select(reference => (string)reference.Attribute("URI")!).ToList();
        Assert.That(document.Root.Name, Is.EqualTo(wsdl + "definitions"));
        Assert.That(document.Root.Elements().TakeWhile(element => element.Name == wsp + "Policy").Count(), Is.EqualTo(policies.Count));
        Assert.That(references, Is.Not.Empty.And.SubsetOf(policies));
        Assert.That(policies, Is.Unique.And.SubsetOf(references));
        Assert.That(document.Descendants(wsdl + "binding").Single().Elements(wsp + "PolicyReference").Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Wsdl_PolicyThatCannotBeSaid_StaysReachable()
    {
        var unsayable = SecurityPolicy.MutualCertificateDuplex with { SignatureAlgorithms = [SignatureAlgorithmName.RsaPssSha256] };
        Assert.That(() => unsayable.ToWsPolicy(), Throws.InstanceOf<NotSupportedException>());
        Assert.That(await ReadWsdlAsync(unsayable, CoreWCF.Description.PolicyVersion.Policy15), Does.Contain("wsdl:definitions"));
    }

    private static async Task<string> ReadWsdlAsync(SecurityPolicy policy, CoreWCF.Description.PolicyVersion version)
    {
        await using var host = await CoreWcfHost.StartHttpAsync(
            new EchoService(),
            Wire.Soap11.ServiceHttp().WithMessageSecurity(policy, CoreWcfHost.Credentials),
            new HostSetup { Metadata = metadata => metadata.MetadataExporter.PolicyVersion = version });
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(host.HttpAddress, "/echo?singleWsdl"));
    }
}
