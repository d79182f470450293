using NUnit.Framework;
using WsSecurity.Cli.Demo;

namespace WsSecurity.Cli.Tests.Demo;

public sealed class DemoTests
{
    private const char Escape = '\x1b';

    [TestCase(false)]
    [TestCase(true)]
    public async Task Run_FromEndToEnd_ShowsTheCallAndEveryAttackRefused(bool coloured)
    {
        using var output = new StringWriter();

        var exitCode = await new DemoRun(new Terminal(output, coloured)).RunAsync(CancellationToken.None);

        var text = output.ToString();
        Assert.That(exitCode, Is.Zero, text);
        Assert.That(text.Contains(Escape, StringComparison.Ordinal), Is.EqualTo(coloured));
        Assert.That(text, Does.Contain("2026-0001").And.Contains("CN=Alice").And.Contains("EncryptedData").And.Contains("All refused."));
        foreach (var failure in new[] { SecurityFailure.DigestMismatch, SecurityFailure.DecryptionFailed, SecurityFailure.MessageReplayed, SecurityFailure.SecurityHeaderMissing })
        {
            Assert.That(text, Does.Contain(failure.ToString()));
        }
    }

    [Test]
    public void Print_Envelope_MarksWhatTheWireSaysIsSignedAndEncrypted()
    {
        const string Wire =
            """
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">
              <s:Header><Plain/><ds:Signature><ds:SignedInfo><ds:Reference URI="#b"/></ds:SignedInfo></ds:Signature></s:Header>
              <s:Body wsu:Id="b"><Readable>text</Readable><xenc:EncryptedData><xenc:CipherValue>0123456789012345678901234567890123456789</xenc:CipherValue></xenc:EncryptedData></s:Body>
            </s:Envelope>
            """;
        using var output = new StringWriter();

        WireView.Print(System.Text.Encoding.UTF8.GetBytes(Wire), new Terminal(output, coloured: false), "CN=Sender", "CN=Receiver");

        Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo(
            """
                 <s:Envelope>
                   <s:Header>
                     <Plain/>
                     ↓ by CN=Sender, over what is marked S
                     <ds:Signature>
                       <ds:SignedInfo>
                         <ds:Reference URI="#b"/>
                       </ds:SignedInfo>
                     </ds:Signature>
                   </s:Header>
              S    <s:Body wsu:Id="b">
              S      <Readable>text</Readable>
              SE     ↓ readable by CN=Receiver alone
              SE     <xenc:EncryptedData>
              SE       <xenc:CipherValue>01234567890123456789… (40 characters)</xenc:CipherValue>
              SE     </xenc:EncryptedData>
              S    </s:Body>
                 </s:Envelope>

            """.ReplaceLineEndings("\n")));
    }
}
