using System.Security.Cryptography.X509Certificates;
using System.ServiceModel;
using System.ServiceModel.Security;
using WsSecurity.ServiceModel;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>Our proxies call services of Mono.</summary>
public sealed class MonoServiceTests
{
    [TestCaseSource(nameof(WithoutUserName))]
    public void Proxy_ToServiceOfMono_CallsAndVerifiesItsReply(string profile)
    {
        const string What = "Grüße, <markup> & €";
        using var factory = CreateFactory(profile, Peer.Service(profile), out var prefix);

        Assert.That(factory.CreateChannel().Greet(What), Does.StartWith($"you said {What}"));
        EvidenceAssert.Covers(prefix.OfReply!, profile);
    }

    // Mono reads a name and a password in a UsernameToken, as .NET Framework writes them, and stumbles over the nonce and the time, which that skips.
    [TestCaseSource(nameof(WithUserName))]
    public async Task UsernameToken_OfOursWithItsNonce_CannotBeReadByMono(string profile)
    {
        await using var relay = await Relay.Start(Peer.Service(profile));
        using var factory = CreateFactory(profile, relay.Address, out _);

        await Assert.ThatAsync(() => Task.Run(() => factory.CreateChannel().Greet("hello")), Throws.InstanceOf<CommunicationException>());
        Assert.That((relay.Status, relay.Reply), Is.EqualTo((200, Array.Empty<byte>())));
    }

    // Mono sends faults as they are, so that anybody could have written them. .NET Framework protects those of the service.
    [TestCaseSource(nameof(ByCertificate))]
    public void Fault_OfServiceOfMono_CountsOnlyWhereUnsecuredFaultsAreLetPass(string profile)
    {
        using var factory = CreateFactory(profile, Peer.Service(profile), out _);
        using var tolerant = CreateFactory(profile, Peer.Service(profile), out _, policy => policy with { Tolerances = policy.Tolerances with { UnsecuredFault = true } });

        Assert.That(
            () => factory.CreateChannel().Greet("fail"),
            Throws.InstanceOf<MessageSecurityException>().With.InnerException.Message.Contains("the service failed as it was asked to"));
        Assert.That(() => tolerant.CreateChannel().Greet("fail"), Throws.InstanceOf<FaultException>().With.Message.Contains("the service failed as it was asked to"));
    }

    // Mono verifies what a signature names wherever it stands, and hands on another Body. It is no model for that, and shows why a signed part counts at its place alone.
    [TestCaseSource(nameof(Wrapped))]
    public async Task Request_OfOursWithItsBodyWrapped_IsTakenByServiceOfMono(string profile)
    {
        await using var relay = await Relay.Start(Peer.Service(profile), message => Tampering.Apply("wrap", message));
        using var factory = CreateFactory(profile, relay.Address, out _);

        Assert.That(await Task.Run(() => factory.CreateChannel().Greet("hello")), Does.StartWith("you said forged"));
    }

    [TestCaseSource(nameof(ByCertificate))]
    public void Proxy_OfStranger_IsRefusedByServiceOfMono(string profile)
    {
        using var strangers = new TemporaryKeys();
        using var factory = CreateFactory(profile, Peer.Service(profile), out _, certificate: TestKeys.Read(strangers.Folder, "client"));

        Assert.That(() => factory.CreateChannel().Greet("hello"), Throws.InstanceOf<CommunicationException>());
    }

    [TestCaseSource(typeof(Tampering), nameof(Tampering.OfRequestsToMono))]
    public async Task Request_TamperedWith_IsRefusedByServiceOfMono(string profile, string tampering)
    {
        await using var honest = await Relay.Start(Peer.Service(profile), message => Tampering.Apply("nothing", message));
        using (var factory = CreateFactory(profile, honest.Address, out _))
        {
            Assert.That(await Task.Run(() => factory.CreateChannel().Greet("hello")), Does.StartWith("you said hello"));
        }

        await using var relay = await Relay.Start(Peer.Service(profile), message => Tampering.Apply(tampering, message));
        using var second = CreateFactory(profile, relay.Address, out _);
        await Assert.ThatAsync(() => Task.Run(() => second.CreateChannel().Greet("hello")), Throws.InstanceOf<CommunicationException>());
    }

    [TestCaseSource(typeof(Tampering), nameof(Tampering.OfReplies))]
    public async Task Reply_OfMonoTamperedWith_IsRefused(string profile, string tampering)
    {
        await using var relay = await Relay.Start(Peer.Service(profile), ofReply: message => Tampering.Apply(tampering, message));
        using var factory = CreateFactory(profile, relay.Address, out _);

        await Assert.ThatAsync(
            () => Task.Run(() => factory.CreateChannel().Greet("hello")),
            Throws.InstanceOf<MessageSecurityException>().With.InnerException.Property(nameof(WsSecurityException.Failure)).AnyOf(Tampering.Failures(tampering)));
        Assert.That(relay.Status, Is.EqualTo(200));
    }

    private static IEnumerable<TestCaseData> WithUserName => Profiles.Where([.. Profiles.All.Where(IsByUserName)]);

    private static IEnumerable<TestCaseData> WithoutUserName => Profiles.Where([.. Profiles.All.Where(profile => !IsByUserName(profile))]);

    private static IEnumerable<TestCaseData> Wrapped => Profiles.Where("MutualCertificate", "MutualCertificateWss10");

    private static IEnumerable<TestCaseData> ByCertificate => Profiles.Where("MutualCertificate", "MutualCertificateWss10", "WSHttpCertificate");

    private static bool IsByUserName(string profile) => profile.Contains("UserName", StringComparison.Ordinal);

    private static ChannelFactory<IGreeter> CreateFactory(
        string profile, Uri address, out UtilityPrefix prefix, Func<SecurityPolicy, SecurityPolicy>? change = null, X509Certificate2? certificate = null)
    {
        var policy = Parties.Policy(profile);
        var credentials = Parties.Client(Peer.Keys);
        var binding = new WSHttpBinding(SecurityMode.None)
            .WithMessageSecurity(change?.Invoke(policy) ?? policy, credentials with { Certificate = certificate ?? credentials.Certificate });
        var factory = new ChannelFactory<IGreeter>(binding, new EndpointAddress(address));
        factory.Endpoint.EndpointBehaviors.Add(prefix = new UtilityPrefix());
        return factory;
    }
}
