using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using WsSecurity.Interop.MitKrb5.Realm;

namespace WsSecurity.Interop.MitKrb5.Wss4j;

/// <summary>Apache WSS4J, in both directions, over HTTP.</summary>
[KerberosFixture]
public sealed class Wss4jTests
{
    private Wss4jPeer _peer = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        if (Wss4jPeer.TakesPart)
        {
            _peer = await Wss4jPeer.Start();
        }
    }

    [OneTimeTearDown]
    public void Stop() => _peer?.Dispose();

    [TestCaseSource(nameof(Cases))]
    public async Task Request_ToWss4jService_IsAcceptedAndItsReplyVerifies(string words)
    {
        var parties = new Parties(Policy(words), soap11: true);
        using var pending = await parties.ProtectAsync();

        var (status, content) = await _peer.Post($"service/{words}", parties.Wire);
        Assert.That(status, Is.EqualTo(200), Encoding.UTF8.GetString(content));
        var reply = await pending.VerifyReplyAsync(content, MessageContext.Empty);

        var text = Encoding.UTF8.GetString(reply.Envelope.ToArray());
        Assert.That(text, Does.Contain("EchoResponse").And.Contain("1"));
        Assert.That(Encoding.UTF8.GetString(content), Does.Contain("caller=\"alice@WSS.TEST\""));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Request_OfWss4jClient_IsAcceptedAndItsReplyVerifies(string words)
    {
        var recipient = new Parties(Policy(words), soap11: true).Recipient;
        string? caller = null;
        string? refusal = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var host = builder.Build();
        host.MapPost("/", async (HttpContext http) =>
        {
            using var stream = new MemoryStream();
            await http.Request.Body.CopyToAsync(stream);
            try
            {
                using var request = await recipient.VerifyRequestAsync(stream.ToArray(), MessageContext.Empty);
                caller = request.Message.Principal.Identity!.Name;
                var reply = new ArrayBufferWriter<byte>();
                request.ProtectReply(Parties.Soap11Reply, MessageContext.Empty, reply);
                await http.Response.Body.WriteAsync(reply.WrittenMemory);
            }
            catch (WsSecurityException exception)
            {
                refusal = exception.ToString();
                http.Response.StatusCode = 500;
            }
        });
        await host.StartAsync();

        var (status, content) = await _peer.Post($"client/{words}?url={host.Urls.First()}/", Parties.Soap11Request);

        Assert.That(status, Is.EqualTo(200), $"{refusal} {Encoding.UTF8.GetString(content)}");
        Assert.That(caller, Is.EqualTo("alice@WSS.TEST"));
        Assert.That(Encoding.UTF8.GetString(content), Does.Contain("<pong"));
    }

    [TestCaseSource(nameof(Signed))]
    public async Task Request_WithATicketForAnotherService_IsRefusedByWss4j(string words)
    {
        var parties = new Parties(Policy(words), Parties.Alice with { ServicePrincipal = "HTTP/other.wss.test" }, soap11: true);
        using var pending = await parties.ProtectAsync();

        var (status, content) = await _peer.Post($"service/{words}", parties.Wire);

        Assert.That(status, Is.EqualTo(500), Encoding.UTF8.GetString(content));
    }

    private static IEnumerable<string> Signed => Wss4jPeer.TakesPart ? ["sign"] : [];

    private static IEnumerable<string> Cases =>
        Wss4jPeer.TakesPart ? ["sign", "sign,identifier", "sign,encrypt", "sign,encrypt,identifier", "sign,derive", "sign,derive,encrypt", "sign,derive,encrypt,identifier"] : [];

    private static SecurityPolicy Policy(string words)
    {
        var parts = ProtectedParts.FromMessageParts(new MessageParts { Body = true });
        var named = words.Split(',');
        return SecurityPolicy.Kerberos with
        {
            DefaultAlgorithmSuite = AlgorithmSuite.Basic128Sha256,
            MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
            RequireDerivedKeys = named.Contains("derive"),
            KeyReference = named.Contains("identifier") ? KeyReference.SubjectKeyIdentifier : KeyReference.Default,
            SignedParts = parts,
            EncryptedParts = named.Contains("encrypt") ? parts : ProtectedParts.FromMessageParts(MessageParts.None),
        };
    }
}
