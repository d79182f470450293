using System.Security.Cryptography.X509Certificates;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;
using Client = System.ServiceModel;

namespace WsSecurity.CoreWcf.Tests.Transports;

/// <summary>A thousand calls at once of two clients: each gets its own answer, and each operation sees its own caller.</summary>
internal sealed class ConcurrencyTests
{
    private const int Calls = 1000;

    // Streamed net.tcp has a connection for each call, and a listener takes only so many at once.
    private const int MaxConnections = 50;

    // Signed with the client's own certificate both ways, and bound to its request: what is mixed up is refused.
    private static readonly SecurityPolicy Policy = SecurityPolicy.CertificateSignature with { RequireSignatureConfirmation = true };

    private static readonly X509Certificate2[] Clients = [TestCertificates.Client, TestCertificates.Stranger];

    [Test]
    public async Task Echo_OverHttp_MixesNothingUp([Values] bool isStreamed)
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartHttpAsync(service, Wire.Soap12Addressing.ServiceHttp(isStreamed).WithMessageSecurity(Policy, CoreWcfHost.Credentials));

        await CallAsync(service, host.HttpAddress, () => Wire.Soap12Addressing.ClientHttp(isStreamed));
    }

    [Test]
    public async Task Echo_OverNetTcp_MixesNothingUp([Values] bool isStreamed)
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartTcpAsync(
            service,
            new CoreWCF.NetTcpBinding(CoreWCF.SecurityMode.None) { TransferMode = isStreamed ? CoreWCF.TransferMode.Streamed : CoreWCF.TransferMode.Buffered }
                .WithMessageSecurity(Policy, CoreWcfHost.Credentials));

        await CallAsync(service, host.TcpAddress, () => Proxy.Patient(new Client.NetTcpBinding(Client.SecurityMode.None)
        {
            TransferMode = isStreamed ? Client.TransferMode.Streamed : Client.TransferMode.Buffered,
        }), isStreamed ? MaxConnections : Calls);
    }

    [Test]
    public async Task Echo_OneKeyForRequestAndReply_MixesNothingUp()
    {
        var service = new EchoService();
        await using var host = await CoreWcfHost.StartHttpAsync(
            service, Wire.Soap11.ServiceHttp().WithMessageSecurity(SecurityPolicy.AnonymousForCertificate, CoreWcfHost.Credentials));
        using var proxy = Proxy.For(Wire.Soap11.ClientHttp().WithMessageSecurity(SecurityPolicy.AnonymousForCertificate), host.HttpAddress);
        proxy.ClientChannel.OperationTimeout = TimeSpan.FromMinutes(2);

        var texts = Enumerable.Range(0, Calls).Select(number => $"text {number}").ToArray();
        Assert.That(await Task.WhenAll(texts.Select(text => Task.Run(() => proxy.Channel.EchoAsync(text)))), Is.EqualTo(texts));
        Assert.That(service.Calls.Select(call => call.Text), Is.EquivalentTo(texts));
    }

    private static async Task CallAsync(EchoService service, Uri address, Func<Client.Channels.Binding> binding, int atOnce = Calls)
    {
        var proxies = Clients
            .Select(certificate => Proxy.For(binding().WithMessageSecurity(Policy), address, factory => factory.Credentials.ClientCertificate.Certificate = certificate))
            .ToArray();
        try
        {
            var texts = Enumerable.Range(0, Calls).Select(number => $"{Clients[number % 2].Subject} {number}").ToArray();
            foreach (var proxy in proxies)
            {
                proxy.ClientChannel.OperationTimeout = TimeSpan.FromMinutes(2);
                proxy.ClientChannel.Open();
            }

            using var room = new SemaphoreSlim(atOnce);
            var answers = await Task.WhenAll(texts.Select((text, number) => Task.Run(async () =>
            {
                await room.WaitAsync();
                try
                {
                    return await proxies[number % 2].Channel.EchoAsync(text);
                }
                finally
                {
                    room.Release();
                }
            })));

            Assert.That(answers, Is.EqualTo(texts));
            Assert.That(service.Calls.Select(call => call.Text), Is.EquivalentTo(texts));
            Assert.That(service.Calls.Where(call => !call.Text.StartsWith(call.Identity!, StringComparison.Ordinal)), Is.Empty);
        }
        finally
        {
            Array.ForEach(proxies, proxy => proxy.Dispose());
        }
    }
}
