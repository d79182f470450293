using System.Xml.Linq;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>Policies as text, without the declarations that every one needs.</summary>
internal static class PolicyXml
{
    public const string Suite = "<sp:AlgorithmSuite><wsp:Policy><sp:Basic256Sha256/></wsp:Policy></sp:AlgorithmSuite>";

    public const string Https = "<sp:TransportToken><wsp:Policy><sp:HttpsToken><wsp:Policy/></sp:HttpsToken></wsp:Policy></sp:TransportToken>";

    public const string Username = "<sp:SignedSupportingTokens><wsp:Policy>" + UsernameToken + "</wsp:Policy></sp:SignedSupportingTokens>";

    public const string UsernameToken =
        $"<sp:UsernameToken sp:IncludeToken=\"{Sp12}/IncludeToken/AlwaysToRecipient\"><wsp:Policy/></sp:UsernameToken>";

    public const string Sp11 = "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy";

    public const string Sp12 = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702";

    public const string Wsp12 = "http://schemas.xmlsoap.org/ws/2004/09/policy";

    public const string Wsp15 = "http://www.w3.org/ns/ws-policy";

    public static string Asymmetric(
        string more = "", string initiator = "AlwaysToRecipient", string recipient = "Never", string suite = Suite, string nested = "", string sp = Sp12) =>
        $"<sp:AsymmetricBinding><wsp:Policy><sp:InitiatorToken><wsp:Policy>{X509(initiator, nested, sp)}</wsp:Policy></sp:InitiatorToken>"
        + $"<sp:RecipientToken><wsp:Policy>{X509(recipient, nested, sp)}</wsp:Policy></sp:RecipientToken>{suite}<sp:IncludeTimestamp/>{more}"
        + "</wsp:Policy></sp:AsymmetricBinding>";

    public static string Symmetric(string more = "", string nested = "", string inclusion = "Never", string sp = Sp12) =>
        $"<sp:SymmetricBinding><wsp:Policy><sp:ProtectionToken><wsp:Policy>{X509(inclusion, nested, sp)}</wsp:Policy></sp:ProtectionToken>"
        + $"{Suite}<sp:IncludeTimestamp/>{more}</wsp:Policy></sp:SymmetricBinding>";

    public static string Transport(string more = "<sp:IncludeTimestamp/>", string token = Https) =>
        $"<sp:TransportBinding><wsp:Policy>{token}{Suite}{more}</wsp:Policy></sp:TransportBinding>";

    public static string X509(string inclusion, string nested = "", string sp = Sp12) =>
        $"<sp:X509Token sp:IncludeToken=\"{sp}/IncludeToken/{inclusion}\"><wsp:Policy><sp:WssX509V3Token10/>{nested}</wsp:Policy></sp:X509Token>";

    public static string Endorsing(string inclusion = "AlwaysToRecipient", string nested = "") =>
        $"<sp:EndorsingSupportingTokens><wsp:Policy>{X509(inclusion, nested)}</wsp:Policy></sp:EndorsingSupportingTokens>";

    public static string Wrap(string content, string wsp = Wsp15, string sp = Sp12) =>
        $"<wsp:Policy xmlns:wsp=\"{wsp}\" xmlns:sp=\"{sp}\" xmlns:sp13=\"http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200802\">{content}</wsp:Policy>";

    /// <summary>Reads the only policy of a document.</summary>
    public static PolicyImport Read(string document)
    {
        using var reader = new StringReader(document);
        return PolicyImport.ReadAll(reader).Single();
    }

    public static SecurityPolicy Import(string content, string wsp = Wsp15, string sp = Sp12)
    {
        using var reader = new StringReader(Wrap(content, wsp, sp));
        return SecurityPolicy.FromWsdl(reader);
    }

    public static SecurityPolicy Import(XElement policy)
    {
        using var reader = new StringReader(policy.ToString());
        return SecurityPolicy.FromWsdl(reader);
    }
}
