using CoreWCF.Channels;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>A binding in which messages could pass unprotected is refused when the host starts.</summary>
internal sealed class WsSecurityBindingElementTests
{
    [Test]
    public Task StartAsync_EncodingAboveTheElement_IsRefused() => AssertRefused(
        new CustomBinding(new TextMessageEncodingBindingElement(), Element(), new HttpTransportBindingElement()), "move WsSecurityBindingElement directly above the encoding");

    [Test]
    public Task StartAsync_ElementTwice_IsRefused() => AssertRefused(
        new CustomBinding(Element(), Element(), new TextMessageEncodingBindingElement(), new HttpTransportBindingElement()), "more than one");

    [Test]
    public void WithMessageSecurity_NoEncoding_IsRefused() => Assert.That(
        () => new CustomBinding(new HttpTransportBindingElement()).WithMessageSecurity(Policies.Mutual), Throws.InvalidOperationException.With.Message.Contains("message encoding"));

    [Test]
    public void Clone_AllSettings_AreKept()
    {
        var element = new WsSecurityBindingElement(Policies.Mutual)
        {
            Credentials = CoreWcfHost.Credentials,
            Services = new SecurityServices(),
            EndpointAddress = new Uri("https://orders.example/echo"),
            SupportsAuthorizationData = false,
        };

        var clone = (WsSecurityBindingElement)element.Clone();

        Assert.That(clone.Policy, Is.SameAs(element.Policy));
        Assert.That(clone.Credentials, Is.SameAs(element.Credentials));
        Assert.That(clone.Services, Is.SameAs(element.Services));
        Assert.That(clone.EndpointAddress, Is.EqualTo(element.EndpointAddress));
        Assert.That(clone.SupportsAuthorizationData, Is.False);
    }

    private static WsSecurityBindingElement Element() => new(Policies.Mutual) { Credentials = CoreWcfHost.Credentials };

    private static Task AssertRefused(CustomBinding binding, string reason) => Assert.ThatAsync(
        async () =>
        {
            await using var host = await CoreWcfHost.StartHttpAsync(new EchoService(), binding);
        },
        Throws.InvalidOperationException.With.Message.Contains(reason));
}
