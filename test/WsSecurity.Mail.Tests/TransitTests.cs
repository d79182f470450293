using System.Net.Sockets;
using System.Text;
using MimeKit.Encodings;
using NUnit.Framework;

namespace WsSecurity.Mail.Tests;

/// <summary>What servers on the way do to mails without meaning harm.</summary>
[Platform(Exclude = "Win")]
public sealed class TransitTests
{
    private const string Article = "Größe 3,  two spaces \n and = a line that begins.\n.\nFrom here on ends with blanks   ";
    private static readonly SecurityPolicy Signing = MailClient.Policy with { ProtectionLevel = ProtectionLevel.Sign };

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Case("nothing", mail => mail);
        yield return Case("LF for CRLF", mail => mail.Replace("\r\n", "\n", StringComparison.Ordinal));
        yield return Case("CRLF for LF", mail => mail.ReplaceLineEndings("\r\n"));
        yield return Case("blanks at the lines' ends", mail => Body(mail, body => body.Replace("\n", "  \t\n", StringComparison.Ordinal)));
        yield return Case("other line lengths", mail => Body(mail, body => string.Join("\r\n", body.ReplaceLineEndings("").Chunk(60).Select(line => new string(line)))));
        yield return Case("one long line", mail => Body(mail, body => body.ReplaceLineEndings("")));
        yield return Case("empty lines at the end", mail => mail + "\r\n\r\n\r\n");
        yield return Case("headers folded and added to", mail =>
            "Received: from a by b;\r\n\tTue, 1 Dec 2026 00:00:00 +0000\r\nX-Spam-Status: No\r\n" + mail.Replace("Content-Type: text/xml;", "Content-Type:\r\n  TEXT/XML ;\r\n ", StringComparison.Ordinal));

        static TestCaseData Case(string name, Func<string, string> change) => new TestCaseData(change).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Base64_SurvivesWhateverIsDoneToItsLines(Func<string, string> change)
    {
        var mail = Mails.Order(Article, Signing);
        await HandlesAsync(Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(mail))));
    }

    [TestCase("8bit", "\n")]
    [TestCase("8bit", "\r\n")]
    [TestCase("binary", "\n")]
    [TestCase("quoted-printable", "\r\n")]
    public async Task OtherTransferEncodings_OfForeignSenders_AreRead(string encoding, string lineEnd)
    {
        var envelope = Encoding.UTF8.GetString(Mails.Protect(Article, Signing)).ReplaceLineEndings(lineEnd);
        var body = Encoding.UTF8.GetBytes(envelope);
        if (encoding == "quoted-printable")
        {
            body = QuotedPrintable(body);
        }

        await HandlesAsync([.. Encoding.ASCII.GetBytes($"Content-Type: text/xml; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\nSOAPAction: \"\"\r\n\r\n"), .. body]);
    }

    [Test]
    public async Task EightBits_TrimmedByAServer_AreNoticed()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        var envelope = Encoding.UTF8.GetString(Mails.Protect(Article, Signing)).Replace("two spaces \n", "two spaces\n", StringComparison.Ordinal);
        mailbox.Deliver([.. "Content-Type: text/xml; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"u8, .. Encoding.UTF8.GetBytes(envelope)]);
        using var receiver = await mailbox.ReceiveAsync(orders, mailbox.Options with { Policy = Signing });
        await mailbox.EmptyAsync();

        Assert.That(mailbox.Log.Text, Does.Contain("DigestMismatch"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task ServerOfSevenBits_WritesTheMailAnewAndTheSignatureHolds(bool isBase64)
    {
        MailHost.Require();
        var mailbox = MailHost.Postfix.NewMailbox();
        var envelope = Mails.Protect(Article, Signing);
        var mail = isBase64
            ? Mails.Write(envelope)
            : [.. "Subject: foreign\r\nMIME-Version: 1.0\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"u8, .. Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(envelope).ReplaceLineEndings("\r\n"))];
        await SubmitAsync(MailHost.Postfix.SevenBitRelayPort, mailbox, mail);
        var arrived = await Maildirs.TakeAsync(mailbox);

        Assert.That(Encoding.Latin1.GetString(arrived), Does.Contain(isBase64 ? "Content-Transfer-Encoding: base64" : "Content-Transfer-Encoding: quoted-printable"));
        Assert.That(arrived.All(octet => octet < 128));
        await HandlesAsync(arrived);
    }

    private static async Task HandlesAsync(byte[] mail)
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        mailbox.Deliver(mail);
        using var receiver = await mailbox.ReceiveAsync(orders, mailbox.Options with { Policy = Signing });
        await mailbox.EmptyAsync();

        Assert.That(orders.Articles, Is.EqualTo(new[] { $"{Article} for CN=Client" }), mailbox.Log.Text);
    }

    private static string Body(string mail, Func<string, string> change)
    {
        var begin = mail.IndexOf(mail.Contains("\r\n\r\n", StringComparison.Ordinal) ? "\r\n\r\n" : "\n\n", StringComparison.Ordinal);
        return mail[..begin] + "\r\n\r\n" + change(mail[begin..].TrimStart());
    }

    private static byte[] QuotedPrintable(byte[] octets)
    {
        var encoder = new QuotedPrintableEncoder();
        var output = new byte[encoder.EstimateOutputLength(octets.Length)];
        return output[..encoder.Flush(octets, 0, octets.Length, output)];
    }

    // As it is, by hand: a client's library would write it anew itself.
    private static async Task SubmitAsync(int port, string mailbox, byte[] mail)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", port);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await reader.ReadLineAsync();
        foreach (var command in (string[])["EHLO client.example.test", "MAIL FROM:<client@example.test> BODY=8BITMIME", $"RCPT TO:<{mailbox}@example.test>", "DATA", Dotted(mail) + "\r\n.", "QUIT"])
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(command + "\r\n"));
            string? line;
            do
            {
                line = await reader.ReadLineAsync();
            }
            while (line is ['2' or '3', _, _, '-', ..]);
            Assert.That(line, Does.Match("^[23]"), command[..Math.Min(command.Length, 40)]);
        }
    }

    private static string Dotted(byte[] mail) => Encoding.Latin1.GetString(mail).ReplaceLineEndings("\r\n").TrimEnd().Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
}
