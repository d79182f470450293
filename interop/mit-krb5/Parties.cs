using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WsSecurity.Interop.MitKrb5.Realm;

namespace WsSecurity.Interop.MitKrb5;

/// <summary>Both parties of an exchange under one policy: alice, and the service that she calls.</summary>
internal sealed class Parties
{
    private const string Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    private const string Soap12 = "http://www.w3.org/2003/05/soap-envelope";

    private readonly byte[] _request;

    public Parties(SecurityPolicy policy, KerberosClientCredential? client = null, bool soap11 = false)
    {
        _request = soap11 ? Soap11Request : Request;
        Initiator = new Initiator(policy, new SecurityCredentials { KerberosClient = client ?? Alice, PeerCertificates = [ServiceCertificate] });
        Recipient = new Recipient(policy, new SecurityCredentials
        {
            Certificate = ServiceCertificate,
            KerberosService = new KerberosServiceCredential { Keytab = SharedRealm.Instance.ServiceKeytab, Principal = TemporaryRealm.Service },
            TrustDomains = [new TrustDomain { Name = "home", KerberosRealms = [TemporaryRealm.Name] }],
        });
    }

    public static KerberosClientCredential Alice { get; } = new()
    {
        ServicePrincipal = TemporaryRealm.Service,
        Principal = "alice@WSS.TEST",
        Password = TemporaryRealm.AlicePassword,
    };

    /// <summary>The service's certificate, for policies that encrypt for one.</summary>
    private static X509Certificate2 ServiceCertificate { get; } = CreateCertificate();

    public static byte[] Request { get; } = Soap(Soap12, "<ping xmlns=\"urn:test\">1</ping>");

    public static byte[] Reply { get; } = Soap(Soap12, "<pong xmlns=\"urn:test\">2</pong>");

    public static byte[] Soap11Request { get; } = Soap(Soap11, "<ping xmlns=\"urn:test\">1</ping>");

    public static byte[] Soap11Reply { get; } = Soap(Soap11, "<pong xmlns=\"urn:test\">2</pong>");

    public Initiator Initiator { get; }

    public Recipient Recipient { get; }

    public MessageContext Context { get; init; } = MessageContext.Empty;

    /// <summary>The request as it was protected last.</summary>
    public byte[] Wire { get; private set; } = [];

    public async Task<PendingReply> ProtectAsync()
    {
        await Initiator.PrepareAsync();
        var output = new ArrayBufferWriter<byte>();
        var pending = Initiator.ProtectRequest(_request, Context, output);
        Wire = output.WrittenSpan.ToArray();
        return pending;
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=service", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static byte[] Soap(string version, string body) => Encoding.UTF8.GetBytes($"<s:Envelope xmlns:s=\"{version}\"><s:Body>{body}</s:Body></s:Envelope>");
}
