using NUnit.Framework;
using WsSecurity.Interop;

namespace WsSecurity.Examples;

/// <summary>The samples, run as a newcomer would.</summary>
public sealed class SampleTests
{
    [Test]
    public async Task Gateway_VouchesForItsUsersAndIsTheOnlyOneWhoMay()
    {
        var lines = await SampleProcess.RunAsync("gateway");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Some.Match("^alice, with her token +200  gnome for alice of sales, vouched for by CN=gateway.example$"));
            Assert.That(lines, Has.Some.Match("^nobody, without a token +403"));
            Assert.That(lines, Has.Some.Match("^mallory, with a token that she made +403"));
            Assert.That(lines, Has.Some.Match("^alice, claimed by partner.example +502"));
            Assert.That(lines, Has.Some.Contains("IssuerNotTrusted"));
        }
    }

    [Test]
    public async Task Evidence_IsKeptAndEveryChangeOfItIsNamed()
    {
        var lines = await SampleProcess.RunAsync("evidence");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Some.Match("^called +gnome ordered$"));
            Assert.That(lines, Has.Some.Match("^2 +RequestReceived +.* octets +CN=partner.example$"));
            Assert.That(lines, Has.Some.Match("^as it is +whole$"));
            Assert.That(lines, Has.Some.Match("^a request removed +RecordMissing: Record 2 "));
            Assert.That(lines, Has.Some.Match("^cut behind a checkpoint +HeadMissing: "));
        }
    }

    [Test]
    public async Task Mail_IsOrderedOnceAndOnlyByThePartner()
    {
        var lines = await SampleProcess.RunAsync("mail", LeaveOut);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Exactly(1).Match("^ordered +gnome for CN=partner.example$"));
            Assert.That(lines, Has.Some.Contains("DigestMismatch"));
            Assert.That(lines, Has.Some.Contains("CertificateNotTrusted"));
            Assert.That(lines, Has.Some.Match("^not sent +The mail server localhost:[0-9]+ cannot be reached"));
            Assert.That(lines, Has.Exactly(1).Match("^ordered +hedge for CN=partner.example$"));
            Assert.That(lines, Has.Some.Match("^orders +2$"));
        }
    }

    private static void LeaveOut(string missing)
    {
        Assert.That(RequiredPeers.Has("postfix"), Is.False, missing);
        Assert.Ignore(missing);
    }
}
