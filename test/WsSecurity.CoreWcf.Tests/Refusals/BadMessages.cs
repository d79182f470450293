using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using WsSecurity.ServiceModel.Tests.Hosting;

namespace WsSecurity.CoreWcf.Tests.Refusals;

/// <summary>Messages that a service must refuse, and one that it must take.</summary>
internal static class BadMessages
{
    /// <summary>A certificate by the client's name that no authority of the tests issued.</summary>
    public static readonly X509Certificate2 Stranger = CreateStranger();

    public const string Action = Envelopes.Service + "/IEcho/Echo";

    private static readonly XNamespace Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

    public static IEnumerable<(string Name, Func<Uri, byte[]> Make)> All =>
    [
        ("no Security header", address => Plain(address)),
        ("Body changed", address => Edit(Protect(address, signOnly: true), "falsify", "falsified")),
        ("Security header removed", address => Remove(Protect(address), Wsse + "Security")),
        ("Security header empty", address => Empty(Protect(address))),
        ("signed by a stranger", address => Protect(address, Stranger)),
        ("expired", address => Protect(address, time: new Shifted(TimeSpan.FromHours(-2)))),
        ("from the future", address => Protect(address, time: new Shifted(TimeSpan.FromHours(2)))),
        ("for another service", address => Protect(new Uri(address, "/other"))),
        ("ciphertext cut", address => Edit(Protect(address), "CipherValue>", "CipherValue>AAAA")),
        ("malformed XML", _ => Encoding.UTF8.GetBytes("<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body>")),
        ("no XML", _ => Encoding.UTF8.GetBytes("this is no XML")),
        ("octets that are no UTF-8", _ => [0xFF, 0xFE, 0x00, 0xD8, 0x3C]),
        ("document type", _ => Encoding.UTF8.GetBytes("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")),
        ("no envelope", _ => Encoding.UTF8.GetBytes("<a/>")),
        ("two Bodies", address => Edit(Protect(address), "</s:Body>", "</s:Body><s:Body/>")),
        ("a second Action", address => Edit(Protect(address), "</s:Header>", "<a:Action xmlns:a='http://www.w3.org/2005/08/addressing'>urn:other</a:Action></s:Header>")),
        ("a second To", address => Edit(Protect(address), "</s:Header>", "<a:To xmlns:a='http://www.w3.org/2005/08/addressing'>urn:other</a:To></s:Header>")),
        ("a second MessageID", address => Edit(Protect(address), "</s:Header>", "<a:MessageID xmlns:a='http://www.w3.org/2005/08/addressing'>urn:other</a:MessageID></s:Header>")),
        ("truncated", address => Protect(address)[..^20]),
        ("deep nesting", _ => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 5000)))),
    ];

    public static SecurityPolicy Policy { get; } = Policies.Mutual;

    /// <summary>A good request with WS-Addressing, of SOAP 1.2 where nothing else is said.</summary>
    public static byte[] Protect(Uri address, X509Certificate2? signer = null, TimeProvider? time = null, bool signOnly = false, XNamespace? soap = null)
    {
        var policy = signOnly ? Policy with { ProtectionLevel = ProtectionLevel.Sign } : Policy;
        var initiator = new Initiator(
            policy,
            new SecurityCredentials
            {
                Certificate = signer ?? TestCertificates.Client,
                PeerCertificates = [TestCertificates.Public(TestCertificates.Service)],
            },
            time is null ? null : new SecurityServices { TimeProvider = time });
        var output = new ArrayBufferWriter<byte>();
        using var reply = initiator.ProtectRequest(Plain(address, soap), MessageContext.Empty, output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Plain(Uri address, XNamespace? soap = null, string text = "falsify") => Envelopes.Create(
        soap ?? Envelopes.Soap12,
        [
            new XElement(Envelopes.Addressing + "Action", Action),
            new XElement(Envelopes.Addressing + "To", address.ToString()),
            new XElement(Envelopes.Addressing + "MessageID", $"urn:uuid:{Guid.NewGuid()}"),
            new XElement(Envelopes.Addressing + "ReplyTo", new XElement(Envelopes.Addressing + "Address", "http://www.w3.org/2005/08/addressing/anonymous")),
        ],
        new XElement(Envelopes.Contract + "Echo", new XElement(Envelopes.Contract + "text", text))).ToOctets();

    // The certificates of the other tests are all of one authority; this one is of none.
    private static X509Certificate2 CreateStranger()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=client.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(TestCertificates.Authority.NotBefore, TestCertificates.Authority.NotAfter);
    }

    private static byte[] Edit(byte[] octets, string from, string to)
    {
        var text = Encoding.UTF8.GetString(octets);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        return at < 0
            ? throw new InvalidOperationException($"'{from}' is not in the message.")
            : Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, at), to, text.AsSpan(at + from.Length)));
    }

    private static byte[] Remove(byte[] octets, XName name)
    {
        var document = Envelopes.Parse(octets);
        document.Descendants(name).Single().Remove();
        return document.ToOctets();
    }

    private static byte[] Empty(byte[] octets)
    {
        var document = Envelopes.Parse(octets);
        document.Descendants(Wsse + "Security").Single().RemoveNodes();
        return document.ToOctets();
    }

    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
