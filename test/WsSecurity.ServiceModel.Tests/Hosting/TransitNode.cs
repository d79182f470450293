using System.Buffers;
using System.Collections.Concurrent;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>A node between a client and a service: verifies and takes away the header for it, and adds one for the client where it is told to.</summary>
internal sealed class TransitNode
{
    public const string Actor = "urn:node";
    public const string ClientActor = "urn:client-of-node";

    private readonly TransitRecipient _recipient;
    private readonly TransitInitiator _initiator;

    public TransitNode(SecurityPolicy? verified = null, SecurityCredentials? trust = null)
    {
        _recipient = new TransitRecipient(verified ?? ForNode, trust ?? new SecurityCredentials { TrustDomains = SecuredService.DefaultCredentials.TrustDomains });
        _initiator = new TransitInitiator(ForClient, new SecurityCredentials { Certificate = TestCertificates.Loopback });
    }

    public static SecurityPolicy ForNode { get; } = SecurityPolicy.CertificateSignature with { Actor = Actor };

    public static SecurityPolicy ForClient { get; } = SecurityPolicy.CertificateSignature with { Actor = ClientActor };

    /// <summary>What went on to the service.</summary>
    public ConcurrentQueue<string> HandedOn { get; } = new();

    public ConcurrentQueue<ProtectionEvidence> Evidence { get; } = new();

    public async ValueTask<ReadOnlyMemory<byte>> PassAsync(ReadOnlyMemory<byte> wire)
    {
        var verified = await _recipient.VerifyAsync(wire, MessageContext.Empty);
        await verified.CompleteAsync();
        var envelope = verified.Message.Envelope.ToArray();
        HandedOn.Enqueue(System.Text.Encoding.UTF8.GetString(envelope));
        Evidence.Enqueue(verified.Message.Evidence);
        return envelope;
    }

    public byte[] AddForClient(byte[] reply)
    {
        var output = new ArrayBufferWriter<byte>();
        _initiator.Protect(reply, MessageContext.Empty, output);
        return output.WrittenSpan.ToArray();
    }
}
