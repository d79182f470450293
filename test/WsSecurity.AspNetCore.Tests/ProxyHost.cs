using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>A YARP proxy on a free loopback port in front of a service.</summary>
internal sealed class ProxyHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Traffic _traffic;

    private ProxyHost(WebApplication app, Traffic traffic)
    {
        _app = app;
        _traffic = traffic;
    }

    public Uri BaseAddress => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public LogRecorder Log => _app.Services.GetRequiredService<LogRecorder>();

    /// <summary>What went on to the service, and what it answered, as the proxy could read it.</summary>
    public Traffic Seen => _traffic;

    public static async Task<ProxyHost> StartAsync(Uri service, Action<WebApplication> configure, Action<WebApplicationBuilder>? build = null, Func<string, string>? tamper = null)
    {
        var log = new LogRecorder();
        var traffic = new Traffic(tamper);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(log);
        builder.Services.AddWsSecurity();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "service", Match = new RouteMatch { Path = "{**rest}" } }],
            [new ClusterConfig { ClusterId = "service", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = service.ToString() } } }]);
        build?.Invoke(builder);

        var app = builder.Build();
        configure(app);
        app.Use(traffic.InvokeAsync);
        app.MapReverseProxy();
        await app.StartAsync();
        return new ProxyHost(app, traffic);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Reads along between our middleware and the proxy, and may change what it reads.</summary>
    internal sealed class Traffic(Func<string, string>? tamper)
    {
        public string Request { get; private set; } = "";

        public string? Authorization { get; private set; }

        public async Task InvokeAsync(HttpContext context, RequestDelegate next)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            Request = Encoding.UTF8.GetString(body.ToArray());
            Authorization = context.Request.Headers.Authorization;
            var changed = Encoding.UTF8.GetBytes(tamper is null ? Request : tamper(Request));
            using var forwarded = new MemoryStream(changed);
            context.Request.Body = forwarded;
            context.Request.ContentLength = changed.Length;
            await next(context);
        }
    }
}
