using System.Buffers;
using System.Security.Claims;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace WsSecurity.Tests;

/// <summary>The two parties of an exchange, with keys that fit every authentication mode.</summary>
internal sealed class TestParties
{
    public const string Body11 = "<add xmlns=\"urn:calc\"><a>1</a><b>2 &amp; 3</b></add>";

    private TestParties(SecurityPolicy policy, SecurityPolicy? recipientPolicy)
    {
        Time = new FakeTimeProvider(TestKeys.Now);
        Services = new SecurityServices { TimeProvider = Time };
        ClientCredentials = new SecurityCredentials
        {
            Certificate = TestKeys.Client,
            PeerCertificates = [TestKeys.Public(TestKeys.Service)],
            UserName = "alice",
            Password = "wonderland",
        };
        ServiceCredentials = new SecurityCredentials
        {
            Certificate = TestKeys.Service,
            TrustDomains = [new TrustDomain { Name = "tests", Anchors = [TestKeys.Ca] }],
            PeerCertificates = [TestKeys.Public(TestKeys.Client)],
            UsernameTokenValidator = new Validator(),
        };
        ClientPolicy = policy;
        ServicePolicy = recipientPolicy ?? policy;
    }

    public FakeTimeProvider Time { get; }

    public SecurityServices Services { get; set; }

    public SecurityPolicy ClientPolicy { get; set; }

    public SecurityPolicy ServicePolicy { get; set; }

    public SecurityCredentials ClientCredentials { get; set; }

    public SecurityCredentials ServiceCredentials { get; set; }

    public Initiator Initiator => field ??= new Initiator(ClientPolicy, ClientCredentials, Services);

    public Recipient Recipient => field ??= new Recipient(ServicePolicy, ServiceCredentials, Services);

    public MessageContext Context { get; set; } = MessageContext.Empty;

    public static TestParties Of(SecurityPolicy policy, SecurityPolicy? recipientPolicy = null) => new(policy, recipientPolicy);

    public static byte[] Envelope(string body, string headers = "", string soap = "http://schemas.xmlsoap.org/soap/envelope/") => Encoding.UTF8.GetBytes(
        $"<s:Envelope xmlns:s=\"{soap}\" xmlns:a=\"http://www.w3.org/2005/08/addressing\"><s:Header>{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>");

    public (byte[] Wire, PendingReply Reply) Protect(byte[] envelope)
    {
        var output = new ArrayBufferWriter<byte>();
        var reply = Initiator.ProtectRequest(envelope, Context, output);
        return (output.WrittenSpan.ToArray(), reply);
    }

    public byte[] Protect(string body = Body11, string headers = "") => Protect(Envelope(body, headers)).Wire;

    public VerifiedRequest Verify(byte[] wire) => Recipient.VerifyRequest(wire, Context);

    public byte[] ProtectReply(VerifiedRequest request, byte[] envelope)
    {
        var output = new ArrayBufferWriter<byte>();
        request.ProtectReply(envelope, Context, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Takes the password "wonderland" of alice.</summary>
    internal sealed class Validator : IUsernameTokenKeySource
    {
        public ValueTask<byte[]?> DeriveKeyAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult(token.UserName == "alice" ? token.DeriveKey("wonderland") : null);

        public ValueTask<IReadOnlyList<Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<Claim>?>(token.UserName == "alice" && token.Matches("wonderland") ? [new Claim(ClaimTypes.Role, "clerk")] : null);
    }
}
