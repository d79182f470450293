using NUnit.Framework;
using System.Buffers;
using System.ServiceModel.Channels;
using WsSecurity.ServiceModel.Channels;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.ServiceModel.Tests.Channels;

internal sealed class RequestExchangeTests
{
    private static readonly byte[] Envelope = Envelopes.Create(Envelopes.Soap11, [], new System.Xml.Linq.XElement("x")).ToOctets();

    [Test]
    public void Dispose_EndsThePendingReply()
    {
        var exchange = Create();
        exchange.Protect(Envelope, new ArrayBufferWriter<byte>());
        exchange.Dispose();

        Assert.Throws<ObjectDisposedException>(() => exchange.PendingReply!.VerifyReply(Envelope, MessageContext.Empty));
    }

    [Test]
    public void Protect_AfterTheCallWasGivenUp_SendsNothing()
    {
        var exchange = Create();
        exchange.Dispose();
        var output = new ArrayBufferWriter<byte>();

        Assert.Throws<OperationCanceledException>(() => exchange.Protect(Envelope, output));
        Assert.That(output.WrittenCount, Is.Zero);
    }

    [Test]
    public void Close_OfTheMessage_LeavesTheExchangeOpen()
    {
        using var exchange = Create();
        var message = Message.CreateMessage(MessageVersion.Soap11, "urn:action");
        exchange.AttachTo(message);
        Assert.That(OutgoingProtection.Take(message), Is.SameAs(exchange));
        message.Close();

        Assert.DoesNotThrow(() => exchange.Protect(Envelope, new ArrayBufferWriter<byte>()));
    }

    [Test]
    public void Take_FromAMessageOfSomebodyElse_IsRefused()
    {
        using var message = Message.CreateMessage(MessageVersion.Soap11, "urn:action");
        Assert.That(Assert.Throws<InvalidOperationException>(() => OutgoingProtection.Take(message))!.Message, Does.Contain("would leave unprotected"));
    }

    private static RequestExchange Create() => new(
        new Initiator(Policies.Mutual, new SecurityCredentials { Certificate = TestCertificates.Client, PeerCertificates = [TestCertificates.Public(TestCertificates.Service)] }),
        MessageContext.Empty);
}
