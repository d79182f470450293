using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NUnit.Framework;

namespace WsSecurity.Examples;

/// <summary>The README's example of the engine alone, run.</summary>
public sealed class EngineExample
{
    [Test]
    public async Task Exchange_WithoutAnyHost_Works()
    {
        using var client = CreateSelfSigned("CN=client");
        using var service = CreateSelfSigned("CN=service");
        var policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true };
        var initiator = new Initiator(policy, new SecurityCredentials { Certificate = client, PeerCertificates = [service] });
        var recipient = new Recipient(policy, new SecurityCredentials
        {
            Certificate = service,
            TrustDomains = [new TrustDomain { Name = "partners", Certificates = [client] }],
        });
        var plainRequest = Encoding.UTF8.GetBytes("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><ping xmlns=\"urn:x\"/></s:Body></s:Envelope>");
        var plainReply = Encoding.UTF8.GetBytes("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><pong xmlns=\"urn:x\"/></s:Body></s:Envelope>");
        var context = MessageContext.Empty;
        var cancellationToken = CancellationToken.None;

        // readme: engine
        var wire = new ArrayBufferWriter<byte>();
        using PendingReply pending = initiator.ProtectRequest(plainRequest, context, wire);               // client

        using VerifiedRequest request = await recipient.VerifyRequestAsync(wire.WrittenMemory, context, cancellationToken);
        string caller = request.Message.Principal.Identity!.Name!;                                        // service
        var replyWire = new ArrayBufferWriter<byte>();
        request.ProtectReply(plainReply, context, replyWire);

        VerifiedMessage reply = await pending.VerifyReplyAsync(replyWire.WrittenMemory, context, cancellationToken);   // client
        // readme: end

        using (Assert.EnterMultipleScope())
        {
            Assert.That(caller, Is.EqualTo("CN=client"));
            Assert.That(Encoding.UTF8.GetString(reply.Envelope.ToArray()), Does.Contain("pong"));
        }
    }

    private static X509Certificate2 CreateSelfSigned(string subject)
    {
        var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }
}
