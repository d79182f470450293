using CoreWCF;
using CoreWCF.Channels;
using WsSecurity.CoreWcf;
using WsSecurity.CoreWcf.Tests.Hosting;

namespace WsSecurity.Interop.Wss4j;

/// <summary>WSS4J's client calls a CoreWCF host, in every profile of the peer.</summary>
internal sealed class Wss4jClientTests
{
    private const string ClearTextPassword = "username-text";

    [TestCaseSource(nameof(Cases))]
    public async Task Request_OfWss4jClient_RunsTheOperationAndItsReplyVerifies(string profile, string version)
    {
        var plain = Messages.Plain(version);

        var answer = await CallAsync(profile, version, plain);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        Assert.That(Messages.Payload(answer.Content), Is.EqualTo(Messages.Payload(plain)));
    }

    [TestCaseSource(nameof(ClearText))]
    public async Task Request_WithAPasswordInTheClear_IsRefusedWithoutTls(string profile)
    {
        var answer = await CallAsync(profile, "soap12", Messages.Plain("soap12"));

        Assert.That(answer.Status, Is.EqualTo(502));
        Assert.That(answer.Text, Does.StartWith("status 500").And.Contains("FailedAuthentication"));
    }

    private static IEnumerable<TestCaseData> Cases => Profiles.Cases.Where(one => !ClearTextPassword.Equals(one.Arguments[0]));

    private static IEnumerable<TestCaseData> ClearText => Profiles.Where(ClearTextPassword);

    private static async Task<PeerAnswer> CallAsync(string profile, string version, byte[] plain)
    {
        var binding = Binding.Of(profile, Peer.Keys);

        // The transport of these tests is plain HTTP; a proxy with TLS in front of the host would protect it.
        var policy = binding.Policy with { AllowInsecureTransport = binding.Context.IsTransportProtected };
        var encoding = new TextMessageEncodingBindingElement(
            MessageVersion.CreateVersion(version == "soap11" ? EnvelopeVersion.Soap11 : EnvelopeVersion.Soap12, AddressingVersion.WSAddressing10), System.Text.Encoding.UTF8);
        await using var host = await CoreWcfHost.StartHttpAsync<PassThroughService, IPassThroughService>(
            new PassThroughService(),
            new CustomBinding(encoding, new HttpTransportBindingElement()).WithMessageSecurity(new WsSecurityBindingElement(policy)
            {
                Credentials = binding.Service,
                EndpointAddress = new Uri("http://service.example/echo"),
            }));
        return await Peer.Post($"client/{profile}?url={Uri.EscapeDataString(host.HttpAddress.ToString())}&action=urn:wssecurity:interop/Echo", plain);
    }
}
