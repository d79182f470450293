using WsSecurity.Examples;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>The sample of an intermediary: a WCF client, a YARP proxy behind TLS and a CoreWCF service in one process.</summary>
internal sealed class SampleTests
{
    [Test]
    public async Task Intermediary_PassesWhatItCannotReadAndIsCaughtWhenItMeddles()
    {
        var lines = await SampleProcess.RunAsync("intermediary");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Some.Match("^as it should be +gnome for CN=partner.example, via proxy.example$"));
            Assert.That(lines, Has.Some.Match("^the proxy let CN=partner.example pass, and read: <s:Body …><xenc:EncryptedData …$"));
            Assert.That(lines, Has.Some.EqualTo("it could read the article: no"));
            Assert.That(lines, Has.Some.Match("^received [0-9]+ octets, took away [0-9]+, added [0-9]+; the other [0-9]+: the same$"));
            Assert.That(lines, Has.Some.Match("^the proxy changes the Body +refused: The signature or decryption was invalid"));
            Assert.That(lines, Has.Some.Match("^the proxy sends it twice +gnome for CN=partner.example"));
            Assert.That(lines, Has.Some.EqualTo("the second time: status 500"));
            Assert.That(lines, Has.Some.Match("^no header for the proxy +refused: "));
            Assert.That(lines, Has.Some.Match("^a header for another node +refused: "));
            Assert.That(lines, Has.Some.Match("^a header without a signature +refused: "));
            Assert.That(lines, Has.Some.Match("^a header that a stranger signed +refused: "));
            Assert.That(Refusals(lines, "the service"), Is.EqualTo(["DecryptionFailed", "MessageReplayed"]));
            Assert.That(Refusals(lines, "the proxy"), Is.EqualTo(["SecurityHeaderMissing", "SecurityHeaderMissing", "UnexpectedSecurityElement", "CertificateNotTrusted"]));
        }
    }

    private static IEnumerable<string> Refusals(IEnumerable<string> lines, string who) => lines
        .Where(line => line.StartsWith($"refused by {who} ", StringComparison.Ordinal))
        .Select(line => line.Split(": ")[1].Split('.')[0]);
}
