using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WsSecurity;
using WsSecurity.AspNetCore;
using Yarp.ReverseProxy.Configuration;

namespace Samples.Intermediary;

/// <summary>What an honest proxy does not do.</summary>
internal enum Mischief
{
    None,
    ChangesTheBody,
    SendsTwice,
}

/// <summary>
/// The node on the way: YARP. It ends TLS, lets pass what callers signed for it, takes their header away, adds a plain one of its own, and routes. It has no
/// key of client or service.
/// </summary>
internal sealed partial class Proxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Uri _service;
    private readonly RefusalLog _log;
    private readonly TaskCompletionSource<int> _second = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Proxy(WebApplication app, Uri service, RefusalLog log)
    {
        _app = app;
        _service = service;
        _log = log;
    }

    public Uri Address => new UriBuilder(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) { Path = "/orders" }.Uri;

    public IEnumerable<string> Refusals => _log.Refusals;

    public Mischief Mischief { get; set; }

    /// <summary>What came through last, and what went on.</summary>
    public (string Received, string HandedOn, string? Sender) Seen { get; private set; }

    /// <summary>The status of what was sent a second time.</summary>
    public Task<int> SecondStatus => _second.Task;

    public static async Task<Proxy> StartAsync(Uri service, X509Certificate2 tls, X509Certificate2 callersAuthority)
    {
        var log = new RefusalLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(tls)));
        builder.Services.AddWsSecurity();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "orders", ClusterId = "orders", Match = new RouteMatch { Path = "/orders" } }],
            [new ClusterConfig { ClusterId = "orders", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = service.GetLeftPart(UriPartial.Authority) } } }]);

        var app = builder.Build();
        var proxy = new Proxy(app, service, log);
        app.Use(proxy.ReadAlongAsync);
        app.UseWsSecurityTransit("/orders", new WsSecurityTransit
        {
            Verified = Policies.ForProxy,
            Credentials = new SecurityCredentials { TrustDomains = [new TrustDomain { Name = "callers", Anchors = [callersAuthority] }] },
        });
        app.Use(proxy.AddOwnHeaderAsync);
        app.MapReverseProxy();
        await app.StartAsync();
        return proxy;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReadAlongAsync(HttpContext context, RequestDelegate next)
    {
        context.Request.EnableBuffering();
        Seen = (await ReadAsync(context.Request.Body), string.Empty, null);
        context.Request.Body.Position = 0;
        await next(context);
    }

    private async Task AddOwnHeaderAsync(HttpContext context, RequestDelegate next)
    {
        var envelope = await ReadAsync(context.Request.Body);
        var changed = Mischief == Mischief.ChangesTheBody ? ChangeBody(envelope) : envelope;
        changed = HeaderStart().Replace(changed, $"$0<Via xmlns=\"{Policies.Proxy}\">proxy.example</Via>", 1);
        Seen = Seen with { HandedOn = changed, Sender = context.Features.Get<IWsSecurityFeature>()!.Request.Principal.Identity!.Name };

        var octets = Encoding.UTF8.GetBytes(changed);
        context.Request.Body = new MemoryStream(octets);
        context.Request.ContentLength = octets.Length;
        await next(context);
        if (Mischief == Mischief.SendsTwice)
        {
            _second.TrySetResult(await SendAsync(octets, context.Request.ContentType!));
        }
    }

    private async Task<int> SendAsync(byte[] octets, string contentType)
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent(octets);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await http.PostAsync(_service, content);
        return (int)response.StatusCode;
    }

    private static async Task<string> ReadAsync(Stream body)
    {
        using var octets = new MemoryStream();
        await body.CopyToAsync(octets);
        return Encoding.UTF8.GetString(octets.ToArray());
    }

    // One character of the ciphertext.
    private static string ChangeBody(string envelope)
    {
        var at = envelope.LastIndexOf("CipherValue>", envelope.LastIndexOf("CipherValue>", StringComparison.Ordinal) - 1, StringComparison.Ordinal) + "CipherValue>".Length;
        return string.Concat(envelope.AsSpan(0, at), envelope[at] == 'A' ? "B" : "A", envelope.AsSpan(at + 1));
    }

    [GeneratedRegex("<\\w+:Header[^>]*>")]
    private static partial Regex HeaderStart();
}
