using System.Text;
using MimeKit;
using NUnit.Framework;
using WsSecurity.AspNetCore.Tests;

namespace WsSecurity.Mail.Tests;

/// <summary>Mails that are no orders: kept apart as they are, with the reason in the log, and in nobody's way.</summary>
[Platform(Exclude = "Win")]
public sealed class RefusedMailTests
{
    private static readonly SecurityPolicy Signing = MailClient.Policy with { ProtectionLevel = ProtectionLevel.Sign };

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return Case("not a mail", "\0\u0001\u0002 this is no mail"u8.ToArray(), "no mail");
        yield return Case("empty", [], "no");
        yield return Case("plain text", Encoding.ASCII.GetBytes("From: a@b\r\n\r\nHello\r\n"), "text/plain");
        yield return Case("HTML", Mails.Order("x", change: mail => mail.Body!.ContentType.MediaSubtype = "html"), "text/html");
        yield return Case("several parts", Several(), "several parts");
        yield return Case("a mail in a mail", Mails.Order("x", change: mail => mail.Body = new MessagePart("rfc822", new MimeMessage())), "no part");
        yield return Case("no boundary", Encoding.ASCII.GetBytes("Content-Type: multipart/mixed\r\n\r\nHello\r\n"), "several parts");
        yield return Case("unknown transfer encoding", Replace(Mails.Order("x"), "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: x-rot13"), "transfer encoding");
        yield return Case("wrong charset", Mails.Order("x", change: mail => mail.Body!.ContentType.Charset = "utf-16"), "InvalidEncoding");
        yield return Case("two actions", Mails.Order("x", change: mail => mail.Headers.Add("soapaction", "urn:other")), "more than one SOAPAction");
        yield return Case("unsigned", Mails.Write("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body/></s:Envelope>"u8.ToArray()), "SecurityHeaderMissing");
        yield return Case("of a stranger", Mails.Order("x", credentials: TestKeys.ClientCredentials with { Certificate = TestKeys.Stranger }), "CertificateNotTrusted");
        yield return Case("cut off", Mails.Write(Mails.Protect("x")[..^20]), "MalformedXml");
        yield return Case("too large a mail", Encoding.ASCII.GetBytes("Content-Type: text/xml\r\n\r\n" + new string(' ', 200_000)), "MaxMailSize");
        yield return Case("too large a message", Mails.Write(new byte[60_000]), "MaxMessageSize");

        static TestCaseData Case(string name, byte[] mail, string reason) => new TestCaseData(mail, reason).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Mail_GoesToQuarantineAndTheNextIsHandled(byte[] mail, string reason)
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        var name = mailbox.Deliver(mail);
        var options = mailbox.Options with
        {
            MaxMailSize = 150_000,
            Policy = MailClient.Policy with { Limits = new ProcessingLimits { MaxMessageSize = 50_000 } },
        };
        using var receiver = await mailbox.ReceiveAsync(orders, options);
        mailbox.Deliver(Mails.Order("gnome"));
        await mailbox.EmptyAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(orders.Articles, Is.EqualTo(new[] { "gnome for CN=Client" }));
            Assert.That(mailbox.Files(".Quarantine").Select(Path.GetFileName), Is.EqualTo(new[] { $"{name}:2," }));
            Assert.That(await File.ReadAllBytesAsync(mailbox.Files(".Quarantine").Single()), Is.EqualTo(mail));
            Assert.That(mailbox.Log.Text, Does.Contain(reason).And.Contain($"The mail {name} was moved to Quarantine."));
        }
    }

    [Test]
    public async Task TamperedMail_IsRefusedAndOnesThatWereNotAreHandled()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        var envelope = Mails.Protect("gnome", Signing);
        mailbox.Deliver(Mails.Write(Replace(envelope, "gnome", "gnomes")));
        mailbox.Deliver(Mails.Write(envelope));
        using var receiver = await mailbox.ReceiveAsync(orders, mailbox.Options with { Policy = Signing });
        await mailbox.EmptyAsync();

        Assert.That(orders.Articles, Is.EqualTo(new[] { "gnome for CN=Client" }));
        Assert.That(mailbox.Log.Text, Does.Contain("DigestMismatch"));
    }

    [Test]
    public async Task ForgedFrom_ChangesNothingOfWhoTheCallerIs()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        mailbox.Deliver(Mails.Order("gnome", change: mail =>
        {
            mail.From.Clear();
            mail.From.Add(new MailboxAddress("CN=Service", "administrator@example.test"));
            mail.Sender = new MailboxAddress("root", "root@example.test");
        }));
        using var receiver = await mailbox.ReceiveAsync(orders);
        await orders.WaitForAsync(1);

        Assert.That(orders.Articles, Is.EqualTo(new[] { "gnome for CN=Client" }));
    }

    [Test]
    public async Task MessageForAnotherMailbox_IsRefused()
    {
        const string To = "<a:To xmlns:a=\"http://www.w3.org/2005/08/addressing\">mailto:invoices@example.test</a:To>";
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        mailbox.Deliver(Mails.Write(Mails.Protect("gnome", headers: To)));
        mailbox.Deliver(Mails.Write(Mails.Protect("for us", headers: To.Replace("invoices", "orders", StringComparison.Ordinal))));
        using var receiver = await mailbox.ReceiveAsync(orders, mailbox.Options with { EndpointAddress = new Uri("mailto:orders@example.test") });
        await mailbox.EmptyAsync();

        Assert.That(orders.Articles, Is.EqualTo(new[] { "for us for CN=Client" }));
        Assert.That(mailbox.Log.Text, Does.Contain("DestinationMismatch"));
    }

    [Test]
    public async Task ActionOfTheMail_ThatIsNotTheSignedOne_IsRefused()
    {
        const string Action = "<a:Action xmlns:a=\"http://www.w3.org/2005/08/addressing\">urn:orders/INotes/Cancel</a:Action>";
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        mailbox.Deliver(Mails.Write(Mails.Protect("gnome", headers: Action)));
        using var receiver = await mailbox.ReceiveAsync(orders);
        await mailbox.EmptyAsync();

        Assert.That(mailbox.Log.Text, Does.Contain("ActionMismatch"));
    }

    [Test]
    public async Task MandatoryHeader_ThatTheHandlerDoesNotKnow_IsRefused()
    {
        const string Header = "<x:Budget xmlns:x=\"urn:x\" s:mustUnderstand=\"1\">5</x:Budget>";
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        mailbox.Deliver(Mails.Write(Mails.Protect("gnome", headers: Header)));
        using var receiver = await mailbox.ReceiveAsync(orders, mailbox.Options with { UnderstoodHeaders = [] });
        await mailbox.EmptyAsync();

        Assert.That(orders.Articles, Is.Empty);
        Assert.That(mailbox.Files(".Quarantine"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task MailFromQuarantine_ThatIsMovedBack_IsTriedAgain()
    {
        using var mailbox = new Mailbox();
        using var orders = new Orders();
        mailbox.Deliver(Mails.Order("gnome"));
        using (var wrong = await mailbox.ReceiveAsync(orders, mailbox.Options with { Credentials = TestKeys.ServiceCredentials with { TrustDomains = [new TrustDomain { Name = "others", Anchors = [TestKeys.OtherAuthority] }] } }))
        {
            await mailbox.EmptyAsync();
            await wrong.StopAsync(CancellationToken.None);
        }

        var refused = mailbox.Files(".Quarantine").Single();
        File.Move(refused, Path.Combine(mailbox.Path, "cur", Path.GetFileName(refused)));
        using var right = await mailbox.ReceiveAsync(orders);
        await orders.WaitForAsync(1);
    }

    private static byte[] Several() => Mails.Order("x", change: mail => mail.Body = new Multipart("mixed", mail.Body!, new TextPart("plain") { Text = "Scanned for viruses." }));

    private static byte[] Replace(byte[] octets, string old, string with) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(octets).Replace(old, with, StringComparison.Ordinal));
}
