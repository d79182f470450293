using NUnit.Framework;
using WsSecurity.Interop.MitKrb5.Realm;

namespace WsSecurity.Interop.MitKrb5;

public sealed class PeerItselfTests
{
    [Test]
    public void Peer_OnThisMachine_IsInstalled()
    {
        if (!KerberosPeer.TakesPart)
        {
            Assert.Ignore(KerberosPeer.Missing!);
        }
    }
}
