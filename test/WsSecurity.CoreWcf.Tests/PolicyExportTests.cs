using WsSecurity.CoreWcf.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>The WSDL of a host states its policy: what it exports, imported again, means the same.</summary>
public sealed class PolicyExportTests
{
    private static readonly SecurityPolicy[] Stated =
    [
        SecurityPolicy.MutualCertificateDuplex,
        SecurityPolicy.MutualCertificateDuplex with { MessageProtectionOrder = MessageProtectionOrder.EncryptBeforeSign, RequireSignatureConfirmation = true },
        SecurityPolicy.MutualCertificate,
        SecurityPolicy.UserNameForCertificate,
    ];

    [TestCaseSource(nameof(Stated))]
    public async Task Wsdl_ImportedAgain_IsThePolicy(SecurityPolicy policy)
    {
        var imported = SecurityPolicy.FromWsdl(new StringReader(await ReadWsdlAsync(policy)));
        Assert.That(imported.ToWsPolicy().ToString(), Is.EqualTo(policy.ToWsPolicy().ToString()));
    }

    [Test]
    public async Task Wsdl_PolicyThatCannotBeSaid_StaysReachable()
    {
        var unsayable = SecurityPolicy.MutualCertificateDuplex with { SignatureAlgorithms = [SignatureAlgorithmName.RsaPssSha256] };
        Assert.That(() => unsayable.ToWsPolicy(), Throws.InstanceOf<NotSupportedException>());
        Assert.That(await ReadWsdlAsync(unsayable), Does.Contain("wsdl:definitions"));
    }

    private static async Task<string> ReadWsdlAsync(SecurityPolicy policy)
    {
        await using var host = await CoreWcfHost.StartHttpAsync(new EchoService(), Wire.Soap11.ServiceHttp().WithMessageSecurity(policy, CoreWcfHost.Credentials));
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(host.HttpAddress, "/echo?singleWsdl"));
    }
}
