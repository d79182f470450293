using System.ServiceModel;
using System.ServiceModel.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SoapCore;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>A host on a free loopback port: the echo service in SoapCore at <c>/Echo.svc</c>, for SOAP 1.1 and 1.2.</summary>
internal sealed class EchoHost : IAsyncDisposable
{
    public const string Path = "/Echo.svc";

    private readonly WebApplication _app;

    private EchoHost(WebApplication app) => _app = app;

    public Echo Echo => _app.Services.GetRequiredService<Echo>();

    public IServiceProvider Services => _app.Services;

    public LogRecorder Log => _app.Services.GetRequiredService<LogRecorder>();

    public Uri BaseAddress => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public Uri Address => new(BaseAddress, Path);

    /// <summary>Starts a host that protects the echo service.</summary>
    public static Task<EchoHost> StartAsync(WsSecurityEndpoint endpoint) => StartAsync(app => app.UseWsSecurity(Path, endpoint));

    /// <summary>Starts a host; the echo service stands behind what <paramref name="configure"/> adds.</summary>
    public static async Task<EchoHost> StartAsync(Action<WebApplication> configure, Action<WebApplicationBuilder>? build = null)
    {
        var log = new LogRecorder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(log);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSoapCore();
        builder.Services.AddSingleton<Echo>();
        builder.Services.AddSingleton<IEcho>(provider => provider.GetRequiredService<Echo>());
        builder.Services.AddWsSecurity();
        build?.Invoke(builder);

        var app = builder.Build();
        configure(app);
        ((IApplicationBuilder)app).UseSoapEndpoint<IEcho>(options =>
        {
            options.Path = Path;
            options.CaseInsensitivePath = true;
            options.EncoderOptions = [Encoder(MessageVersion.Soap11), Encoder(MessageVersion.CreateVersion(EnvelopeVersion.Soap12, AddressingVersion.None))];
        });
        app.MapGet("/health", () => Results.Text("well"));
        await app.StartAsync();
        return new EchoHost(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static SoapEncoderOptions Encoder(MessageVersion version) => new() { MessageVersion = version };
}
