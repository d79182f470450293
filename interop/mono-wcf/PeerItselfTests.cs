namespace WsSecurity.Interop.MonoWcf;

/// <summary>Mono against itself: what this fails, no test against our engine may blame on the engine.</summary>
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
    public async Task Client_AgainstOwnService_GetsAnswer(string profile)
    {
        var (status, text) = await Peer.Call(profile, Peer.Service(profile), "hello");

        Assert.That(status, Is.EqualTo(200), text);
        Assert.That(text, Does.StartWith("you said hello"));
    }
}
