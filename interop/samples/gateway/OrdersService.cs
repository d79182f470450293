using System.Security.Cryptography.X509Certificates;
using System.ServiceModel;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using SoapCore;
using WsSecurity;
using WsSecurity.AspNetCore;

namespace Samples.Gateway;

[ServiceContract(Namespace = "urn:orders")]
internal interface IOrders
{
    [OperationContract]
    string Place(string article);
}

/// <summary>The service behind: SoapCore. It sees the user as caller and the gateway as who vouches.</summary>
internal sealed class OrdersService : IAsyncDisposable
{
    public const string Audience = "urn:orders";

    private readonly WebApplication _app;
    private readonly Orders _orders;
    private readonly RefusalLog _log;

    private OrdersService(WebApplication app, Orders orders, RefusalLog log)
    {
        _app = app;
        _orders = orders;
        _log = log;
    }

    /// <summary>The gateway signs Body, Timestamp and assertion, and encrypts what is in them.</summary>
    public static SecurityPolicy Policy { get; } = SecurityPolicy.MutualCertificateDuplex with
    {
        RequireSignatureConfirmation = true,
        SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.SignedEncrypted, Type = SecurityTokenType.Saml }],
    };

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public int Calls => _orders.Calls;

    public IEnumerable<string> Refusals => _log.Refusals;

    public static async Task<OrdersService> StartAsync(SampleKeys keys, X509Certificate2 gateway, X509Certificate2 own)
    {
        var log = new RefusalLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSoapCore();
        builder.Services.AddSingleton<Orders>();
        builder.Services.AddSingleton<IOrders>(services => services.GetRequiredService<Orders>());

        var app = builder.Build();
        app.UseWsSecurity("/orders", new WsSecurityEndpoint
        {
            Policy = Policy,
            Credentials = new SecurityCredentials
            {
                Certificate = own,
                Audiences = [Audience],
                TrustDomains =
                [
                    // Gateways by name; everybody else of the authority may sign, and vouch for nobody.
                    new TrustDomain
                    {
                        Name = "gateways",
                        Anchors = [keys.Authority],
                        Subjects = [gateway.Subject],
                        MayVouch = true,
                        SamlIssuers = [new SamlIssuer(gateway.Subject, SampleKeys.Public(gateway))],
                    },
                    new TrustDomain { Name = "partners", Anchors = [keys.Authority] },
                ],
            },
        });
        ((IApplicationBuilder)app).UseSoapEndpoint<IOrders>("/orders", new SoapEncoderOptions());
        await app.StartAsync();
        return new OrdersService(app, app.Services.GetRequiredService<Orders>(), log);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class Orders(IHttpContextAccessor accessor) : IOrders
    {
        private int _calls;

        public int Calls => _calls;

        public string Place(string article)
        {
            Interlocked.Increment(ref _calls);
            var user = accessor.HttpContext!.User;
            var voucher = user.Identities.First(identity => identity.AuthenticationType == "X509");
            var caller = user.Identities.First(identity => identity != voucher);
            return $"{article} for {caller.Name} of {user.FindFirst("department")?.Value}, vouched for by {voucher.Name}";
        }
    }
}
