using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using WsSecurity.Evidence;

namespace WsSecurity.Examples;

/// <summary>The README's example of evidence, run.</summary>
public sealed class EvidenceExample
{
    [Test]
    public async Task Request_Verified_IsKeptAndProvenLater()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            using var client = CreateSelfSigned("CN=client");
            using var hostCertificate = CreateSelfSigned("CN=host");
            var policy = SecurityPolicy.CertificateSignature;
            var credentials = new SecurityCredentials { Certificate = hostCertificate, TrustDomains = [new TrustDomain { Name = "partners", Certificates = [client] }] };
            var wire = new ArrayBufferWriter<byte>();
            var plain = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><ping xmlns=\"urn:x\"/></s:Body></s:Envelope>"u8.ToArray();
            new Initiator(policy, new SecurityCredentials { Certificate = client, PeerCertificates = [hostCertificate] }).ProtectRequest(plain, MessageContext.Empty, wire).Dispose();

            // readme: evidence
            using var trail = EvidenceTrail.Open(new FileEvidenceStore(folder), new EvidenceTrailOptions { Certificate = hostCertificate });
            var services = new SecurityServices { Evidence = new EvidenceRecording { Trail = trail, Endpoint = "Orders" } };
            var recipient = new Recipient(policy, credentials, services);      // or WsSecurityEndpoint.Evidence, or an EvidenceRecording service of the host
            // readme: end

            using (var request = await recipient.VerifyRequestAsync(wire.WrittenMemory, MessageContext.Empty))
            {
                Assert.That(request.Message.EvidenceSequence, Is.EqualTo(2));
            }

            var report = new EvidenceVerifier(new EvidenceVerifierOptions { Trusted = [hostCertificate], KnownHead = trail.Head }).Verify(FileEvidenceStore.Read(folder));
            Assert.That((report.IsAccepted, report.Messages), Is.EqualTo((true, 1)), report.Reason);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
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
