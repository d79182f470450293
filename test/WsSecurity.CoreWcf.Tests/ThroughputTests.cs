using System.Buffers;
using System.Diagnostics;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>
/// What security costs, measured on request: <c>dotnet test -c Release test/WsSecurity.CoreWcf.Tests --filter "Name~Measure" --logger "console;verbosity=detailed"</c>.
/// Processor time, not the clock's, so that other work on the machine matters little.
/// </summary>
internal sealed class ThroughputTests
{
    private const int Calls = 500;
    private static readonly string Text = new('x', 1000);

    [Test]
    [Explicit("A measurement.")]
    public async Task Measure_SecuredBesideUnsecuredBesideTheEngineAlone()
    {
        var credentials = CoreWcfHost.Credentials;
        await using var plainHost = await CoreWcfHost.StartHttpAsync(new EchoService(), Wire.Soap12Addressing.ServiceHttp());
        await using var securedHost = await CoreWcfHost.StartHttpAsync(new EchoService(), Wire.Soap12Addressing.ServiceHttp().WithMessageSecurity(Policies.Mutual, credentials));
        using var plain = Proxy.For(Wire.Soap12Addressing.ClientHttp(), plainHost.HttpAddress);
        using var secured = Proxy.For(Wire.Soap12Addressing.ClientHttp().WithMessageSecurity(Policies.Mutual), securedHost.HttpAddress);
        var initiator = new Initiator(
            Policies.Mutual,
            new SecurityCredentials { Certificate = TestCertificates.Client, PeerCertificates = [TestCertificates.Public(TestCertificates.Service)] });
        var recipient = new Recipient(Policies.Mutual, credentials);

        for (var round = 0; round < 3; round++)
        {
            var (bare, engine, whole) = (
                PerCall(() => plain.Channel.Echo(Text)), PerCall(() => RunEngine(initiator, recipient)), PerCall(() => secured.Channel.Echo(Text)));
            TestContext.Out.WriteLine(
                $"unsecured {bare:F0} µs, secured {whole:F0} µs, engine alone {engine:F0} µs; beyond the engine {(whole - bare - engine) / engine:P0} of it");
        }
    }

    private static void RunEngine(Initiator initiator, Recipient recipient)
    {
        var (request, reply) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var envelope = Refusals.BadMessages.Plain(new Uri("http://localhost/echo"), text: Text);
        using var pending = initiator.ProtectRequest(envelope, MessageContext.Empty, request);
        using var verified = recipient.VerifyRequest(request.WrittenMemory, MessageContext.Empty);
        verified.ProtectReply(envelope, MessageContext.Empty, reply);
        pending.VerifyReply(reply.WrittenMemory, MessageContext.Empty);
    }

    private static double PerCall(Action call)
    {
        for (var warmUp = 0; warmUp < 100; warmUp++)
        {
            call();
        }

        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var number = 0; number < Calls; number++)
        {
            call();
        }

        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMicroseconds / Calls;
    }
}
