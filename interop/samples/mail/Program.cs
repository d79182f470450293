using System.Net;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Text;
using Microsoft.Data.Sqlite;
using Samples;
using Samples.Mail;
using WsSecurity;
using WsSecurity.AspNetCore;
using WsSecurity.Mail;
using WsSecurity.Mail.Tests.Servers;
using WsSecurity.Messaging;
using WsSecurity.ServiceModel;

if ((Postfix.Missing ?? Dovecot.Missing) is { } missing)
{
    Console.Error.WriteLine($"{missing}. This sample starts a Postfix and a Dovecot of its own, as root: apt-get install postfix dovecot-imapd");
    return 2;
}

var keys = new SampleKeys();
var serviceCertificate = keys.Issue("CN=orders.example");
var partnerCertificate = keys.Issue("CN=partner.example");
var strangerCertificate = new SampleKeys().Issue("CN=partner.example");

// Signed and not encrypted, so that the sample can change what it reads; valid for as long as mail may take.
var policy = SecurityPolicy.MutualCertificateDuplex with
{
    ProtectionLevel = WsSecurity.ProtectionLevel.Sign,
    RequireSignatureConfirmation = true,
    Tolerances = new Tolerances { TimestampLifetime = TimeSpan.FromDays(7) },
};

// Two servers on loopback, with a mailbox.
using var postfix = new Postfix();
using var dovecot = new Dovecot(postfix.MailRoot);
await dovecot.StartAsync();
await postfix.StartAsync(dovecot.SaslSocket);
var mailbox = postfix.NewMailbox();
var address = new Uri($"mailto:{mailbox}@example.test");
var login = new NetworkCredential(mailbox, Dovecot.Password);

// The host: a SOAP service, and a receiver that hands it what the mailbox brings.
await using var database = new SqliteConnection("Data Source=:memory:");
await database.OpenAsync();
await DeliveryLedger.CreateAsync(database);
await using (var create = database.CreateCommand())
{
    create.CommandText = "CREATE TABLE orders (article TEXT, caller TEXT)";
    await create.ExecuteNonQueryAsync();
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.None)
    .AddFilter("WsSecurity.Messaging", LogLevel.Information).AddFilter("WsSecurity.Mail", LogLevel.Information);
SoapCore.SoapEndpointExtensions.AddSoapCore(builder.Services);
builder.Services.AddHttpContextAccessor();
builder.Services.AddSingleton(database);
builder.Services.AddSingleton<IOrders, Orders>();
builder.Services.AddDeliveryEndpoint("Orders");
builder.Services.AddHostedService(provider => new ImapReceiver(
    new ImapReceiverOptions
    {
        Server = new MailServer { Host = "localhost", Port = dovecot.Port, Authorities = [dovecot.Certificate], Credentials = login },
        Policy = policy,
        Credentials = new SecurityCredentials { Certificate = serviceCertificate, TrustDomains = [new TrustDomain { Name = "partners", Anchors = [keys.Authority] }] },
        EndpointAddress = address,
        HandledFolder = "Handled",
        MaxAttempts = 10,
        Concurrency = 1,    // one connection to the database
    },
    provider.GetRequiredKeyedService<DeliveryEndpoint>("Orders"),
    new SecurityServices { LoggerFactory = provider.GetRequiredService<ILoggerFactory>() }));
await using var app = builder.Build();
app.Urls.Add("http://127.0.0.1:0");
app.UseDeliveries("/orders", "Orders");
SoapCore.SoapEndpointExtensions.UseSoapEndpoint<IOrders>((IApplicationBuilder)app, "/orders", new SoapCore.SoapEncoderOptions());
await app.StartAsync();

// The partner: an ordinary WCF client, whose binding says that its messages go by mail.
using var partner = Connect(partnerCertificate);
using var stranger = Connect(strangerCertificate);
var box = new Mailbox("localhost", dovecot.Port, login);

await partner.CreateChannel().Place("gnome");
Console.WriteLine("sent        gnome");
await box.UntilAsync("Handled", 1);

Console.WriteLine();
Console.WriteLine("The same mail, put into the mailbox once more:");
await box.PutBackAsync(isTamperedWith: false);
await box.UntilAsync("Handled", 2);

Console.WriteLine();
Console.WriteLine("The same mail with another order in it:");
await box.PutBackAsync(isTamperedWith: true);
await box.UntilAsync("Quarantine", 1);

Console.WriteLine();
Console.WriteLine("Somebody of the partner's name, whom another authority has certified:");
await stranger.CreateChannel().Place("wheelbarrow");
await box.UntilAsync("Quarantine", 2);

Console.WriteLine();
Console.WriteLine("The mail server is down, and comes back:");
postfix.Stop();
try
{
    await partner.CreateChannel().Place("hedge");
}
catch (EndpointNotFoundException unreachable)
{
    Console.WriteLine($"not sent    {unreachable.Message}");
}

await postfix.StartAsync(dovecot.SaslSocket);
await partner.CreateChannel().Place("hedge");
await box.UntilAsync("Handled", 3);
await app.StopAsync();

await using var count = database.CreateCommand();
count.CommandText = "SELECT count(*) FROM orders";
var orders = (long)(await count.ExecuteScalarAsync())!;
Console.WriteLine();
Console.WriteLine($"orders      {orders}");
return orders == 2 ? 0 : 1;

ChannelFactory<IOrders> Connect(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
{
    var binding = new CustomBinding(
        new TextMessageEncodingBindingElement(MessageVersion.Soap11, Encoding.UTF8),
        new SmtpTransportBindingElement
        {
            Server = new MailServer { Host = "localhost", Port = postfix.Port, Authorities = [postfix.Certificate], Credentials = new NetworkCredential("partner", Dovecot.Password) },
            From = "partner@example.test",
        });
    var credentials = new SecurityCredentials { Certificate = certificate, PeerCertificates = [SampleKeys.Public(serviceCertificate)] };
    return new ChannelFactory<IOrders>(binding.WithMessageSecurity(policy, credentials), new EndpointAddress(address));
}
