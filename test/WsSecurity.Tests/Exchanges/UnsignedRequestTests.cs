using System.Buffers;
using System.Text;
using NUnit.Framework;

namespace WsSecurity.Tests.Exchanges;

/// <summary>A policy that encrypts and does not sign: nobody is named by the request, so the reply goes to the configured peer.</summary>
public sealed class UnsignedRequestTests
{
    private static readonly SecurityPolicy EncryptOnly = SecurityPolicy.MutualCertificateDuplex with
    {
        SignedParts = MessageParts.None,
        IncludeTimestamp = false,
        DetectReplays = false,
    };

    [Test]
    public void ProtectReply_RequestWithoutSigner_EncryptsForThePeer()
    {
        var parties = TestParties.Of(EncryptOnly);
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
        using var _ = pending;
        using var request = parties.Verify(wire);

        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\">6</sum>"));

        Assert.That(Encoding.UTF8.GetString(reply), Does.Not.Contain("urn:calc"));
        Assert.That(Encoding.UTF8.GetString(pending.VerifyReply(reply, MessageContext.Empty).Envelope.ToArray()), Does.Contain("urn:calc"));
    }

    [Test]
    public void ProtectReply_RequestWithoutSignerAndNoPeer_Throws()
    {
        var parties = TestParties.Of(EncryptOnly);
        parties.ServiceCredentials = parties.ServiceCredentials with { PeerCertificates = [] };
        using var request = parties.Verify(parties.Protect());

        Assert.That(
            () => parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\">6</sum>")),
            Throws.InvalidOperationException);
    }
}
