namespace WsSecurity.Interop.MonoWcf;

/// <summary>Proxies of Mono call our service.</summary>
public sealed class MonoClientTests
{
    private GreeterHost _host = null!;

    [OneTimeSetUp]
    public async Task Start() => _host = Peer.TakesPart ? await GreeterHost.Start() : null!;

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    [TestCaseSource(typeof(Profiles), nameof(Profiles.Cases))]
    public async Task Proxy_OfMono_CallsAndIsKnown(string profile)
    {
        const string What = "Grüße, <markup> & €";
        var caller = profile.Contains("UserName", StringComparison.Ordinal) ? ", alice" : profile.Contains("Anonymous", StringComparison.Ordinal) ? "" : ", CN=client, O=Interop";

        var (status, text) = await Peer.Call(profile, _host.Address(profile), What);

        Assert.That(status, Is.EqualTo(200), $"{_host.Refusal} {text}");
        Assert.That(text, Is.EqualTo($"you said {What}{caller}"));
    }

    [TestCaseSource(typeof(Profiles), nameof(Profiles.Cases))]
    public async Task Proxy_OfMono_GetsFault(string profile)
    {
        var (status, text) = await Peer.Call(profile, _host.Address(profile), "fail");

        Assert.That(status, Is.EqualTo(502), text);
        Assert.That(text, Does.Contain("the service failed as it was asked to"));
    }

    [TestCaseSource(nameof(ByCertificate))]
    public async Task Proxy_OfSignerThatWeDoNotTrust_IsRefused(string profile)
    {
        using var strangers = new TemporaryKeys();
        var trust = new TrustDomain { Name = "strangers", Anchors = [TestKeys.ReadAuthority(strangers.Folder)] };
        await using var host = await GreeterHost.Start(endpoint => endpoint with { Credentials = endpoint.Credentials with { TrustDomains = [trust] } });

        var (status, text) = await Peer.Call(profile, host.Address(profile), "hello");

        Assert.That(status, Is.EqualTo(502), text);
        Assert.That(host.Refusal!.Failure, Is.EqualTo(SecurityFailure.CertificateNotTrusted));
    }

    [TestCaseSource(nameof(ByPassword))]
    public async Task Proxy_WithAnotherPassword_IsRefused(string profile)
    {
        await using var host = await GreeterHost.Start(
            endpoint => endpoint with { Credentials = endpoint.Credentials with { UsernameTokenValidator = new Parties.OneUser("alice", "another") } });

        var (status, text) = await Peer.Call(profile, host.Address(profile), "hello");

        Assert.That(status, Is.EqualTo(502), text);
        Assert.That(host.Refusal!.Failure, Is.EqualTo(SecurityFailure.AuthenticationFailed));
    }

    [TestCaseSource(typeof(Profiles), nameof(Profiles.Cases))]
    public async Task Request_OfMonoSentTwice_IsReplayed(string profile)
    {
        await using var relay = await Relay.Start(_host.Address(profile));
        var (status, text) = await Peer.Call(profile, relay.Address, "hello");
        Assert.That(status, Is.EqualTo(200), $"{_host.Refusal} {text}");

        var again = await relay.SendAgain();

        Assert.That(again, Is.EqualTo(500));
        Assert.That(_host.Refusal!.Failure, Is.EqualTo(SecurityFailure.MessageReplayed));
    }

    [TestCaseSource(typeof(Tampering), nameof(Tampering.OfRequests))]
    public async Task Request_OfMonoTamperedWith_IsRefused(string profile, string tampering)
    {
        await using var honest = await Relay.Start(_host.Address(profile), message => Tampering.Apply("nothing", message));
        var (accepted, answer) = await Peer.Call(profile, honest.Address, "hello");
        await using var relay = await Relay.Start(_host.Address(profile), message => Tampering.Apply(tampering, message));
        var (status, text) = await Peer.Call(profile, relay.Address, "hello");

        Assert.That(accepted, Is.EqualTo(200), answer);
        Assert.That(status, Is.EqualTo(502), text);
        Assert.That(relay.Status, Is.EqualTo(500));
        Assert.That(_host.Refusal!.Failure, Is.AnyOf(Tampering.Failures(tampering)), _host.Refusal.Message);
    }

    [TestCaseSource(typeof(Tampering), nameof(Tampering.OfRepliesToMono))]
    public async Task Reply_TamperedWith_IsRefusedByProxyOfMono(string profile, string tampering)
    {
        await using var honest = await Relay.Start(_host.Address(profile), ofReply: message => Tampering.Apply("nothing", message));
        var (accepted, answer) = await Peer.Call(profile, honest.Address, "hello");
        await using var relay = await Relay.Start(_host.Address(profile), ofReply: message => Tampering.Apply(tampering, message));
        var (status, text) = await Peer.Call(profile, relay.Address, "hello");

        Assert.That(accepted, Is.EqualTo(200), answer);
        Assert.That(status, Is.EqualTo(502), text);
    }

    // As in MonoServiceTests: Mono does not ask where a signed part stands.
    [TestCaseSource(nameof(ByCertificate))]
    public async Task Reply_OfOursWithItsBodyWrapped_IsTakenByProxyOfMono(string profile)
    {
        await using var relay = await Relay.Start(_host.Address(profile), ofReply: message => Tampering.Apply("wrap", message));

        Assert.That(await Peer.Call(profile, relay.Address, "hello"), Is.EqualTo((200, "forged")));
    }

    private static IEnumerable<TestCaseData> ByCertificate => Profiles.Where("MutualCertificate", "MutualCertificateWss10", "WSHttpCertificate");

    private static IEnumerable<TestCaseData> ByPassword => Profiles.Where("UserNameForCertificate", "WSHttpUserName");
}
