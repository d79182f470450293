using System.Buffers;
using System.Collections.Concurrent;
using System.Xml.Linq;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>
/// A service as the engine's own user would write it: verifies requests, runs the operation, protects replies. Octets in and octets
/// out; the hosts around it know the transports.
/// </summary>
internal sealed class SecuredService
{
    private readonly Recipient _recipient;

    public SecuredService(SecurityPolicy policy, SecurityCredentials? credentials = null)
    {
        _recipient = new Recipient(policy, credentials ?? DefaultCredentials);
    }

    public static SecurityCredentials DefaultCredentials => new()
    {
        Certificate = TestCertificates.Service,
        PeerCertificates = [TestCertificates.Public(TestCertificates.Client)],
        TrustDomains = [new TrustDomain { Name = "test", Anchors = [TestCertificates.Public(TestCertificates.Authority)] }],
        UsernameTokenValidator = new Users(),
    };

    /// <summary>The requests' plain envelopes.</summary>
    public ConcurrentQueue<XDocument> Requests { get; } = new();

    /// <summary>The requests' octets.</summary>
    public ConcurrentQueue<byte[]> Wire { get; } = new();

    public ConcurrentQueue<ProtectionEvidence> Evidence { get; } = new();

    /// <summary>Why a request was refused.</summary>
    public ConcurrentQueue<WsSecurityException> Refusals { get; } = new();

    /// <summary>What a node on the way makes of a request.</summary>
    public Func<ReadOnlyMemory<byte>, ValueTask<ReadOnlyMemory<byte>>> OnTheWay { get; set; } = ValueTask.FromResult;

    /// <summary>What happens to a protected reply on its way.</summary>
    public Func<byte[], byte[]> Tamper { get; set; } = octets => octets;

    /// <summary>What happens to a reply before it is protected.</summary>
    public Action<XDocument> Edit { get; set; } = _ => { };

    /// <summary>Gives the level of an action's messages, as contract attributes of a service do.</summary>
    public Func<string?, ProtectionLevel?> LevelOf { get; set; } = _ => null;

    /// <summary>Called with every verified request that was answered.</summary>
    public Func<VerifiedRequest, XDocument, Task> Answered { get; set; } = (_, _) => Task.CompletedTask;

    public bool IsTransportProtected { get; set; }

    public async Task<Answer?> AnswerAsync(ReadOnlyMemory<byte> wire, string? action = null, string? charset = null)
    {
        Wire.Enqueue(wire.ToArray());
        var soap = System.Text.Encoding.UTF8.GetString(wire.Span).Contains(Envelopes.Soap12.NamespaceName, StringComparison.Ordinal) ? SoapVersion.Soap12 : SoapVersion.Soap11;
        VerifiedRequest request;
        try
        {
            var context = new MessageContext { Action = action, Charset = charset, ProtectionLevel = LevelOf(action), IsTransportProtected = IsTransportProtected };
            request = await _recipient.VerifyRequestAsync(await OnTheWay(wire), context);
        }
        catch (WsSecurityException refusal)
        {
            Refusals.Enqueue(refusal);
            var fault = new ArrayBufferWriter<byte>();
            Recipient.WriteFault(refusal, soap, fault);
            return new Answer(fault.WrittenMemory, IsFault: true);
        }

        var envelope = Envelopes.Parse(request.Message);
        Requests.Enqueue(envelope);
        Evidence.Enqueue(request.Message.Evidence);
        await request.CompleteAsync();
        if (Run(envelope, out var isFault) is not { } reply)
        {
            await Answered(request, envelope);
            request.Dispose();
            return null;
        }

        Edit(reply);
        var output = new ArrayBufferWriter<byte>();
        request.ProtectReply(reply.ToOctets(), new MessageContext { ProtectionLevel = LevelOf(action), IsTransportProtected = IsTransportProtected }, output);
        var answer = new Answer(Tamper(output.WrittenSpan.ToArray()), isFault) { Then = () => Answered(request, envelope) };
        return answer;
    }

    private static XDocument? Run(XDocument request, out bool isFault)
    {
        isFault = false;
        var operation = request.Body().Elements().Single();
        var argument = operation.Elements().FirstOrDefault()?.Value ?? string.Empty;
        var name = operation.Name.LocalName;
        var action = $"{Envelopes.Service}/IEcho/{name}";
        switch (name)
        {
            case "Notify":
                return null;
            case "Fail":
                isFault = true;
                return Envelopes.Answer(
                    request,
                    action + "StringFault",
                    Envelopes.Fault(request.Soap(), "Client", "It failed.", new XElement(XNamespace.Get("http://schemas.microsoft.com/2003/10/Serialization/") + "string", argument)));
            default:
                return Envelopes.Answer(
                    request, action + "Response", new XElement(Envelopes.Contract + (name + "Response"), new XElement(Envelopes.Contract + (name + "Result"), argument)));
        }
    }

    private sealed class Users : IUsernameTokenValidator
    {
        public ValueTask<IReadOnlyList<System.Security.Claims.Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<System.Security.Claims.Claim>?>(token.UserName == "alice" && token.Matches("secret") ? [] : null);
    }
}

internal sealed record Answer(ReadOnlyMemory<byte> Envelope, bool IsFault)
{
    /// <summary>What the service does once the answer is out.</summary>
    public Func<Task> Then { get; init; } = () => Task.CompletedTask;
}
