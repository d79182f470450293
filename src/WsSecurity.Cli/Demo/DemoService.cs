using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SoapCore;
using WsSecurity.AspNetCore;

namespace WsSecurity.Cli.Demo;

/// <summary>A real service on a free port of the loopback address: Kestrel, WS-Security, SoapCore.</summary>
internal sealed class DemoService : IAsyncDisposable
{
    public const string Path = "/Orders.svc";

    private readonly WebApplication _app;

    private DemoService(WebApplication app, WireTap tap, RefusalLog refusals)
    {
        _app = app;
        Tap = tap;
        Refusals = refusals;
    }

    /// <summary>What went over the wire last.</summary>
    public WireTap Tap { get; }

    /// <summary>What the service's log said of refused messages.</summary>
    public RefusalLog Refusals { get; }

    /// <summary>What the last accepted request proved.</summary>
    public ProtectionEvidence? Evidence { get; private set; }

    public Orders Orders => _app.Services.GetRequiredService<Orders>();

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + Path);

    public static async Task<DemoService> StartAsync(WsSecurityEndpoint endpoint, CancellationToken cancellationToken)
    {
        var refusals = new RefusalLog();
        var tap = new WireTap();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(refusals);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSoapCore();
        builder.Services.AddSingleton<Orders>();
        builder.Services.AddSingleton<IOrders>(provider => provider.GetRequiredService<Orders>());
        builder.Services.AddWsSecurity("Orders", endpoint);

        var app = builder.Build();
        var service = new DemoService(app, tap, refusals);
        app.Use(tap.InvokeAsync);
        app.UseWsSecurity(Path, "Orders");
        app.Use((context, next) =>
        {
            service.Evidence = context.Features.Get<IWsSecurityFeature>()?.Evidence;
            return next(context);
        });
        ((IApplicationBuilder)app).UseSoapEndpoint<IOrders>(Path, new SoapEncoderOptions());
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
