using System.Xml.Linq;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>Namespaces of WS-Policy, WS-SecurityPolicy and WSDL 1.1, and how their names are shown.</summary>
internal static class PolicyNames
{
    public static readonly XNamespace Policy12 = "http://schemas.xmlsoap.org/ws/2004/09/policy";
    public static readonly XNamespace Policy15 = "http://www.w3.org/ns/ws-policy";

    // WS-SecurityPolicy 1.3 keeps the namespace of 1.2, and has another one for what it adds.
    public static readonly XNamespace SecurityPolicy11 = "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy";
    public static readonly XNamespace SecurityPolicy12 = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702";
    public static readonly XNamespace SecurityPolicy13 = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200802";

    // Apache CXF names its AES-GCM suites here.
    public static readonly XNamespace CxfSuites = "http://cxf.apache.org/custom/security-policy";

    public static readonly XNamespace Wsdl = "http://schemas.xmlsoap.org/wsdl/";
    public static readonly XNamespace WsdlSoap11 = "http://schemas.xmlsoap.org/wsdl/soap/";
    public static readonly XNamespace WsdlSoap12 = "http://schemas.xmlsoap.org/wsdl/soap12/";

    // What is said of WS-Addressing in a policy or a WSDL: 1.0 WSDL Binding, 1.0 Metadata, and the submission's.
    public static readonly XNamespace AddressingWsdl = "http://www.w3.org/2006/05/addressing/wsdl";
    public static readonly XNamespace AddressingMetadata = "http://www.w3.org/2007/05/addressing/metadata";
    public static readonly XNamespace AddressingPolicy200408 = "http://schemas.xmlsoap.org/ws/2004/08/addressing/policy";

    // Tokens of WCF that WS-SecurityPolicy does not have, and what its framing does for TCP as HTTPS does for HTTP.
    public static readonly XNamespace Wcf = "http://schemas.microsoft.com/ws/2005/07/securitypolicy";
    public static readonly XNamespace WcfFraming = "http://schemas.microsoft.com/ws/2006/05/framing/policy";

    // Addressing, encoding, reliable messaging, transports: what the binding around message security does.
    private static readonly HashSet<XName> AroundSecurity =
    [
        AddressingWsdl + "UsingAddressing",
        AddressingPolicy200408 + "UsingAddressing",
        AddressingMetadata + "Addressing",
        (XNamespace)"http://schemas.xmlsoap.org/ws/2004/09/policy/optimizedmimeserialization" + "OptimizedMimeSerialization",
        (XNamespace)"http://www.w3.org/2007/08/soap12-mtom-policy" + "MTOM",
        (XNamespace)"http://schemas.microsoft.com/ws/06/2004/mspolicy/netbinary1" + "BinaryEncoding",
        (XNamespace)"http://schemas.xmlsoap.org/ws/2005/02/rm/policy" + "RMAssertion",
        (XNamespace)"http://docs.oasis-open.org/ws-rx/wsrmp/200702" + "RMAssertion",
        (XNamespace)"http://schemas.microsoft.com/net/2006/06/duplex" + "CompositeDuplex",
        (XNamespace)"http://schemas.microsoft.com/ws/2005/05/routing/policy" + "OneWay",
        (XNamespace)"http://schemas.microsoft.com/ws/06/2004/policy/http" + "BasicAuthentication",
        (XNamespace)"http://schemas.microsoft.com/ws/06/2004/policy/http" + "DigestAuthentication",
        (XNamespace)"http://schemas.microsoft.com/ws/06/2004/policy/http" + "NegotiateAuthentication",
        (XNamespace)"http://schemas.microsoft.com/ws/06/2004/policy/http" + "NtlmAuthentication",
        WcfFraming + "Streamed",
    ];

    private static readonly Dictionary<XNamespace, string> Prefixes = new()
    {
        [Policy12] = "wsp",
        [Policy15] = "wsp",
        [SecurityPolicy11] = "sp",
        [SecurityPolicy12] = "sp",
        [SecurityPolicy13] = "sp13",
        [Wcf] = "mssp",
        [WcfFraming] = "msf",
        [Wsdl] = "wsdl",
    };

    public static bool IsPolicy(XName name, string localName) => name.LocalName == localName && IsPolicy(name.Namespace);

    public static bool IsPolicy(XNamespace name) => name == Policy12 || name == Policy15;

    public static bool IsSecurityPolicy(XNamespace name) => name == SecurityPolicy11 || name == SecurityPolicy12 || name == SecurityPolicy13;

    /// <summary>Whether an assertion is about what the binding around message security does.</summary>
    public static bool IsAroundSecurity(XName name) => AroundSecurity.Contains(name);

    public static string Show(XName name) =>
        Prefixes.TryGetValue(name.Namespace, out var prefix) ? $"{prefix}:{name.LocalName}"
        : name.Namespace == XNamespace.None ? name.LocalName
        : $"{{{name.NamespaceName}}}{name.LocalName}";
}
