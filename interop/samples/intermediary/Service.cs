using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CoreWCF;
using CoreWCF.Configuration;
using WsSecurity;
using WsSecurity.CoreWcf;

namespace Samples.Intermediary;

/// <summary>The contract, as the service has it.</summary>
[ServiceContract(Namespace = Policies.Contract, Name = "IOrders")]
public interface IOrdersService
{
    /// <summary>Places an order.</summary>
    /// <param name="article">The article.</param>
    [OperationContract]
    string Place(string article);
}

/// <summary>The service: CoreWCF behind the proxy, over plain HTTP. It verifies its own header and knows nothing of the proxy's.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Orders _orders;
    private readonly RefusalLog _log;

    private Service(WebApplication app, Uri address, Orders orders, RefusalLog log)
    {
        _app = app;
        Address = address;
        _orders = orders;
        _log = log;
    }

    public Uri Address { get; }

    public int Calls => _orders.Calls;

    public IEnumerable<string> Refusals => _log.Refusals;

    public static async Task<Service> StartAsync(SampleKeys keys, X509Certificate2 own)
    {
        var (log, orders) = (new RefusalLog(), new Orders());
        var address = new Uri($"http://127.0.0.1:{FreePort()}/orders");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls(address.GetLeftPart(UriPartial.Authority));
        builder.Services.AddServiceModelServices().AddServiceModelSecurity();
        builder.Services.AddSingleton(orders);

        var app = builder.Build();
        var credentials = new SecurityCredentials { Certificate = own, TrustDomains = [new TrustDomain { Name = "partners", Anchors = [keys.Authority] }] };
        app.UseServiceModel(services => services
            .AddService<Orders>()
            .AddServiceEndpoint<Orders, IOrdersService>(new WSHttpBinding(SecurityMode.None).WithMessageSecurity(Policies.EndToEnd, credentials), address.ToString()));
        await app.StartAsync();
        return new Service(app, address, orders, log);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [ServiceBehavior(InstanceContextMode = InstanceContextMode.Single, ConcurrencyMode = ConcurrencyMode.Multiple)]
    private sealed class Orders : IOrdersService
    {
        private int _calls;

        public int Calls => _calls;

        public string Place(string article)
        {
            Interlocked.Increment(ref _calls);

            // Nobody signed this header: it is what the proxy, or whoever else, says.
            var headers = OperationContext.Current.IncomingMessageHeaders;
            var via = headers.GetHeader<string>("Via", Policies.Proxy);
            return $"{article} for {ServiceSecurityContext.Current.PrimaryIdentity.Name}, via {via}";
        }
    }
}
