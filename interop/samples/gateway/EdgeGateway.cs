using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WsSecurity;
using WsSecurity.AspNetCore;
using Yarp.ReverseProxy.Configuration;

namespace Samples.Gateway;

/// <summary>The edge: YARP, users authenticated by JWT, and the gateway's voucher in every request to the service.</summary>
internal sealed class EdgeGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EdgeGateway(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<EdgeGateway> StartAsync(Uri service, X509Certificate2 own, X509Certificate2 serviceCertificate, Login login)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = login.Validation;
        });
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "orders", ClusterId = "orders", Match = new RouteMatch { Path = "/orders" } }],
            [new ClusterConfig { ClusterId = "orders", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = service.ToString() } } }]);

        var app = builder.Build();
        app.UseAuthentication();
        app.UseWsSecurityGateway("/orders", new WsSecurityGateway
        {
            Policy = OrdersService.Policy,
            Credentials = new SecurityCredentials { Certificate = own, PeerCertificates = [serviceCertificate] },
            Issuer = new SamlAssertionIssuer(own.Subject, own),
            Assertion = WsSecurityGateway.VouchForUser(OrdersService.Audience, "department"),
        });
        app.MapReverseProxy();
        await app.StartAsync();
        return new EdgeGateway(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
