using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WsSecurity.CoreWcf.Tests.Hosting;
using WsSecurity.ServiceModel;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests;

/// <summary>
/// What security costs, measured on request: <c>dotnet test -c Release test/WsSecurity.CoreWcf.Tests --filter "Name~Measure" --logger "console;verbosity=detailed"</c>.
/// Costs are processor time of client and service together, so that other work on the machine matters little; calls per second are the clock's.
/// </summary>
internal sealed class ThroughputTests
{
    private const int Callers = 4;

    [Test]
    [Explicit("A measurement.")]
    public async Task Measure_SecuredBesideUnsecuredBesideTheBareCryptography()
    {
        await using var plainHost = await CoreWcfHost.StartHttpAsync(new SilentEchoService(), Service());
        await using var securedHost = await CoreWcfHost.StartHttpAsync(new SilentEchoService(), Service().WithMessageSecurity(Policies.Mutual, CoreWcfHost.Credentials));
        using var plain = Proxy.For(Client(), plainHost.HttpAddress);
        using var secured = Proxy.For(Client().WithMessageSecurity(Policies.Mutual), securedHost.HttpAddress);
        var initiator = new Initiator(
            Policies.Mutual,
            new SecurityCredentials { Certificate = TestCertificates.Client, PeerCertificates = [TestCertificates.Public(TestCertificates.Service)] });
        var recipient = new Recipient(Policies.Mutual, CoreWcfHost.Credentials);

        TestContext.Out.WriteLine("characters | unsecured µs, calls/s | secured µs, calls/s | cryptography µs | engine µs | (secured - unsecured) / cryptography");

        // What the compiler still does in the background would count as well, so it is given the calls that it waits for.
        await PerCallAsync(6000, () => plain.Channel.EchoAsync("warm"));
        await PerCallAsync(6000, () => secured.Channel.EchoAsync("warm"));
        foreach (var (size, calls) in new[] { (1_000, 3000), (10_000, 2000), (100_000, 800), (1_000_000, 150) })
        {
            var text = new string('x', size);
            var envelope = Refusals.BadMessages.Plain(new Uri("http://localhost/echo"), text: text);
            var (unsecured, rate) = await PerCallAsync(calls, () => plain.Channel.EchoAsync(text));
            var (whole, securedRate) = await PerCallAsync(calls, () => secured.Channel.EchoAsync(text));
            var (engine, _) = await PerCallAsync(calls, () => Off(() => RunEngine(initiator, recipient, envelope)));
            using var cryptography = new BareCryptography(envelope, size);
            var (bare, _) = await PerCallAsync(calls, () => Off(cryptography.Run));
            TestContext.Out.WriteLine(
                $"{size} | {unsecured:F0}, {rate:F0} | {whole:F0}, {securedRate:F0} | {bare:F0} | {engine:F0} | {(whole - unsecured) / bare:F2}");
        }
    }

    private static CoreWCF.Channels.CustomBinding Service()
    {
        var binding = Wire.Soap12Addressing.ServiceHttp();
        binding.Elements.Find<CoreWCF.Channels.TextMessageEncodingBindingElement>().ReaderQuotas = System.Xml.XmlDictionaryReaderQuotas.Max;
        binding.Elements.Find<CoreWCF.Channels.HttpTransportBindingElement>().MaxReceivedMessageSize = int.MaxValue;
        return binding;
    }

    private static System.ServiceModel.Channels.CustomBinding Client()
    {
        var binding = Wire.Soap12Addressing.ClientHttp();
        binding.Elements.Find<System.ServiceModel.Channels.TextMessageEncodingBindingElement>().ReaderQuotas = System.Xml.XmlDictionaryReaderQuotas.Max;
        binding.Elements.Find<System.ServiceModel.Channels.HttpTransportBindingElement>().MaxReceivedMessageSize = int.MaxValue;
        return binding;
    }

    private static Task Off(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static void RunEngine(Initiator initiator, Recipient recipient, byte[] envelope)
    {
        var (request, reply) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        using var pending = initiator.ProtectRequest(envelope, MessageContext.Empty, request);
        using var verified = recipient.VerifyRequest(request.WrittenMemory, MessageContext.Empty);
        verified.ProtectReply(envelope, MessageContext.Empty, reply);
        pending.VerifyReply(reply.WrittenMemory, MessageContext.Empty);
    }

    private static async Task<(double Microseconds, double PerSecond)> PerCallAsync(int calls, Func<Task> call)
    {
        await RunAsync(calls / 4, call);
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (before, started) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await RunAsync(calls, call);
        process.Refresh();
        return ((process.TotalProcessorTime - before).TotalMicroseconds / calls, calls / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static Task RunAsync(int calls, Func<Task> call) => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
    {
        for (var number = 0; number < calls / Callers; number++)
        {
            await call();
        }
    })));

    /// <summary>Keeps nothing of its calls.</summary>
    [CoreWCF.ServiceBehavior(InstanceContextMode = CoreWCF.InstanceContextMode.Single, ConcurrencyMode = CoreWCF.ConcurrencyMode.Multiple)]
    private sealed class SilentEchoService : IEchoService
    {
        public string Echo(string text) => text;

        public Task NotifyAsync(string text) => Task.CompletedTask;

        public string Fail(string text) => text;
    }

    /// <summary>What no implementation of this exchange can do without: of request and reply each a signature, a transported key, AES and two hashes of all parts.</summary>
    private sealed class BareCryptography(byte[] envelope, int bodySize) : IDisposable
    {
        private readonly RSA _client = TestCertificates.Client.GetRSAPrivateKey()!;
        private readonly RSA _service = TestCertificates.Service.GetRSAPrivateKey()!;
        private readonly RSA _publicClient = TestCertificates.Client.GetRSAPublicKey()!;
        private readonly RSA _publicService = TestCertificates.Service.GetRSAPublicKey()!;

        public void Run()
        {
            Message(_client, _publicClient, _service, _publicService);
            Message(_service, _publicService, _client, _publicClient);
        }

        public void Dispose()
        {
            _client.Dispose();
            _service.Dispose();
            _publicClient.Dispose();
            _publicService.Dispose();
        }

        private void Message(RSA signer, RSA publicSigner, RSA reader, RSA publicReader)
        {
            // SignedInfo is hashed by what signs and verifies it.
            Span<byte> signature = stackalloc byte[256];
            var digest = SHA256.HashData(envelope);
            signer.SignHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var key = RandomNumberGenerator.GetBytes(32);
            var transported = publicReader.Encrypt(key, RSAEncryptionPadding.OaepSHA1);
            var body = envelope.AsSpan(0, Math.Min(bodySize, envelope.Length));
            var (ciphertext, tag, nonce) = (new byte[body.Length], new byte[16], RandomNumberGenerator.GetBytes(12));
            using (var aes = new AesGcm(key, 16))
            {
                aes.Encrypt(nonce, body, ciphertext, tag);
            }

            using (var aes = new AesGcm(reader.Decrypt(transported, RSAEncryptionPadding.OaepSHA1), 16))
            {
                aes.Decrypt(nonce, ciphertext, tag, ciphertext);
            }

            publicSigner.VerifyHash(SHA256.HashData(envelope), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }
}
