using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.ServiceModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using SoapCore;
using WsSecurity.AspNetCore;
using WsSecurity.ServiceModel;

namespace WsSecurity.Examples;

/// <summary>The README's first example, run.</summary>
public sealed class FirstCallExample
{
    [Test]
    public async Task Client_CallsService_WhichKnowsTheCaller()
    {
        using var caKey = RSA.Create(2048);
        using var ca = CreateAuthority(caKey);
        using var clientCertificate = Issue("CN=alice", ca);
        using var serviceCertificate = Issue("CN=orders.example", ca);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpContextAccessor();
        AddService(builder, serviceCertificate, ca);
        await using var app = builder.Build();
        UseService(app);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        Assert.That(Call(new Uri(address + "/Orders.svc"), clientCertificate, serviceCertificate), Is.EqualTo("Placed gnome for CN=alice"));
    }

    private static string Call(Uri address, X509Certificate2 clientCertificate, X509Certificate2 serviceCertificate)
    {
        // readme: client
        var policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };
        var binding = new BasicHttpBinding().WithMessageSecurity(policy);

        var factory = new ChannelFactory<IOrders>(binding, new EndpointAddress(address));
        factory.Credentials.ClientCertificate.Certificate = clientCertificate;             // signs, and decrypts the reply
        factory.Credentials.ServiceCertificate.DefaultCertificate = serviceCertificate;    // encrypts, and must sign the reply

        var answer = factory.CreateChannel().Place("gnome");
        // readme: end
        factory.Close();
        return answer;
    }

    private static void AddService(WebApplicationBuilder builder, X509Certificate2 serviceCertificate, X509Certificate2 ca)
    {
        // readme: service
        builder.Services.AddSoapCore();
        builder.Services.AddSingleton<IOrders, Orders>();
        builder.Services.AddWsSecurity("Orders", new WsSecurityEndpoint
        {
            Policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true },
            Credentials = new SecurityCredentials
            {
                Certificate = serviceCertificate,                                          // decrypts, and signs replies
                TrustDomains = [new TrustDomain { Name = "customers", Anchors = [ca] }],   // whose callers are accepted
            },
        });
        // readme: end
    }

    private static void UseService(WebApplication app)
    {
        // readme: pipeline
        app.UseWsSecurity("/Orders.svc", "Orders");
        ((IApplicationBuilder)app).UseSoapEndpoint<IOrders>("/Orders.svc", new SoapEncoderOptions());
        // readme: end
    }

    private static X509Certificate2 CreateAuthority(RSA key)
    {
        var request = new CertificateRequest("CN=Example CA", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
    }

    private static X509Certificate2 Issue(string subject, X509Certificate2 ca)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(ca, now.AddHours(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    [ServiceContract]
    internal interface IOrders
    {
        [OperationContract]
        string Place(string article);
    }

    internal sealed class Orders(IHttpContextAccessor context) : IOrders
    {
        public string Place(string article) => $"Placed {article} for {context.HttpContext!.User.Identity!.Name}";
    }
}
