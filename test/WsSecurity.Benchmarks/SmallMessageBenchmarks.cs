using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;

namespace WsSecurity.Benchmarks;

/// <summary>2 KB, beside the bare RSA-2048 operations.</summary>
[MemoryDiagnoser]
public class SmallMessageBenchmarks
{
    private readonly RSA _privateKey = Keys.Client.GetRSAPrivateKey()!;
    private readonly RSA _publicKey = Keys.Client.GetRSAPublicKey()!;
    private readonly byte[] _hash = new byte[32];
    private readonly byte[] _plain = Documents.Small();
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private byte[] _signature = [];
    private byte[] _signed = [];
    private byte[] _encrypted = [];

    /// <summary>Makes the messages that are verified.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _signature = RsaSign();
        _signed = Parties.Signing.Protect(_plain);
        _encrypted = Parties.SigningAndEncrypting.Protect(_plain);
    }

    /// <summary>The private operation alone.</summary>
    [Benchmark]
    public byte[] RsaSign() => _privateKey.SignHash(_hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>The public operation alone.</summary>
    [Benchmark]
    public bool RsaVerify() => _publicKey.VerifyHash(_hash, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>Signs.</summary>
    [Benchmark]
    public void Sign() => Parties.Signing.Protect(_plain, _output);

    /// <summary>Verifies.</summary>
    [Benchmark]
    public void Verify() => Parties.Signing.Verify(_signed);

    /// <summary>Signs and encrypts.</summary>
    [Benchmark]
    public void SignAndEncrypt() => Parties.SigningAndEncrypting.Protect(_plain, _output);

    /// <summary>Decrypts and verifies.</summary>
    [Benchmark]
    public void DecryptAndVerify() => Parties.SigningAndEncrypting.Verify(_encrypted);
}
