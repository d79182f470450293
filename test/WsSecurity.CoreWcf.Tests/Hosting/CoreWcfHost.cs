using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CoreWCF.Channels;
using CoreWCF.Configuration;
using CoreWCF.Description;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests.Hosting;

/// <summary>CoreWCF in Kestrel on free ports of loopback.</summary>
internal sealed class CoreWcfHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private CoreWcfHost(WebApplication application, HostSetup setup, int http, int tcp)
    {
        _application = application;
        HttpAddress = new Uri($"{(setup.Tls is null ? "http" : "https")}://localhost:{http}/echo");
        TcpAddress = new Uri($"net.tcp://localhost:{tcp}/echo");
    }

    public Uri HttpAddress { get; }

    public Uri TcpAddress { get; }

    public static SecurityCredentials Credentials => new()
    {
        Certificate = TestCertificates.Service,
        PeerCertificates = [TestCertificates.Public(TestCertificates.Client)],
        TrustDomains = [new TrustDomain { Name = "test", Anchors = [TestCertificates.Public(TestCertificates.Authority)] }],
        UsernameTokenValidator = new Users(),
    };

    /// <summary>Hosts an echo service over HTTP.</summary>
    public static Task<CoreWcfHost> StartHttpAsync<TService>(TService service, Binding binding, HostSetup? setup = null)
        where TService : class, IEchoService => StartHttpAsync(service, _ => binding, setup);

    /// <summary>Hosts an echo service over HTTP, with a binding that the host's services make.</summary>
    public static Task<CoreWcfHost> StartHttpAsync<TService>(TService service, Func<IServiceProvider, Binding> binding, HostSetup? setup = null)
        where TService : class, IEchoService => StartAsync<TService, IEchoService>(service, binding, setup, usesTcp: false);

    /// <summary>Hosts any service over HTTP.</summary>
    public static Task<CoreWcfHost> StartHttpAsync<TService, TContract>(TService service, Binding binding, HostSetup? setup = null)
        where TService : class, TContract => StartAsync<TService, TContract>(service, _ => binding, setup, usesTcp: false);

    /// <summary>Hosts the echo service over net.tcp.</summary>
    public static Task<CoreWcfHost> StartTcpAsync(EchoService service, Binding binding, HostSetup? setup = null) =>
        StartAsync<EchoService, IEchoService>(service, _ => binding, setup, usesTcp: true);

    /// <summary>Hosts the service that calls back over net.tcp.</summary>
    public static Task<CoreWcfHost> StartTcpAsync(CallbackEchoService service, Binding binding, HostSetup? setup = null) =>
        StartAsync<CallbackEchoService, ICallbackEchoService>(service, _ => binding, setup, usesTcp: true);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    /// <summary>A port of loopback that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<CoreWcfHost> StartAsync<TService, TContract>(TService service, Func<IServiceProvider, Binding> binding, HostSetup? given, bool usesTcp)
        where TService : class, TContract
    {
        var setup = given ?? new HostSetup();
        var (http, tcp) = (setup.HttpPort ?? FreePort(), FreePort());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            // CoreWCF closes streamed replies synchronously.
            options.AllowSynchronousIO = true;
            options.Listen(IPAddress.Loopback, http, listen =>
            {
                if (setup.Tls is not null)
                {
                    listen.UseHttps(setup.Tls);
                }
            });
        });
        if (usesTcp)
        {
            builder.WebHost.UseNetTcp(IPAddress.Loopback, tcp);
        }

        builder.Services.AddServiceModelServices().AddServiceModelSecurity();
        if (setup.ShowsMetadata)
        {
            builder.Services.AddServiceModelMetadata();
        }

        builder.Services.AddSingleton(service);
        setup.Register(builder.Services);
        var application = builder.Build();
        application.MapGet("/health", () => Results.Text("healthy"));
        application.UseServiceModel(services =>
        {
            services.AddService<TService>().AddServiceEndpoint<TService, TContract>(binding(application.Services), "/echo");
            setup.AddEndpoints(services);
            services.ConfigureAllServiceHostBase(setup.Configure);
        });
        if (setup.ShowsMetadata)
        {
            var metadata = application.Services.GetRequiredService<ServiceMetadataBehavior>();
            metadata.HttpGetEnabled = setup.Tls is null;
            metadata.HttpsGetEnabled = setup.Tls is not null;
            setup.Metadata(metadata);
        }

        await application.StartAsync();
        return new CoreWcfHost(application, setup, http, tcp);
    }

    private sealed class Users : IUsernameTokenValidator
    {
        public ValueTask<IReadOnlyList<System.Security.Claims.Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<System.Security.Claims.Claim>?>(token.UserName == "alice" && token.Matches("secret") ? [] : null);
    }
}

internal sealed record HostSetup
{
    public X509Certificate2? Tls { get; init; }

    /// <summary>The port; a free one where none is named.</summary>
    public int? HttpPort { get; init; }

    /// <summary>Whether GET shows the WSDL; CoreWCF then answers a WebSocket's GET with it as well.</summary>
    public bool ShowsMetadata { get; init; } = true;

    /// <summary>Adds further endpoints.</summary>
    public Action<IServiceBuilder> AddEndpoints { get; init; } = _ => { };

    public Action<ServiceMetadataBehavior> Metadata { get; init; } = _ => { };

    public Action<IServiceCollection> Register { get; init; } = _ => { };

    public Action<CoreWCF.ServiceHostBase> Configure { get; init; } = _ => { };
}
