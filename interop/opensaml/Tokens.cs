using System.Buffers;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace WsSecurity.Interop.OpenSaml;

/// <summary>A folder of tokens that OpenSAML signed, the keys that go with them, and the time when they were made.</summary>
internal sealed class Tokens(string folder)
{
    public const string Issuer = "urn:issuer";
    public const string Audience = "urn:service";

    public string Keys => Path.Combine(folder, "keys");

    public DateTimeOffset Now => DateTimeOffset.Parse(File.ReadAllText(Path.Combine(folder, "clock")).Trim(), CultureInfo.InvariantCulture);

    public byte[] Read(string name) => File.ReadAllBytes(Path.Combine(folder, $"{name}.xml"));

    public X509Certificate2 Certificate(string name) => X509Certificate2.CreateFromPemFile(Path.Combine(Keys, $"{name}.pem"), Path.Combine(Keys, $"{name}.key"));

    public SamlAssertionCredential Credential(string name) => name.StartsWith("encrypted", StringComparison.Ordinal)
        ? SamlAssertionCredential.ParseEncrypted(Read(name), Encoding.UTF8.GetBytes(
            "<w:SecurityTokenReference xmlns:w=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\">"
            + $"<w:KeyIdentifier ValueType=\"http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLID\">_{name}</w:KeyIdentifier></w:SecurityTokenReference>"))
        : name.StartsWith("proof-key", StringComparison.Ordinal) ? SamlAssertionCredential.Parse(Read(name)).WithProofKey(File.ReadAllBytes(Path.Combine(Keys, "proof.key")))
        : SamlAssertionCredential.Parse(Read(name));

    /// <summary>Sends a request with the assertion to a service that trusts the issuer.</summary>
    public VerifiedRequest Send(SecurityPolicy policy, SamlAssertionCredential assertion, X509Certificate2? issuer = null)
    {
        var context = new MessageContext { IsTransportProtected = policy.AuthenticationMode == AuthenticationMode.IssuedTokenOverTransport };
        var services = new SecurityServices { TimeProvider = new FakeTimeProvider(Now.AddSeconds(5)) };
        var client = new SecurityCredentials { Certificate = Certificate("client"), PeerCertificates = [Certificate("service")], SamlAssertion = assertion };
        var output = new ArrayBufferWriter<byte>();
        using var pending = new Initiator(policy, client, services).ProtectRequest(
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><add xmlns=\"urn:calc\"/></s:Body></s:Envelope>"u8.ToArray(), context, output);
        var service = new SecurityCredentials
        {
            Certificate = Certificate("service"),
            Audiences = [Audience],
            TrustDomains = [new TrustDomain { Name = "issuers", SamlIssuers = [new SamlIssuer(Issuer, issuer ?? Certificate("issuer"))] }],
        };
        return new Recipient(policy, service, services).VerifyRequest(output.WrittenMemory, context);
    }
}
