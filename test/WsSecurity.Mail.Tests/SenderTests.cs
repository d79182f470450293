using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Security;
using System.Text;
using MimeKit;
using NUnit.Framework;
using WsSecurity.AspNetCore.Tests;
using WsSecurity.Mail.Tests.Servers;

namespace WsSecurity.Mail.Tests;

/// <summary>A WCF client that hands its messages to Postfix.</summary>
public sealed class SenderTests
{
    private static readonly MessageVersion Soap12 = MessageVersion.CreateVersion(EnvelopeVersion.Soap12, AddressingVersion.None);

    [OneTimeSetUp]
    public void Require() => MailHost.Require();

    [Test]
    public async Task Mail_IsOneSoapPartInBase64WithoutPlaintext()
    {
        var mailbox = MailHost.Postfix.NewMailbox();
        using var client = new MailClient(mailbox);
        client.Notes.Note("for the service alone");

        var raw = await Maildirs.TakeAsync(mailbox);
        var mail = await MimeMessage.LoadAsync(new MemoryStream(raw));
        var part = (MimePart)mail.Body!;
        var envelope = Maildirs.EnvelopeOf(mail);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(mail.From.ToString(), Is.EqualTo("client@example.test"));
            Assert.That(mail.To!.ToString(), Is.EqualTo($"{mailbox}@example.test"));
            Assert.That(mail.MessageId, Does.Match("^[0-9a-f]{32}@example[.]test$"));
            Assert.That(part.Headers[HeaderId.ContentType], Is.EqualTo("text/xml; charset=utf-8"));
            Assert.That(part.ContentTransferEncoding, Is.EqualTo(ContentEncoding.Base64));
            Assert.That(mail.Headers["SOAPAction"], Is.EqualTo("\"urn:orders/INotes/Note\""));
            Assert.That(mail.Headers[HeaderId.AutoSubmitted], Is.EqualTo("auto-generated"));
            Assert.That(Encoding.UTF8.GetString(envelope), Does.Contain("EncryptedData").And.Not.Contain("alone"));
            Assert.That(Encoding.ASCII.GetString(raw), Does.Contain("ESMTPSA"), "over TLS, and authenticated");
        }
    }

    [Test]
    public async Task Soap12_HasItsActionInTheMediaType()
    {
        var mailbox = MailHost.Postfix.NewMailbox();
        using var client = new MailClient(mailbox, new() { Version = Soap12 });
        client.Notes.Note("gnome");

        var mail = await MimeMessage.LoadAsync(new MemoryStream(await Maildirs.TakeAsync(mailbox)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(mail.Body!.ContentType.MimeType, Is.EqualTo("application/soap+xml"));
            Assert.That(mail.Body!.ContentType.Parameters["action"], Is.EqualTo("urn:orders/INotes/Note"));
            Assert.That(mail.Headers["SOAPAction"], Is.Null);
        }
    }

    [Test]
    public async Task MessageId_OfTheEnvelope_NamesTheMailHoweverOftenItIsSent()
    {
        var mailbox = MailHost.Postfix.NewMailbox();
        using var client = new MailClient(mailbox, new() { Version = MessageVersion.Soap12WSAddressing10 });
        var id = new System.Xml.UniqueId();
        foreach (var article in (string[])["first", "again"])
        {
            using var scope = new OperationContextScope((IContextChannel)client.Notes);
            OperationContext.Current.OutgoingMessageHeaders.MessageId = id;
            client.Notes.Note(article);
        }

        client.Notes.Note("another");
        var names = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            names.Add((await MimeMessage.LoadAsync(new MemoryStream(await Maildirs.TakeAsync(mailbox)))).MessageId!);
        }

        Assert.That(names.Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task ManyCallersAtOnce_AllGetThrough()
    {
        const int Count = 60;
        var mailbox = MailHost.Postfix.NewMailbox();
        using var client = new MailClient(mailbox);

        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => client.Notes.NoteAsync($"order {i}")));

        await Maildirs.WaitForAsync(mailbox, Count);
    }

    [Test]
    public async Task ImplicitTlsAndPlainText_AreUsedWhereAskedFor()
    {
        var mailbox = MailHost.Postfix.NewMailbox();
        using var client = new MailClient(mailbox, new() { Server = new MailServer { Host = "localhost", Port = MailHost.Postfix.PlainPort, Tls = MailServerTls.PlainText } });
        client.Notes.Note("gnome");
        Assert.That(Encoding.ASCII.GetString(await Maildirs.TakeAsync(mailbox)), Does.Contain("with ESMTP id"));
    }

    [Test]
    public void Server_WithoutStartTls_GetsNothing()
    {
        using var client = new MailClient("m0", new() { Server = new MailServer { Host = "localhost", Port = MailHost.Postfix.PlainPort } });
        Assert.That(() => client.Notes.Note("gnome"), Throws.InstanceOf<SecurityNegotiationException>().With.Message.Contains("STARTTLS"));
    }

    [Test]
    public void Server_OfAnotherAuthority_GetsNothing()
    {
        using var client = new MailClient("m0", new() { Server = MailClient.SubmissionServer() with { Authorities = [TestKeys.Authority] } });
        Assert.That(() => client.Notes.Note("gnome"), Throws.InstanceOf<SecurityNegotiationException>());
    }

    [Test]
    public void Server_OfAnotherName_GetsNothing()
    {
        using var client = new MailClient("m0", new() { Server = MailClient.SubmissionServer() with { Host = "127.0.0.1" } });
        Assert.That(() => client.Notes.Note("gnome"), Throws.InstanceOf<SecurityNegotiationException>());
    }

    [Test]
    public void Server_NotInTheSystemsAuthorities_GetsNothing()
    {
        using var client = new MailClient("m0", new() { Server = MailClient.SubmissionServer() with { Authorities = [] } });
        Assert.That(() => client.Notes.Note("gnome"), Throws.InstanceOf<SecurityNegotiationException>());
    }

    [Test]
    public void Password_Wrong_IsSaidSo()
    {
        using var client = new MailClient("m0", new() { Server = MailClient.SubmissionServer() with { Credentials = new("client", "a guess") } });
        Assert.That(
            () => client.Notes.Note("gnome"),
            Throws.InstanceOf<MessageSecurityException>().With.Message.Contains("name and password").And.Message.Not.Contains("a guess"));
    }

    [Test]
    public void Mailbox_Unknown_IsNoEndpoint()
    {
        using var client = new MailClient("nobody");
        Assert.That(() => client.Notes.Note("gnome"), Throws.InstanceOf<EndpointNotFoundException>().With.Message.Contains("nobody@example.test"));
    }

    [Test]
    public void Server_ThatIsNotThere_IsNoEndpoint()
    {
        using var client = new MailClient("m0", new() { Server = new MailServer { Host = "localhost", Port = PrivateFolder.FreePort() } });
        Assert.That(() => client.Notes.Note("gnome"), Throws.InstanceOf<EndpointNotFoundException>().With.Message.Contains("cannot be reached"));
    }

    [Test]
    public async Task Server_StoppedAndStarted_RefusesAndThenTakes()
    {
        using var postfix = new Postfix();
        await postfix.StartAsync();
        var mailbox = postfix.NewMailbox();
        using var client = new MailClient(mailbox, new() { Server = MailClient.SubmissionServer(postfix) with { Credentials = null } });
        client.Notes.Note("before");
        postfix.Stop();

        Assert.That(() => client.Notes.Note("lost"), Throws.InstanceOf<EndpointNotFoundException>());

        await postfix.StartAsync();
        client.Notes.Note("after");
        await Maildirs.WaitForAsync(mailbox, 2, postfix);
    }
}
