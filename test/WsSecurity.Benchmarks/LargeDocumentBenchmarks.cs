using System.Buffers;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using WsSecurity.Benchmarks.Peers;

namespace WsSecurity.Benchmarks;

/// <summary>10 MB of small rows.</summary>
[MemoryDiagnoser]
public class LargeDocumentBenchmarks
{
    private readonly byte[] _plain = Documents.Large();
    private readonly ArrayBufferWriter<byte> _output = new(16 * 1024 * 1024);
    private byte[] _signed = [];
    private byte[] _signedByPeer = [];
    private byte[] _declaredOnEnvelope = [];
    private byte[] _encrypted = [];
    private byte[] _encryptedByPeer = [];

    /// <summary>Makes the messages that are verified.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _signed = Parties.Signing.Protect(_plain);
        _signedByPeer = SignedXmlPeer.Sign(_plain);
        _declaredOnEnvelope = SignedXmlPeer.Sign(Documents.LargeDeclaredOnEnvelope());
        _encrypted = Parties.SigningAndEncrypting.Protect(_plain);
        _encryptedByPeer = EncryptedXmlPeer.SignAndEncrypt(_plain);
    }

    /// <summary>SHA-256 alone over the signed message.</summary>
    [Benchmark]
    public byte[] Sha256() => SHA256.HashData(_signed);

    /// <summary>Signs.</summary>
    [Benchmark]
    public void Sign() => Parties.Signing.Protect(_plain, _output);

    /// <summary>Verifies.</summary>
    [Benchmark]
    public void Verify() => Parties.Signing.Verify(_signed);

    /// <summary>Verifies what is not canonical on the wire.</summary>
    [Benchmark]
    public void VerifyDeclaredOnEnvelope() => Parties.WithoutTimestamp.Verify(_declaredOnEnvelope);

    /// <summary>Signs and encrypts.</summary>
    [Benchmark]
    public void SignAndEncrypt() => Parties.SigningAndEncrypting.Protect(_plain, _output);

    /// <summary>Decrypts and verifies.</summary>
    [Benchmark]
    public void DecryptAndVerify() => Parties.SigningAndEncrypting.Verify(_encrypted);

    /// <summary>Signs with SignedXml.</summary>
    [Benchmark]
    public byte[] SignedXmlSign() => SignedXmlPeer.Sign(_plain);

    /// <summary>Verifies with SignedXml.</summary>
    [Benchmark]
    public void SignedXmlVerify() => SignedXmlPeer.Verify(_signedByPeer);

    /// <summary>Signs with SignedXml and encrypts with EncryptedXml.</summary>
    [Benchmark]
    public byte[] EncryptedXmlEncrypt() => EncryptedXmlPeer.SignAndEncrypt(_plain);

    /// <summary>Decrypts with EncryptedXml and verifies with SignedXml.</summary>
    [Benchmark]
    public void EncryptedXmlDecrypt() => EncryptedXmlPeer.DecryptAndVerify(_encryptedByPeer);
}
