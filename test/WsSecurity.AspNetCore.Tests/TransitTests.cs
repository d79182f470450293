using System.Buffers;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>From a client through a YARP proxy that has a header of its own, and is not trusted with the message, to a real service.</summary>
public sealed class TransitTests
{
    private const string Proxy = "urn:proxy";

    private static readonly SecurityPolicy EndToEnd = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };
    private static readonly SecurityPolicy ForProxy = SecurityPolicy.CertificateSignature with { Actor = Proxy };

    private static readonly WsSecurityEndpoint Endpoint = new() { Policy = EndToEnd, Credentials = TestKeys.ServiceCredentials };

    private static readonly WsSecurityTransit Verifying = new()
    {
        Verified = ForProxy,
        Credentials = new SecurityCredentials { TrustDomains = TestKeys.ServiceCredentials.TrustDomains },
    };

    [TestCase(SoapVersion.Soap11)]
    [TestCase(SoapVersion.Soap12)]
    public async Task Call_ThroughProxy_IsVerifiedByBothAndReadByTheServiceAlone(SoapVersion version)
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        await using var proxy = await ProxyHost.StartAsync(host.BaseAddress, app => app.UseWsSecurityTransit(EchoHost.Path, Verifying));
        using var client = new EchoClient(proxy.BaseAddress, EndToEnd, TestKeys.ClientCredentials) { Version = version };
        var sent = client.Protect(client.Envelope("Echo", "for the service alone"), out var pending);

        var reply = await client.PostAsync(ForProxyToo(sent));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.StatusCode, Is.EqualTo(200), reply.Text);
            Assert.That(proxy.Seen.Request, Is.EqualTo(System.Text.Encoding.UTF8.GetString(sent)));
            Assert.That(proxy.Seen.Request + reply.Text, Does.Not.Contain("for the service alone"));
            Assert.That(pending.VerifyReply(reply.Octets, MessageContext.Empty).IsFault, Is.False);
            Assert.That(host.Echo.Calls, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Call_WithoutHeaderForTheProxy_IsRefusedByIt()
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        await using var proxy = await ProxyHost.StartAsync(host.BaseAddress, app => app.UseWsSecurityTransit(EchoHost.Path, Verifying));
        using var client = new EchoClient(proxy.BaseAddress, EndToEnd, TestKeys.ClientCredentials);

        var reply = await client.PostAsync(client.Protect("Echo", "text"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.StatusCode, Is.EqualTo(500));
            Assert.That(reply.FaultCode, Is.EqualTo("InvalidSecurity"));
            Assert.That(proxy.Log.Failures, Does.Contain(SecurityFailure.SecurityHeaderMissing));
            Assert.That(host.Log.Failures, Is.Empty);
            Assert.That(host.Echo.Calls, Is.Zero);
        }
    }

    [Test]
    public async Task Call_SentTwice_PassesOnce()
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        await using var proxy = await ProxyHost.StartAsync(host.BaseAddress, app => app.UseWsSecurityTransit(EchoHost.Path, Verifying));
        using var client = new EchoClient(proxy.BaseAddress, EndToEnd, TestKeys.ClientCredentials);
        var wire = ForProxyToo(client.Protect("Echo", "text"));

        await client.PostAsync(wire);
        await client.PostAsync(wire);

        Assert.That(proxy.Log.Failures, Does.Contain(SecurityFailure.MessageReplayed));
        Assert.That(host.Echo.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Proxy_ThatChangesTheMessage_IsCaughtByTheService()
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        await using var proxy = await ProxyHost.StartAsync(
            host.BaseAddress,
            app => app.UseWsSecurityTransit(EchoHost.Path, Verifying),
            tamper: request => request.Replace("<s:Body", "<s:Body x=\"1\"", StringComparison.Ordinal));
        using var client = new EchoClient(proxy.BaseAddress, EndToEnd, TestKeys.ClientCredentials);

        var reply = await client.PostAsync(ForProxyToo(client.Protect("Echo", "text")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.FaultCode, Is.EqualTo("FailedCheck"));
            Assert.That(host.Log.Failures, Does.Contain(SecurityFailure.DigestMismatch));
            Assert.That(host.Echo.Calls, Is.Zero);
        }
    }

    [Test]
    public async Task Proxy_ThatAddsItsOwnHeader_LeavesTheSendersAsItIs()
    {
        var adding = new WsSecurityTransit { Added = ForProxy, Credentials = new SecurityCredentials { Certificate = TestKeys.Client } };
        await using var host = await EchoHost.StartAsync(app => app.UseWsSecurityTransit(EchoHost.Path, Verifying).UseWsSecurity(EchoHost.Path, Endpoint));
        await using var proxy = await ProxyHost.StartAsync(host.BaseAddress, app => app.UseWsSecurityTransit(EchoHost.Path, adding));
        using var client = new EchoClient(proxy.BaseAddress, EndToEnd, TestKeys.ClientCredentials);
        var sent = client.Protect(client.Envelope("WhoAmI", null), out var pending);

        var reply = await client.PostAsync(sent, "WhoAmI");

        Assert.That(reply.StatusCode, Is.EqualTo(200), reply.Text + string.Join('\n', host.Log.Messages));
        Assert.That(proxy.Seen.Request, Does.Contain(Proxy));
        using var stream = pending.VerifyReply(reply.Octets, MessageContext.Empty).OpenRead();
        Assert.That(System.Xml.Linq.XDocument.Load(stream).Root!.Value, Does.Contain("CN=Client"));
    }

    [Test]
    public async Task Proxy_PathsBesideIt_Pass()
    {
        await using var host = await EchoHost.StartAsync(Endpoint);
        await using var proxy = await ProxyHost.StartAsync(host.BaseAddress, app => app.UseWsSecurityTransit(EchoHost.Path, Verifying));
        using var http = new HttpClient { BaseAddress = proxy.BaseAddress };

        Assert.That(await http.GetStringAsync("/health"), Is.EqualTo("well"));
        Assert.That(await http.GetStringAsync(EchoHost.Path + "?wsdl"), Does.Contain("definitions"));
    }

    [Test]
    public void Transit_ThatDoesNothing_IsRefused() => Assert.That(
        async () => await ProxyHost.StartAsync(new Uri("http://127.0.0.1:1"), app => app.UseWsSecurityTransit("/", new WsSecurityTransit { Credentials = new SecurityCredentials() })),
        Throws.ArgumentException);

    private static byte[] ForProxyToo(byte[] envelope)
    {
        var output = new ArrayBufferWriter<byte>();
        new TransitInitiator(ForProxy, TestKeys.ClientCredentials).Protect(envelope, MessageContext.Empty, output);
        return output.WrittenSpan.ToArray();
    }
}
