using System.Text;
using NUnit.Framework;

namespace WsSecurity.Tests.Exchanges;

/// <summary>With and without the attributes that Basic Security Profile 1.0 requires of references, as .NET Framework's versions write them.</summary>
public sealed class BspAttributesTests
{
    private const string Reply = "<addResponse xmlns=\"urn:calc\">3</addResponse>";

    private static IEnumerable<TestCaseData<SecurityPolicy>> Policies() =>
        from preset in new[]
        {
            SecurityPolicy.MutualCertificateDuplex,
            SecurityPolicy.MutualCertificateDuplex with { KeyReference = KeyReference.SubjectKeyIdentifier },
            SecurityPolicy.MutualCertificate,
            SecurityPolicy.MutualCertificate with { RequireDerivedKeys = false },
            SecurityPolicy.AnonymousForCertificate,
        }
        select new TestCaseData<SecurityPolicy>(preset with { MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt, RequireSignatureConfirmation = true })
            .SetArgDisplayNames($"{preset.AuthenticationMode}, {preset.KeyReference}, {preset.RequireDerivedKeys}");

    [TestCaseSource(nameof(Policies))]
    public void Messages_WithoutTheAttributes_HaveNoneAndAreAccepted(SecurityPolicy policy)
    {
        var parties = TestParties.Of(policy with { EmitBspRequiredAttributes = false }, policy);
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope(Reply));

        Assert.That(Encoding.UTF8.GetString(wire), Does.Not.Contain("EncodingType=").And.Not.Match("<wsse:Reference [^>]*ValueType="));
        Assert.That(Encoding.UTF8.GetString(reply), Does.Contain("EncodingType=").Or.Match("<wsse:Reference [^>]*ValueType="));
        Assert.That(pending.VerifyReply(reply, MessageContext.Empty).IsFault, Is.False);
    }

    [TestCaseSource(nameof(Policies))]
    public void Replies_WithoutTheAttributes_HaveNoneAndAreAccepted(SecurityPolicy policy)
    {
        var parties = TestParties.Of(policy, policy with { EmitBspRequiredAttributes = false });
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope(Reply));

        Assert.That(Encoding.UTF8.GetString(wire), Does.Contain("EncodingType=").And.Match("<wsse:Reference [^>]*ValueType=").Or.Contain("KeyIdentifier EncodingType="));
        Assert.That(Encoding.UTF8.GetString(reply), Does.Not.Contain("EncodingType=").And.Not.Match("<wsse:Reference [^>]*ValueType="));
        Assert.That(pending.VerifyReply(reply, MessageContext.Empty).IsFault, Is.False);
    }
}
