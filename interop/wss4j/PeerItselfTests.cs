namespace WsSecurity.Interop.Wss4j;

/// <summary>WSS4J against itself: what this fails, no test against our engine may blame on the engine.</summary>
public sealed class PeerItselfTests
{
    [Test]
    public void Peer_OnThisMachine_IsInstalled()
    {
        if (!Peer.TakesPart)
        {
            Assert.Ignore(Peer.Missing!);
        }
    }

    [TestCaseSource(typeof(Profiles), nameof(Profiles.Cases))]
    public async Task Client_AgainstOwnService_GetsEcho(string profile, string version)
    {
        var plain = Messages.Plain(version);
        var url = Uri.EscapeDataString($"{Peer.Url}/service/{profile}");

        var answer = await Peer.Post($"client/{profile}?url={url}&action=urn:wssecurity:interop/Echo", plain);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        Assert.That(Messages.Payload(answer.Content), Is.EqualTo(Messages.Payload(plain)));
    }

    [TestCaseSource(typeof(Tampering), nameof(Tampering.OfRequests))]
    public async Task Service_GivenTamperedRequest_Refuses(string profile, string tampering)
    {
        var url = Uri.EscapeDataString($"{Peer.Url}/service/{profile}");

        var answer = await Peer.Post($"client/{profile}?url={url}&tamper={tampering}", Messages.Plain("soap11"));

        Assert.That(answer.Status, Is.EqualTo(502), answer.Text);
        Assert.That(answer.Text, Does.StartWith("status 500").And.Contains(":Fault"));
    }

    [TestCaseSource(typeof(Tampering), nameof(Tampering.OfReplies))]
    public async Task Client_GivenTamperedReply_Refuses(string profile, string tampering)
    {
        var url = Uri.EscapeDataString($"{Peer.Url}/service/{profile}?tamper={tampering}");

        var answer = await Peer.Post($"client/{profile}?url={url}", Messages.Plain("soap11"));

        Assert.That(answer.Status, Is.EqualTo(502), answer.Text);
        Assert.That(answer.Text, Does.StartWith("refused reply: "));
    }
}
