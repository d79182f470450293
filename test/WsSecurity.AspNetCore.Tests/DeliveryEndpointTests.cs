using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using WsSecurity.Messaging;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>Deliveries of a queue or a mailbox, run by a SOAP endpoint of the host.</summary>
public sealed class DeliveryEndpointTests
{
    private const string Name = "Echo";
    private static readonly SecurityPolicy Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };
    private static readonly WsSecurityEndpoint Endpoint = new() { Policy = Policy, Credentials = TestKeys.ServiceCredentials };

    [TestCase(SoapVersion.Soap11)]
    [TestCase(SoapVersion.Soap12)]
    public async Task Delivery_RunsTheOperationAsItsSignerAndIsAnswered(SoapVersion version)
    {
        await using var host = await StartAsync();
        var wire = new ArrayBufferWriter<byte>();
        using var pending = Protect("<WhoAmI xmlns=\"urn:test:echo\"/>", wire, version);
        var reply = default(byte[]);

        var outcome = await Receiver(host).ReceiveAsync(wire.WrittenMemory, MessageContext.Empty, (answer, _) =>
        {
            reply = answer.Envelope.ToArray();
            return default;
        });

        Assert.That(outcome, Is.EqualTo(DeliveryOutcome.Handled));
        var verified = await pending.VerifyReplyAsync(reply, MessageContext.Empty);
        Assert.That(Encoding.UTF8.GetString(verified.Envelope), Does.Contain("CN=Client, ").And.Contain("1 signature"));
    }

    [Test]
    public async Task Delivery_WithoutReply_IsHandledOnce()
    {
        await using var host = await StartAsync();
        var receiver = Receiver(host);
        var wire = Protect("<Notify xmlns=\"urn:test:echo\"><text>gnome</text></Notify>");

        Assert.That(await receiver.ReceiveAsync(wire, MessageContext.Empty, reply: null), Is.EqualTo(DeliveryOutcome.Handled));
        Assert.That(await receiver.ReceiveAsync(wire, MessageContext.Empty, reply: null), Is.EqualTo(DeliveryOutcome.Duplicate));
        Assert.That(host.Echo.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Requests_OverHttp_AreServedAsBefore()
    {
        await using var host = await StartAsync();
        using var client = new EchoClient(host, Policy, TestKeys.ClientCredentials);
        Assert.That((await client.CallAsync("WhoAmI", null)).Text, Does.StartWith("CN=Client, "));
    }

    [Test]
    public async Task Delivery_ThatIsTamperedWith_DoesNotRun()
    {
        await using var host = await StartAsync();
        var wire = Protect("<Notify xmlns=\"urn:test:echo\"><text>gnome</text></Notify>");
        wire[^40] ^= 1;

        Assert.That(await Receiver(host).ReceiveAsync(wire, MessageContext.Empty, reply: null), Is.EqualTo(DeliveryOutcome.Refused));
        Assert.That(host.Echo.Calls, Is.Zero);
    }

    [Test]
    public async Task Fault_IsTheReplyOfWhoWaitsAndOtherwiseBringsTheMessageAgain()
    {
        await using var host = await StartAsync();
        var receiver = Receiver(host);
        const string Body = "<Fail xmlns=\"urn:test:echo\"><text>no</text></Fail>";
        var isFault = false;

        Assert.That(
            await receiver.ReceiveAsync(Protect(Body), MessageContext.Empty, (answer, _) =>
            {
                isFault = answer.IsFault;
                return default;
            }),
            Is.EqualTo(DeliveryOutcome.Handled));
        Assert.That(isFault);

        var wire = Protect(Body);
        Assert.That(await receiver.ReceiveAsync(wire, MessageContext.Empty, reply: null), Is.EqualTo(DeliveryOutcome.Failed));
        Assert.That(await receiver.ReceiveAsync(wire, MessageContext.Empty, reply: null), Is.EqualTo(DeliveryOutcome.Failed), "it may come again");
        Assert.That(host.Echo.Calls, Is.EqualTo(3));
    }

    [Test]
    public async Task Application_SeesTheDeliveryAndNoActionThatNobodySigned()
    {
        HttpContext? seen = null;
        var key = default(string);
        var disposed = new Disposed();
        await using var host = await RunAsync(context =>
        {
            (seen, key) = (context, context.Features.Get<IDeliveryFeature>()!.Delivery.Key);
            context.Response.RegisterForDispose(disposed);
            Assert.That(context.RequestServices.GetRequiredService<IHttpContextAccessor>().HttpContext, Is.SameAs(context));
            Assert.That(context.Request.Headers["SOAPAction"].ToString(), Is.EqualTo("\"\""));
            Assert.That(context.Request.Path.Value, Is.EqualTo("/Notes"));
            Assert.That(context.Features.Get<IWsSecurityFeature>()!.Evidence.Signatures, Is.Not.Empty);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        });
        var outcome = await Receiver(host.Services).ReceiveAsync(Protect("<x/>"), new MessageContext { Action = "urn:spoofed" }, reply: null);

        Assert.That(outcome, Is.EqualTo(DeliveryOutcome.Handled));
        Assert.That(seen, Is.Not.Null);
        Assert.That(key, Has.Length.EqualTo(44));
        Assert.That(disposed.Count, Is.EqualTo(1));
    }

    [TestCase(StatusCodes.Status404NotFound)]
    [TestCase(StatusCodes.Status500InternalServerError)]
    public async Task Status_ThatIsNoSuccess_BringsTheMessageAgain(int status)
    {
        await using var host = await RunAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        Assert.That(await Receiver(host.Services).ReceiveAsync(Protect("<x/>"), MessageContext.Empty, reply: null), Is.EqualTo(DeliveryOutcome.Failed));
    }

    [Test]
    public async Task Application_ThatThrows_BringsTheMessageAgain()
    {
        await using var host = await RunAsync(_ => throw new TimeoutException("the database does not answer"));
        Assert.That(await Receiver(host.Services).ReceiveAsync(Protect("<x/>"), MessageContext.Empty, reply: null), Is.EqualTo(DeliveryOutcome.Failed));
    }

    [Test]
    public async Task Endpoint_InFrontOfTheSecurity_RunsNothing()
    {
        await using var host = await EchoHost.StartAsync(
            app =>
            {
                app.UseDeliveries(EchoHost.Path, Name);
                app.UseWsSecurity(EchoHost.Path, Endpoint);
            },
            builder => builder.Services.AddDeliveryEndpoint(Name));
        var outcome = await Receiver(host).ReceiveAsync(Protect("<Notify xmlns=\"urn:test:echo\"><text>gnome</text></Notify>"), MessageContext.Empty, reply: null);

        Assert.That(outcome, Is.EqualTo(DeliveryOutcome.Failed));
        Assert.That(host.Echo.Calls, Is.Zero);
    }

    [Test]
    public async Task Endpoint_WithoutAPlace_IsSaidSo()
    {
        await using var host = await EchoHost.StartAsync(app => app.UseWsSecurity(EchoHost.Path, Endpoint), builder => builder.Services.AddDeliveryEndpoint(Name));
        Assert.That(await Receiver(host).ReceiveAsync(Protect("<x/>"), MessageContext.Empty, reply: null), Is.EqualTo(DeliveryOutcome.Failed));
        Assert.That(host.Log.Messages, Has.Some.Contains("UseDeliveries"));
    }

    [Test]
    public async Task Delivery_BeforeTheHostHasStarted_Waits()
    {
        var builder = Builder();
        await using var app = builder.Build();
        app.UseDeliveries("/Notes", Name);
        app.Run(context => Task.CompletedTask);
        var receiving = Receiver(app.Services).ReceiveAsync(Protect("<x/>"), MessageContext.Empty, reply: null).AsTask();
        await Task.Delay(200);
        Assert.That(receiving.IsCompleted, Is.False);

        await app.StartAsync();
        Assert.That(await receiving, Is.EqualTo(DeliveryOutcome.Handled));
        await app.StopAsync();
    }

    [Test]
    public async Task Endpoint_WithTwoPlacesOrNone_StopsTheHostFromStarting()
    {
        await using var app = Builder().Build();
        Assert.That(() => app.UseDeliveries("/Notes", "Other"), Throws.InvalidOperationException.With.Message.Contains("AddDeliveryEndpoint"));
        app.UseDeliveries("/Notes", Name);
        app.UseDeliveries("/Other", Name);
        Assert.That(() => app.StartAsync(), Throws.InvalidOperationException.With.Message.Contains("has a place"));
    }

    [Test]
    public async Task ManyDeliveriesAtOnce_AllRun()
    {
        await using var host = await StartAsync();
        var receiver = Receiver(host);
        await Parallel.ForAsync(0, 50, async (i, cancellationToken) =>
            Assert.That(await receiver.ReceiveAsync(Protect($"<Notify xmlns=\"urn:test:echo\"><text>{i}</text></Notify>"), MessageContext.Empty, reply: null, cancellationToken), Is.EqualTo(DeliveryOutcome.Handled)));
        Assert.That(host.Echo.Calls, Is.EqualTo(50));
    }

    private static Task<EchoHost> StartAsync() => EchoHost.StartAsync(
        app =>
        {
            app.UseWsSecurity(EchoHost.Path, Endpoint);
            app.UseDeliveries(EchoHost.Path, Name);
        },
        builder => builder.Services.AddDeliveryEndpoint(Name));

    private static async Task<WebApplication> RunAsync(RequestDelegate application)
    {
        var app = Builder().Build();
        app.UseDeliveries("/Notes", Name);
        app.Run(application);
        await app.StartAsync();
        return app;
    }

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddDeliveryEndpoint(Name);
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        return builder;
    }

    private static DeliveryReceiver Receiver(EchoHost host) => Receiver(host.Services);

    private static DeliveryReceiver Receiver(IServiceProvider provider) => new(
        Policy, TestKeys.ServiceCredentials, provider.GetRequiredKeyedService<DeliveryEndpoint>(Name), new SecurityServices { LoggerFactory = provider.GetRequiredService<ILoggerFactory>() });

    private static byte[] Protect(string body)
    {
        var wire = new ArrayBufferWriter<byte>();
        Protect(body, wire).Dispose();
        return wire.WrittenSpan.ToArray();
    }

    private static PendingReply Protect(string body, IBufferWriter<byte> wire, SoapVersion version = SoapVersion.Soap11)
    {
        var soap = version == SoapVersion.Soap11 ? "http://schemas.xmlsoap.org/soap/envelope/" : "http://www.w3.org/2003/05/soap-envelope";
        var plain = $"<s:Envelope xmlns:s=\"{soap}\"><s:Body>{body}</s:Body></s:Envelope>";
        return new Initiator(Policy, TestKeys.ClientCredentials).ProtectRequest(Encoding.UTF8.GetBytes(plain), MessageContext.Empty, wire);
    }

    private sealed class Disposed : IDisposable
    {
        public int Count { get; private set; }

        public void Dispose() => Count++;
    }
}
