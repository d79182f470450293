using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>The presets that the attacks are tried on, each under a name.</summary>
internal static class Presets
{
    public const string Headers =
        "<a:Action>urn:calc/add</a:Action><a:MessageID>urn:uuid:1</a:MessageID><a:To>http://service.example/calc</a:To><a:ReplyTo><a:Address>http://client.example/</a:Address></a:ReplyTo>";

    public static readonly Dictionary<string, SecurityPolicy> ByName = new()
    {
        ["MutualCertificateDuplex"] = SecurityPolicy.MutualCertificateDuplex,
        ["MutualCertificateDuplex10"] = SecurityPolicy.MutualCertificateDuplex with { MessageSecurityVersion = MessageSecurityVersion.Wss10 },
        ["MutualCertificate"] = SecurityPolicy.MutualCertificate,
        ["MutualCertificateUnderived"] = SecurityPolicy.MutualCertificate with { RequireDerivedKeys = false },
        ["MutualCertificate10"] = SecurityPolicy.MutualCertificate with { MessageSecurityVersion = MessageSecurityVersion.Wss10 },
        ["AnonymousForCertificate"] = SecurityPolicy.AnonymousForCertificate,
        ["AnonymousUnderived"] = SecurityPolicy.AnonymousForCertificate with { RequireDerivedKeys = false },
        ["UserNameForCertificate"] = SecurityPolicy.UserNameForCertificate,
        ["UserNameUnderived"] = SecurityPolicy.UserNameForCertificate with { RequireDerivedKeys = false },
        ["UserNameDerivedKey"] = SecurityPolicy.UserNameDerivedKey,
        ["UserNameKey"] = SecurityPolicy.UserNameDerivedKey with { DefaultAlgorithmSuite = AlgorithmSuite.Basic128GCMSha256, RequireDerivedKeys = false },
        ["CertificateSignature"] = SecurityPolicy.CertificateSignature,
        ["UserNameOverTransport"] = SecurityPolicy.UserNameOverTransport,
        ["CertificateOverTransport"] = SecurityPolicy.CertificateOverTransport,
    };

    /// <summary>The presets that protect the message itself.</summary>
    public static IEnumerable<string> OfMessages => ByName.Keys.Where(name => !IsOverTransport(ByName[name]));

    public static IEnumerable<string> All => ByName.Keys;

    /// <summary>Each preset that protects the message, in each order.</summary>
    public static IEnumerable<TestCaseData> InEveryOrder() =>
        from name in OfMessages
        from order in Enum.GetValues<MessageProtectionOrder>()
        select new TestCaseData(name, order);

    public static bool IsOverTransport(SecurityPolicy policy) => policy.AuthenticationMode.ToString().EndsWith("OverTransport", StringComparison.Ordinal);

    public static TestParties Parties(string name, MessageProtectionOrder order = default) => Parties(ByName[name] with { MessageProtectionOrder = order });

    public static TestParties Parties(SecurityPolicy policy)
    {
        var parties = TestParties.Of(policy);
        parties.Context = new MessageContext { IsTransportProtected = IsOverTransport(policy) };
        return parties;
    }
}
