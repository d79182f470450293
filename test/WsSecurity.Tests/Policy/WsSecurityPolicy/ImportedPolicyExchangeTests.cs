using NUnit.Framework;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>One party has the policy from code, the other from what the first publishes.</summary>
internal sealed class ImportedPolicyExchangeTests
{
    private const string Headers = "<a:Action>urn:calc/add</a:Action><a:MessageID>urn:uuid:1</a:MessageID>";

    private static IEnumerable<TestCaseData> Policies()
    {
        SecurityPolicy[] presets =
        [
            SecurityPolicy.MutualCertificateDuplex, SecurityPolicy.MutualCertificate, SecurityPolicy.CertificateSignature,
            SecurityPolicy.AnonymousForCertificate, SecurityPolicy.UserNameForCertificate, SecurityPolicy.UserNameOverTransport, SecurityPolicy.UserNameDerivedKey,
            SecurityPolicy.CertificateOverTransport, SecurityPolicy.AnonymousOverTransport,
        ];
        foreach (var preset in presets)
        {
            yield return new TestCaseData(preset, true).SetArgDisplayNames(preset.AuthenticationMode.ToString(), "client imports");
            yield return new TestCaseData(preset, false).SetArgDisplayNames(preset.AuthenticationMode.ToString(), "service imports");
        }
    }

    [TestCaseSource(nameof(Policies))]
    public void Exchange_WithWhoPublishedThePolicy_IsAcceptedBothWays(SecurityPolicy policy, bool clientImports)
    {
        var imported = PolicyXml.Import(policy.ToWsPolicy());
        var parties = clientImports ? TestParties.Of(imported, policy) : TestParties.Of(policy, imported);
        parties.Context = new MessageContext { IsTransportProtected = policy.AuthenticationMode.ToString().EndsWith("OverTransport", StringComparison.Ordinal) };

        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Headers));
        using var _ = pending;
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\">6</sum>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));

        Assert.That(() => pending.VerifyReply(reply, parties.Context), Throws.Nothing);
    }

    [Test]
    public void Exchange_ClientThatEncryptsLessThanThePublishedPolicy_IsRefused()
    {
        var published = PolicyXml.Import(SecurityPolicy.MutualCertificateDuplex.ToWsPolicy());
        var parties = TestParties.Of(SecurityPolicy.MutualCertificateDuplex with { EncryptedParts = MessageParts.None }, published);
        var wire = parties.Protect(TestParties.Envelope(TestParties.Body11, Headers)).Wire;

        Assert.That(() => parties.Verify(wire), Throws.InstanceOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).EqualTo(SecurityFailure.EncryptedPartMissing));
    }
}
