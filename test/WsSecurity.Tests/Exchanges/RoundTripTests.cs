using System.Buffers;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Exchanges;

/// <summary>Both of our parties against each other, over everything that a policy can vary. Proves consistency; conformance is proved by foreign messages.</summary>
public sealed class RoundTripTests
{
    private const string Addressing =
        "<a:Action s:mustUnderstand=\"1\">urn:calc/add</a:Action><a:MessageID>urn:uuid:1</a:MessageID><a:To s:mustUnderstand=\"1\">http://service.example/</a:To><t:Tenant xmlns:t=\"urn:tenant\">blue</t:Tenant>";

    private static readonly SecurityPolicy[] Presets =
    [
        SecurityPolicy.MutualCertificateDuplex,
        SecurityPolicy.MutualCertificateDuplex with { MessageSecurityVersion = MessageSecurityVersion.Wss10 },
        SecurityPolicy.MutualCertificate,
        SecurityPolicy.MutualCertificate with { MessageSecurityVersion = MessageSecurityVersion.Wss10 },
        SecurityPolicy.AnonymousForCertificate,
        SecurityPolicy.UserNameForCertificate,
        SecurityPolicy.MutualCertificate with { RequireDerivedKeys = false },
        SecurityPolicy.UserNameForCertificate with { RequireDerivedKeys = false },
        SecurityPolicy.CertificateSignature,
        SecurityPolicy.UserNameOverTransport,
        SecurityPolicy.CertificateOverTransport,
    ];

    private static IEnumerable<TestCaseData<SecurityPolicy, string>> Policies()
    {
        foreach (var preset in Presets)
        {
            foreach (var order in Enum.GetValues<MessageProtectionOrder>())
            {
                foreach (var soap in new[] { "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope" })
                {
                    foreach (var strict in new[] { false, true })
                    {
                        var policy = preset with
                        {
                            MessageProtectionOrder = order,
                            SecurityHeaderLayout = strict ? SecurityHeaderLayout.Strict : SecurityHeaderLayout.Lax,
                            RequireSignatureConfirmation = preset.MessageSecurityVersion == MessageSecurityVersion.Wss11 && strict,
                            ProtectTokens = strict,
                        };
                        yield return new TestCaseData<SecurityPolicy, string>(policy, soap)
                            .SetArgDisplayNames(preset.AuthenticationMode.ToString(), preset.MessageSecurityVersion.ToString(), order.ToString(), soap.Contains("2003", StringComparison.Ordinal) ? "1.2" : "1.1", strict ? "strict" : "lax");
                    }
                }
            }
        }
    }

    [TestCaseSource(nameof(Policies))]
    public void Exchange_EveryPreset_HandsOnWhatWasSent(SecurityPolicy policy, string soap)
    {
        var parties = TestParties.Of(policy);
        parties.Context = new MessageContext { IsTransportProtected = policy.AuthenticationMode.ToString().EndsWith("OverTransport", StringComparison.Ordinal) };
        var plain = TestParties.Envelope(TestParties.Body11, Addressing, soap);
        var (wire, pending) = parties.Protect(plain);
        using var _ = pending;
        using var request = parties.Verify(wire);
        AssertSame(request.Message, plain);
        Assert.That(request.Message.IsActionSigned, Is.EqualTo(request.Message.IsBodySigned), "both by default, neither over a transport");

        var replyPlain = TestParties.Envelope("<sum xmlns=\"urn:calc\">6</sum>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>", soap);
        var replyWire = parties.ProtectReply(request, replyPlain);
        var reply = pending.VerifyReply(replyWire, parties.Context);
        AssertSame(reply, replyPlain);
    }

    private static void AssertSame(VerifiedMessage message, byte[] plain)
    {
        var actual = XDocument.Parse(Encoding.UTF8.GetString(message.Envelope.ToArray()));
        var expected = XDocument.Parse(Encoding.UTF8.GetString(plain));
        XNamespace soap = expected.Root!.Name.Namespace;
        Assert.That(Texts(actual.Root!.Element(soap + "Body")!), Is.EqualTo(Texts(expected.Root.Element(soap + "Body")!)));
        Assert.That(Texts(actual.Root!.Element(soap + "Header")!), Is.EqualTo(Texts(expected.Root.Element(soap + "Header")!)));
    }

    private static IEnumerable<string> Texts(XElement root) =>
        root.Descendants().Select(element => $"{element.Name}={(element.HasElements ? string.Empty : element.Value)}");
}
