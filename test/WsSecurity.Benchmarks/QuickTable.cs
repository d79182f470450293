using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WsSecurity.Benchmarks.Peers;

namespace WsSecurity.Benchmarks;

/// <summary>
/// Every figure of the README in one process, in a minute or two: medians, each beside its peer of the same run. Throughput counts wire
/// octets. BenchmarkDotNet says more of a single one.
/// </summary>
internal sealed class QuickTable
{
    private const int Mega = 1_000_000;

    // Milliseconds. The compiler works on in the background after a warm-up, and its time would count.
    private const int Settling = 300;

    private readonly TextWriter _output;
    private readonly ArrayBufferWriter<byte> _buffer = new(20 * Mega);

    private QuickTable(TextWriter output) => _output = output;

    /// <summary>Measures and prints Markdown.</summary>
    public static void Run(TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} cores. Processor time of the process, medians."));
        var table = new QuickTable(output);
        table.Large();
        table.Small();
        table.Memory();
    }

    private void Large()
    {
        var plain = Documents.Large();
        var signed = Parties.Signing.Protect(plain);
        var signedByPeer = SignedXmlPeer.Sign(plain);
        var elsewhere = Documents.LargeDeclaredOnEnvelope();
        var elsewhereSigned = SignedXmlPeer.Sign(elsewhere);
        var encrypted = Parties.SigningAndEncrypting.Protect(plain);
        var encryptedByPeer = EncryptedXmlPeer.SignAndEncrypt(plain);

        var sha256 = Throughput(signed.Length, Fast(() => SHA256.HashData(signed)));
        var peerSign = Throughput(signed.Length, Slow(() => SignedXmlPeer.Sign(plain)));
        var peerVerify = Throughput(signedByPeer.Length, Slow(() => SignedXmlPeer.Verify(signedByPeer)));
        var peerElsewhereSign = Throughput(elsewhereSigned.Length, Slow(() => SignedXmlPeer.Sign(elsewhere)));
        var peerElsewhereVerify = Throughput(elsewhereSigned.Length, Slow(() => SignedXmlPeer.Verify(elsewhereSigned)));
        var peerEncrypt = Throughput(encryptedByPeer.Length, Slow(() => EncryptedXmlPeer.SignAndEncrypt(plain)));
        var peerDecrypt = Throughput(encryptedByPeer.Length, Slow(() => EncryptedXmlPeer.DecryptAndVerify(encryptedByPeer)));
        var sign = Throughput(signed.Length, Fast(() => Parties.Signing.Protect(plain, _buffer)));
        var verify = Throughput(signed.Length, Fast(() => Parties.Signing.Verify(signed)));
        var elsewhereSign = Throughput(elsewhereSigned.Length, Fast(() => Parties.Signing.Protect(elsewhere, _buffer)));
        var elsewhereVerify = Throughput(elsewhereSigned.Length, Fast(() => Parties.WithoutTimestamp.Verify(elsewhereSigned)));
        var encrypt = Throughput(encrypted.Length, Fast(() => Parties.SigningAndEncrypting.Protect(plain, _buffer)));
        var decrypt = Throughput(encrypted.Length, Fast(() => Parties.SigningAndEncrypting.Verify(encrypted)));

        _output.WriteLine();
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {signed.Length / (double)Mega:F1} MB, 100,000 rows of four fields | times SignedXml | of SHA-256 alone | WsSecurity | SignedXml, EncryptedXml |"));
        _output.WriteLine("|---|--:|--:|--:|--:|");
        Row("SHA-256 alone", sha256, null);
        Row("sign", sign, peerSign);
        Row("verify", verify, peerVerify);
        Row("sign, prefixes declared on Envelope", elsewhereSign, peerElsewhereSign);
        Row("verify, prefixes declared on Envelope (not canonical in place)", elsewhereVerify, peerElsewhereVerify);
        Row("sign and encrypt, AES-256-GCM (peer: AES-256-CBC)", encrypt, peerEncrypt);
        Row("decrypt and verify, AES-256-GCM (peer: AES-256-CBC)", decrypt, peerDecrypt);

        void Row(string name, double own, double? peer)
        {
            var ratio = peer is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{own / peer:F1} ×");
            var peerText = peer is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{peer:F1} MB/s");
            _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {ratio} | {own / sha256:P0} | {own:F0} MB/s | {peerText} |"));
        }
    }

    private void Small()
    {
        using var privateKey = Keys.Client.GetRSAPrivateKey()!;
        using var publicKey = Keys.Client.GetRSAPublicKey()!;
        var hash = SHA256.HashData("hash"u8);
        var signature = privateKey.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var plain = Documents.Small();
        var signed = Parties.Signing.Protect(plain);
        var encrypted = Parties.SigningAndEncrypting.Protect(plain);
        var signedByPeer = SignedXmlPeer.Sign(plain);
        var encryptedByPeer = EncryptedXmlPeer.SignAndEncrypt(plain);

        // Taken in turns, since a machine is not equally fast all the time: only neighbours can be compared.
        var times = Microseconds(
            () => privateKey.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            () => Parties.Signing.Protect(plain, _buffer),
            () => SignedXmlPeer.Sign(plain),
            () => publicKey.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            () => Parties.Signing.Verify(signed),
            () => SignedXmlPeer.Verify(signedByPeer),
            () => Parties.SigningAndEncrypting.Protect(plain, _buffer),
            () => EncryptedXmlPeer.SignAndEncrypt(plain),
            () => Parties.SigningAndEncrypting.Verify(encrypted),
            () => EncryptedXmlPeer.DecryptAndVerify(encryptedByPeer));

        _output.WriteLine();
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| 2 KB ({plain.Length:N0} octets plain, {signed.Length:N0} signed) | times the bare RSA-2048 operation | WsSecurity | RSA-2048 alone | SignedXml, EncryptedXml |"));
        _output.WriteLine("|---|--:|--:|--:|--:|");
        Row("sign", times[1], times[0], times[2]);
        Row("verify", times[4], times[3], times[5]);
        Row("sign and encrypt", times[6], times[0], times[7]);
        Row("decrypt and verify", times[8], times[0], times[9]);

        void Row(string name, double own, double rsa, double peer) => _output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"| {name} | {own / rsa:F2} × | {own:F0} µs | {rsa:F0} µs | {peer:F0} µs |"));
    }

    private void Memory()
    {
        var plain = Documents.Large();
        _output.WriteLine();
        _output.WriteLine("| memory, in times the message | peak working set | allocated | message |");
        _output.WriteLine("|---|--:|--:|--:|");
        Row("sign (what is written included)", "sign", plain);
        Row("verify", "verify", Parties.Signing.Protect(plain));
        Row("sign and encrypt (what is written included)", "encrypt", plain);
        Row("decrypt and verify", "decrypt", Parties.SigningAndEncrypting.Protect(plain));

        void Row(string name, string operation, byte[] message)
        {
            var (peak, allocated) = MemoryProbe.Start(operation, message);
            _output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {peak / (double)message.Length:F2} × | {allocated / (double)message.Length:F2} × | {message.Length / (double)Mega:F1} MB |"));
        }
    }

    private static double Throughput(int octets, double seconds) => octets / seconds / Mega;

    // Processor time, not the clock's: everything here computes and nothing waits, and beside other work on the machine long runs
    // would lose more of the clock's time than short ones, which flatters whoever is fast.
    private static TimeSpan ProcessorTime => Environment.CpuUsage.TotalTime;

    private static double Fast(Action action) => Median(action, warmUps: 40, runs: 41);

    private static double Slow(Action action) => Median(action, warmUps: 0, runs: 3);

    private static double Median(Action action, int warmUps, int runs)
    {
        // Two rounds: code that is called often is compiled twice, once with counters and once by what they say.
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < warmUps; i++)
            {
                action();
            }

            // What others left behind is not this one's cost; its own garbage is.
            GC.Collect();
            Thread.Sleep(Settling);
        }

        var seconds = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            var started = ProcessorTime;
            action();
            seconds[i] = (ProcessorTime - started).TotalSeconds;
        }

        return Middle(seconds);
    }

    private static double[] Microseconds(params Action[] actions)
    {
        const int Rounds = 21;
        const int Repetitions = 200;
        for (var round = 0; round < 5; round++)
        {
            foreach (var action in actions)
            {
                for (var i = 0; i < Repetitions; i++)
                {
                    action();
                }
            }

            Thread.Sleep(Settling);
        }

        var times = Array.ConvertAll(actions, _ => new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                var started = ProcessorTime;
                for (var repetition = 0; repetition < Repetitions; repetition++)
                {
                    actions[i]();
                }

                times[i][round] = (ProcessorTime - started).TotalMicroseconds / Repetitions;
            }
        }

        return Array.ConvertAll(times, Middle);
    }

    private static double Middle(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
