using CoreWCF;
using WsSecurity.CoreWcf;
using WsSecurity.CoreWcf.Tests.Hosting;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>Proxies of Mono call a CoreWCF host, by the bindings of their configuration.</summary>
internal sealed class MonoClientTests
{
    [TestCaseSource(typeof(Profiles), nameof(Profiles.Cases))]
    public async Task Proxy_OfMono_RunsTheOperationAndVerifiesItsReply(string profile)
    {
        const string What = "Grüße, <markup> & €";
        var policy = Parties.Policy(profile);
        await using var host = await CoreWcfHost.StartHttpAsync<MonoGreeter, IMonoGreeter>(
            new MonoGreeter(), new WSHttpBinding(SecurityMode.None).WithMessageSecurity(policy, Parties.Service(Peer.Keys)));

        var (status, text) = await Peer.Call(profile, host.HttpAddress, What);

        var caller = policy.AuthenticationMode switch
        {
            AuthenticationMode.UserNameForCertificate => ", alice",
            AuthenticationMode.MutualCertificate => ", CN=client, O=Interop",
            _ => "",
        };
        Assert.That((status, text), Is.EqualTo((200, $"you said {What}{caller}")));
    }
}
