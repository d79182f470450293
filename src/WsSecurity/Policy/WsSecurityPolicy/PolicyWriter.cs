using System.Xml.Linq;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>Writes a statement as WS-Policy with WS-SecurityPolicy 1.2 and 1.3, which share a namespace.</summary>
internal sealed class PolicyWriter(WsPolicyVersion version)
{
    private static readonly XNamespace Sp = PolicyNames.SecurityPolicy12;

    private readonly XNamespace _wsp = version == WsPolicyVersion.WsPolicy12 ? PolicyNames.Policy12 : PolicyNames.Policy15;
    private readonly TokenWriter _tokens = new(version);

    /// <summary>The policy of an endpoint, with the parts where they are the same for all its messages.</summary>
    public XElement WriteEndpoint(PolicyStatement statement, bool withParts) => Policy(
        WriteBinding(statement),
        WriteTokens(statement, action: null),
        WriteOptions(statement),
        withParts ? WriteParts(statement.Signed?.All, statement.Encrypted?.All, statement.Required?.All) : null);

    /// <summary>The policy of a message: its parts, and the tokens that only its operation has.</summary>
    public XElement WriteMessage(PolicyStatement statement, bool isReply, string? action) => Policy(
        isReply || action is null ? [] : WriteTokens(statement, action),
        WriteParts(statement.Signed?.Find(isReply, action), statement.Encrypted?.Find(isReply, action), statement.Required?.Find(isReply, action)));

    private XElement Policy(params object?[] assertions) => new(
        _wsp + "Policy",
        new XAttribute(XNamespace.Xmlns + "wsp", _wsp),
        new XAttribute(XNamespace.Xmlns + "sp", Sp),
        new XElement(_wsp + "ExactlyOne", new XElement(_wsp + "All", assertions)));

    private XElement Assertion(string name, params object?[] nested) => new(Sp + name, new XElement(_wsp + "Policy", nested));

    private static XElement? Flag(string name, bool isSet = true) => isSet ? new XElement(Sp + name) : null;

    private XElement WriteBinding(PolicyStatement statement)
    {
        var suite = statement.Suite.Name;
        var suiteNamespace = suite.Contains("GCM", StringComparison.Ordinal) ? PolicyNames.CxfSuites : Sp;
        object?[] common =
        [
            Assertion("AlgorithmSuite", new XElement(suiteNamespace + suite)),
            Assertion("Layout", Flag(LayoutOf(statement.Layout))),
            Flag("IncludeTimestamp", statement.IncludesTimestamp),
        ];
        object?[] order =
        [
            Flag("EncryptBeforeSigning", statement.Order == MessageProtectionOrder.EncryptBeforeSign),
            Flag("EncryptSignature", statement.Order == MessageProtectionOrder.SignBeforeEncryptAndEncryptSignature),
            Flag("ProtectTokens", statement.ProtectsTokens),
            Flag("OnlySignEntireHeadersAndBody", statement.Signed is { } signed && PolicyStatement.PartsOf(signed).All(parts => !parts.HasElements && !IsAllHeadersInXPath(parts))),
        ];
        return statement.Kind switch
        {
            BindingKind.Transport => Assertion("TransportBinding", Assertion("TransportToken", Assertion("HttpsToken")), common),
            BindingKind.Symmetric => Assertion(
                "SymmetricBinding",
                Assertion(
                    "ProtectionToken",
                    statement.PasswordProtects ? _tokens.Username(KeyTokenOf(statement, SecurityTokenType.Username), statement.DerivesKeys)
                    : statement.KerberosProtects ? _tokens.Kerberos(statement, statement.DerivesKeys)
                    : statement.SubjectSigns ? _tokens.Assertion(KeyTokenOf(statement, SecurityTokenType.Saml), statement.DerivesKeys)
                    : _tokens.X509(statement.Reference, "Never", statement.DerivesKeys)),
                common,
                order),
            _ => Assertion(
                "AsymmetricBinding",
                Assertion("InitiatorToken", statement.SubjectSigns ? _tokens.Assertion(KeyTokenOf(statement, SecurityTokenType.Saml), derivesKeys: false) : _tokens.X509(statement.Reference, statement.RequestInclusion.ToString())),
                Assertion("RecipientToken", _tokens.X509(statement.Reference, statement.IncludesTokenInReplies ? "AlwaysToInitiator" : "Never")),
                common,
                order),
        };
    }

    // The token of the message's own key.
    private static SupportingToken KeyTokenOf(PolicyStatement statement, SecurityTokenType type) => statement.Tokens.First(token => token.Type == type);

    private static string LayoutOf(SecurityHeaderLayout layout) => layout switch
    {
        SecurityHeaderLayout.LaxTimestampFirst => "LaxTsFirst",
        SecurityHeaderLayout.LaxTimestampLast => "LaxTsLast",
        _ => layout.ToString(),
    };

    // Those of the whole endpoint, or of one action alone.
    private IEnumerable<XElement> WriteTokens(PolicyStatement statement, string? action) => statement.Tokens
        .Where(token => (token.Type != SecurityTokenType.Saml || !statement.SubjectSigns) && (token.Type != SecurityTokenType.Username || !statement.PasswordProtects))
        .Where(token => action is null ? token.Actions.Count == 0 : token.Actions.Contains(action, StringComparer.Ordinal))
        .Select(token => WriteToken(statement, token));

    private XElement WriteToken(PolicyStatement statement, SupportingToken token)
    {
        var assertion = Assertion(token.Kind == SupportingTokenKind.Supporting ? "SupportingTokens" : $"{token.Kind}SupportingTokens", _tokens.Supporting(statement, token));
        if (token.Optional)
        {
            assertion.Add(new XAttribute(_wsp + "Optional", true));
        }

        return assertion;
    }

    // What we accept whatever the policy says, so that peers may choose.
    private XElement WriteOptions(PolicyStatement statement)
    {
        object?[] references = [Flag("MustSupportRefKeyIdentifier"), Flag("MustSupportRefIssuerSerial")];
        return statement.Version == MessageSecurityVersion.Wss10
            ? Assertion("Wss10", references)
            : Assertion(
                "Wss11",
                references,
                Flag("MustSupportRefThumbprint"),
                Flag("MustSupportRefEncryptedKey"),
                Flag("RequireSignatureConfirmation", statement.ConfirmsSignatures));
    }

    private static IEnumerable<XElement> WriteParts(MessageParts? signed, MessageParts? encrypted, MessageParts? required)
    {
        return Write(signed, "Signed").Concat(Write(encrypted, "Encrypted")).Concat(Write(required, "Required"));

        static IEnumerable<XElement> Write(MessageParts? parts, string verb)
        {
            if (parts is null)
            {
                yield break;
            }

            if (verb == "Signed" && IsEmptySignedParts(parts))
            {
                yield return new XElement(Sp + "SignedParts");
            }
            else if (parts is { Body: true } or { Headers.Count: > 0 })
            {
                yield return new XElement(Sp + $"{verb}Parts", Flag("Body", parts.Body), parts.Headers.Select(WriteHeader));
            }

            IEnumerable<XElement> elements =
            [
                .. IsAllHeadersInXPath(parts) || (parts.AllHeaders && verb != "Signed") ? [new XElement(Sp + "XPath", PartPaths.AllHeaders)] : Array.Empty<XElement>(),
                .. parts.Elements.Select(WriteXPath),
                .. parts.Paths.Select(WriteXPath),
            ];
            if (elements.Any())
            {
                yield return new XElement(Sp + $"{verb}Elements", elements);
            }

            if (parts.ContentPaths.Count > 0)
            {
                yield return new XElement(Sp + "ContentEncryptedElements", parts.ContentPaths.Select(WriteXPath));
            }
        }
    }

    // Section 4.1.1: SignedParts that name nothing mean the Body and every header.
    private static bool IsEmptySignedParts(MessageParts parts) => parts is { Body: true, AllHeaders: true, Headers.Count: 0 };

    private static bool IsAllHeadersInXPath(MessageParts parts) => parts.AllHeaders && !IsEmptySignedParts(parts);

    private static XElement WriteHeader(QualifiedName name) => new(
        Sp + "Header", name.Name is null ? null : new XAttribute("Name", name.Name), new XAttribute("Namespace", name.Namespace));

    private static XElement WriteXPath(QualifiedName name) => name.Namespace.Length == 0
        ? new XElement(Sp + "XPath", PartPaths.InBody(name.Name ?? "*"))
        : new XElement(Sp + "XPath", new XAttribute(XNamespace.Xmlns + "part", name.Namespace), PartPaths.InBody($"part:{name.Name ?? "*"}"));

    private static XElement WriteXPath(LocationPath path) => new(
        Sp + "XPath",
        path.Namespaces.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new XAttribute(XNamespace.Xmlns + entry.Key, entry.Value)),
        path.Expression);
}
