using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Text;
using NUnit.Framework;
using WsSecurity.AspNetCore.Tests;
using WsSecurity.ServiceModel;

namespace WsSecurity.Mail.Tests;

/// <summary>What never becomes a mail.</summary>
public sealed class SenderRefusalTests
{
    private static readonly MailServer Server = new() { Host = "localhost" };

    [ServiceContract(Namespace = "urn:orders")]
    internal interface IOrders
    {
        [OperationContract]
        string Place(string article);
    }

    [ServiceContract(Namespace = "urn:orders")]
    internal interface IForged
    {
        [OperationContract(IsOneWay = true, Action = "urn:a\"\r\nBcc: mallory@example.org\r\nX: \"")]
        void Note(string text);
    }

    [Test]
    public void Contract_WithReplies_IsRefused() =>
        Assert.That(() => Factory<IOrders>().Open(), Throws.InvalidOperationException);

    [TestCase("mailto:")]
    [TestCase("mailto:nobody")]
    [TestCase("mailto:orders@example.test?bcc=mallory@example.org")]
    [TestCase("mailto:orders%0D%0ARCPT@example.test")]
    [TestCase("mailto:orders%20%3Cmallory%40example.org%3E@example.test")]
    [TestCase("mailto:mallory%40example.org@example.test")]
    [TestCase("mailto:gr%C3%B6%C3%9Fe@example.test")]
    [TestCase("https://example.test/orders")]
    public void Address_ThatIsNotOneMailbox_IsRefused(string address)
    {
        var factory = Factory<INotes>();
        Assert.That(
            () => ((IClientChannel)factory.CreateChannel(new EndpointAddress(address))).Open(), Throws.ArgumentException.With.Message.Contains("one mailbox"));
    }

    [Test]
    public void Action_WithLineEnds_BecomesNoHeader()
    {
        var client = Factory<IForged>().CreateChannel(new EndpointAddress("mailto:orders@example.test"));
        Assert.That(() => client.Note("gnome"), Throws.InstanceOf<CommunicationException>().With.Message.Contains("action"));
    }

    [TestCase("urn:größe", false)]
    [TestCase("urn:a b", false)]
    [TestCase("urn:a\"", false)]
    [TestCase("urn:a\\", false)]
    [TestCase("urn:orders/INotes/Note", true)]
    [TestCase("http://example.org/a?b=c&d=%20", true)]
    public void Action_IsPrintableAsciiWithoutQuotes(string action, bool isOne) => Assert.That(SoapMail.IsAction(action), Is.EqualTo(isOne));

    [Test]
    public void Action_LongerThanALine_IsRefused() => Assert.That(SoapMail.IsAction(new string('a', 1000)), Is.False);

    [TestCase(null)]
    [TestCase("")]
    [TestCase("client")]
    [TestCase("a@b\r\nBcc: c@d")]
    [TestCase("The Client <client@example.test>")]
    [TestCase("a@b, c@d")]
    public void From_ThatIsNotOneMailbox_IsRefused(string? from) =>
        Assert.That(() => Factory<INotes>(new() { Server = Server, From = from }).Open(), Throws.InvalidOperationException.With.Message.Contains("From"));

    [Test]
    public void Server_Missing_IsRefused() =>
        Assert.That(() => Factory<INotes>(new() { From = "client@example.test" }).Open(), Throws.InvalidOperationException.With.Message.Contains("Server"));

    [Test]
    public void Password_InClear_IsRefused()
    {
        var server = Server with { Tls = MailServerTls.PlainText, Credentials = new("client", "secret") };
        Assert.That(
            () => Factory<INotes>(new() { Server = server, From = "client@example.test" }).Open(),
            Throws.InvalidOperationException.With.Message.Contains("in clear").And.Message.Not.Contains("secret"));
    }

    [Test]
    public void Server_InText_HasNoPassword() =>
        Assert.That((Server with { Port = 25, Credentials = new("client", "secret") }).ToString(), Is.EqualTo("localhost:25"));

    [Test]
    public void Encoding_ThatIsNotText_IsRefused()
    {
        var binding = new CustomBinding(new BinaryMessageEncodingBindingElement(), new SmtpTransportBindingElement { Server = Server, From = "client@example.test" });
        Assert.That(() => new ChannelFactory<INotes>(binding).Open(), Throws.InvalidOperationException.With.Message.Contains("text"));
    }

    private static ChannelFactory<T> Factory<T>(SmtpTransportBindingElement? transport = null)
    {
        var binding = new CustomBinding(
            new TextMessageEncodingBindingElement(MessageVersion.Soap11, Encoding.UTF8), transport ?? new SmtpTransportBindingElement { Server = Server, From = "client@example.test" });
        return new ChannelFactory<T>(binding.WithMessageSecurity(MailClient.Policy, TestKeys.ClientCredentials), new EndpointAddress("mailto:orders@example.test"));
    }
}
