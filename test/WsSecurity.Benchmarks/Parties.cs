using System.Buffers;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Benchmarks;

/// <summary>Our two roles under one policy.</summary>
internal sealed class Parties
{
    private readonly Initiator _initiator;
    private readonly Recipient _recipient;

    private Parties(SecurityPolicy policy)
    {
        _initiator = new Initiator(policy, new SecurityCredentials
        {
            Certificate = Keys.Client,
            PeerCertificates = [X509CertificateLoader.LoadCertificate(Keys.Service.RawData)],
        });
        var credentials = new SecurityCredentials
        {
            Certificate = Keys.Service,
            TrustDomains = [new TrustDomain { Name = "benchmarks", Anchors = [Keys.Authority] }],
        };
        _recipient = new Recipient(policy, credentials, new SecurityServices { ReplayCache = new ForgetfulReplayCache() });
    }

    /// <summary>RSA-2048 with SHA-256 over Timestamp, Body and WS-Addressing headers, exclusive C14N; nothing is encrypted.</summary>
    public static Parties Signing { get; } = new(SecurityPolicy.CertificateSignature);

    /// <summary>The same, then the Body's content and the signature encrypted by AES-256-GCM under a key for the recipient (RSA-OAEP).</summary>
    public static Parties SigningAndEncrypting { get; } = new(SecurityPolicy.MutualCertificateDuplex);

    /// <summary>What a foreign writer signed that has no Timestamp.</summary>
    public static Parties WithoutTimestamp { get; } = new(SecurityPolicy.CertificateSignature with { IncludeTimestamp = false, DetectReplays = false });

    /// <summary>Protects into a buffer that is used again and again, as a transport's is.</summary>
    public void Protect(ReadOnlyMemory<byte> plain, ArrayBufferWriter<byte> output)
    {
        output.ResetWrittenCount();
        _initiator.ProtectRequest(plain, MessageContext.Empty, output).Dispose();
    }

    public byte[] Protect(ReadOnlyMemory<byte> plain)
    {
        var output = new ArrayBufferWriter<byte>(plain.Length + 8192);
        Protect(plain, output);
        return output.WrittenSpan.ToArray();
    }

    public void Verify(ReadOnlyMemory<byte> wire) => _recipient.VerifyRequest(wire, MessageContext.Empty).Dispose();
}
