using System.Net;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Security;
using System.Text;
using Samples;
using Samples.Amqp;
using WsSecurity;
using WsSecurity.Amqp;
using WsSecurity.Amqp.Tests;
using WsSecurity.ServiceModel;

// A broker of one's own (Debian: rabbitmq-server), or the one whose queue is given: amqp://localhost:5672/orders.
using var broker = args.Length > 0 ? null : new RabbitMq();
if (broker is not null)
{
    if (RabbitMq.Missing is not null)
    {
        Console.Error.WriteLine("RabbitMQ is not installed (Debian: apt-get install rabbitmq-server). Or name the queue of a broker that runs: amqp://localhost:5672/orders");
        return 69;
    }

    await broker.StartAsync();
}

var queue = broker?.NewQueue() ?? new Uri(args[0]);
var guest = new NetworkCredential("guest", "guest");
var keys = new SampleKeys();
var serviceCertificate = keys.Issue("CN=orders.example");
var policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };

// The service: a hosted service in any host; here it is started by hand.
using var orders = new OrdersHandler();
using var receiver = new AmqpReceiver(
    new AmqpReceiverOptions
    {
        Address = queue,
        BrokerCredentials = guest,
        Policy = policy,
        Credentials = new SecurityCredentials { Certificate = serviceCertificate, TrustDomains = [new TrustDomain { Name = "partners", Anchors = [keys.Authority] }] },
        ReplyQueues = ["orders.replies."],
        RetryDelay = TimeSpan.FromMilliseconds(100),
    },
    orders);
await receiver.StartAsync(CancellationToken.None);

// The partner: an ordinary WCF client.
using var partner = Client(keys.Issue("CN=partner.example"));
Console.WriteLine($"gnome        {partner.CreateChannel().Place("gnome")}");
Console.WriteLine($"hedge        {partner.CreateChannel().Place("hedge")}");
try
{
    partner.CreateChannel().Place("unicorn");
}
catch (FaultException fault)
{
    Console.WriteLine($"unicorn      {fault.Message}");
}

using var stranger = Client(new SampleKeys().Issue("CN=partner.example"));
try
{
    stranger.CreateChannel().Place("everything");
}
catch (MessageSecurityException)
{
    Console.WriteLine("a stranger   refused");
}

Console.WriteLine($"placed       {orders.Placed} orders of {orders.Deliveries} deliveries");
await receiver.StopAsync(CancellationToken.None);
return 0;

ChannelFactory<IOrders> Client(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
{
    var credentials = new SecurityCredentials { Certificate = certificate, PeerCertificates = [SampleKeys.Public(serviceCertificate)] };
    var binding = new CustomBinding(
        new TextMessageEncodingBindingElement(MessageVersion.Soap11, Encoding.UTF8),
        new AmqpTransportBindingElement { Credentials = guest, ReplyQueue = "orders.replies.*" });
    return new ChannelFactory<IOrders>(binding.WithMessageSecurity(policy, credentials), new EndpointAddress(queue));
}
