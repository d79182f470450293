using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.Evidence;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>The binding's policy and credentials from appsettings.json.</summary>
internal sealed class ConfigurationTests
{
    [Test]
    public async Task Echo_BindingFromConfiguration_RoundTrips()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (service, configuration) = (new EchoService(), Write(folder.FullName));
            await using var host = await CoreWcfHost.StartHttpAsync(
                service,
                services => Wire.Soap11.ServiceHttp().WithMessageSecurity(services, "Orders"),
                new HostSetup { Register = services => services.AddWsSecurity(configuration) });
            using var proxy = Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(Policies.Mutual), host.HttpAddress);

            Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
            Assert.That(service.Calls.Single().Identity, Is.EqualTo("CN=client.test"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task Echo_EvidenceFromConfiguration_KeepsRequestAndReply()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var configuration = Write(folder.FullName);
            configuration["WsSecurity:Bindings:Orders:Evidence"] = "audit";
            configuration["WsSecurity:Evidence:audit:Location"] = Path.Combine(folder.FullName, "trail");
            configuration["WsSecurity:Evidence:audit:Certificate:Path"] = Path.Combine(folder.FullName, "service.pfx");
            configuration["WsSecurity:Evidence:audit:Certificate:Password"] = "password";
            await using (var host = await CoreWcfHost.StartHttpAsync(
                new EchoService(),
                services => Wire.Soap11.ServiceHttp().WithMessageSecurity(services, "Orders"),
                new HostSetup { Register = services => services.AddWsSecurity(configuration) }))
            {
                using var proxy = Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(Policies.Mutual), host.HttpAddress);
                Assert.That(proxy.Channel.Echo("text"), Is.EqualTo("text"));
            }

            var entries = FileEvidenceStore.Read(Path.Combine(folder.FullName, "trail")).ToList();
            var directions = entries.Select(EvidenceRecord.Read).Select(record => record.Direction).OfType<EvidenceDirection>();
            using (Assert.EnterMultipleScope())
            {
                Assert.That(directions, Is.EqualTo(new[] { EvidenceDirection.RequestReceived, EvidenceDirection.ReplySent }));
                Assert.That(new EvidenceVerifier(new EvidenceVerifierOptions { Trusted = [TestCertificates.Authority] }).Verify(entries).IsAccepted);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task StartAsync_BindingThatIsNotConfigured_IsNamed()
    {
        var refusal = await Assert.ThrowsAsync<BindingConfigurationException>(() => CoreWcfHost.StartHttpAsync(
            new EchoService(),
            services => Wire.Soap11.ServiceHttp().WithMessageSecurity(services, "Orders"),
            new HostSetup { Register = services => services.AddWsSecurity(new ConfigurationBuilder().Build()) }));

        Assert.That(refusal!.Key, Does.EndWith("Orders"));
    }

    private static IConfiguration Write(string folder)
    {
        var (service, authority) = (Path.Combine(folder, "service.pfx"), Path.Combine(folder, "ca.pem"));
        File.WriteAllBytes(service, TestCertificates.Service.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pfx, "password"));
        File.WriteAllText(authority, TestCertificates.Authority.ExportCertificatePem());
        var json = $$"""
            { "WsSecurity": { "Bindings": { "Orders": {
              "AuthenticationMode": "MutualCertificateDuplex",
              "RequireSignatureConfirmation": true,
              "Credentials": { "Certificate": { "Path": {{Quote(service)}}, "Password": "password" } },
              "TrustDomains": { "partners": { "Anchors": [ {{Quote(authority)}} ] } }
            } } } }
            """;
        return new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
