using System.Xml.Linq;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>Writes a statement as WS-Policy with WS-SecurityPolicy 1.2 and 1.3, which share a namespace.</summary>
internal sealed class PolicyWriter(WsPolicyVersion version)
{
    private static readonly XNamespace Sp = PolicyNames.SecurityPolicy12;

    private readonly XNamespace _wsp = version == WsPolicyVersion.WsPolicy12 ? PolicyNames.Policy12 : PolicyNames.Policy15;

    /// <summary>The policy of an endpoint, with the parts where they are the same for all its messages.</summary>
    public XElement WriteEndpoint(PolicyStatement statement, bool withParts) => Policy(
        WriteBinding(statement),
        WriteUsername(statement),
        WriteKerberos(statement),
        statement.Endorses ? Assertion("EndorsingSupportingTokens", X509Token(statement, InclusionOf(statement), derivesKeys: false)) : null,
        WriteOptions(statement),
        withParts ? WriteParts(statement.Signed?.All, statement.Encrypted?.All, statement.Required?.All) : null);

    /// <summary>The policy of a message: its parts.</summary>
    public XElement WriteMessage(PolicyStatement statement, bool isReply, string? action) =>
        Policy([.. WriteParts(statement.Signed?.Find(isReply, action), statement.Encrypted?.Find(isReply, action), statement.Required?.Find(isReply, action))]);

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
                "SymmetricBinding", Assertion("ProtectionToken", statement.KerberosProtects ? KerberosToken(statement, statement.DerivesKeys) : X509Token(statement, "Never", statement.DerivesKeys)), common, order),
            _ => Assertion(
                "AsymmetricBinding",
                Assertion("InitiatorToken", X509Token(statement, InclusionOf(statement), derivesKeys: false)),
                Assertion("RecipientToken", X509Token(statement, statement.IncludesTokenInReplies ? "AlwaysToInitiator" : "Never", derivesKeys: false)),
                common,
                order),
        };
    }

    private static string InclusionOf(PolicyStatement statement) => statement.RequestInclusion.ToString();

    private static string LayoutOf(SecurityHeaderLayout layout) => layout switch
    {
        SecurityHeaderLayout.LaxTimestampFirst => "LaxTsFirst",
        SecurityHeaderLayout.LaxTimestampLast => "LaxTsLast",
        _ => layout.ToString(),
    };

    private XElement X509Token(PolicyStatement statement, string inclusion, bool derivesKeys) => Token(
        "X509Token",
        inclusion,
        Flag("RequireDerivedKeys", derivesKeys),
        Flag("RequireIssuerSerialReference", statement.Reference == KeyReference.IssuerSerial),
        Flag("RequireKeyIdentifierReference", statement.Reference == KeyReference.SubjectKeyIdentifier),
        Flag("RequireThumbprintReference", statement.Reference == KeyReference.Thumbprint),
        Flag("WssX509V3Token10"));

    private XElement Token(string name, string inclusion, params object?[] nested)
    {
        var token = Assertion(name, nested);
        token.Add(new XAttribute(Sp + "IncludeToken", $"{Sp.NamespaceName}/IncludeToken/{inclusion}"));
        return token;
    }

    private XElement? WriteUsername(PolicyStatement statement)
    {
        if (statement.Username is not { } username)
        {
            return null;
        }

        var name = username.Kind switch
        {
            SupportingTokenKind.Signed => "SignedSupportingTokens",
            SupportingTokenKind.SignedEncrypted => "SignedEncryptedSupportingTokens",
            _ => "SupportingTokens",
        };
        var token = Token(
            "UsernameToken",
            "AlwaysToRecipient",
            Flag("NoPassword", username.PasswordType == PasswordType.None),
            Flag("HashPassword", username.PasswordType == PasswordType.Digest),
            Flag("WssUsernameToken10"));
        var assertion = Assertion(name, token);
        if (username.Optional)
        {
            assertion.Add(new XAttribute(_wsp + "Optional", true));
        }

        return assertion;
    }

    // As WCF writes it: once, with the first message of an exchange.
    private XElement KerberosToken(PolicyStatement statement, bool derivesKeys) => Token(
        "KerberosToken",
        "Once",
        Flag("RequireDerivedKeys", derivesKeys),
        Flag("RequireKeyIdentifierReference", statement.Reference == KeyReference.SubjectKeyIdentifier),
        Flag(statement.KerberosForm == KerberosTokenForm.Gss ? KerberosTokenAssertion.Gss : KerberosTokenAssertion.ApReq));

    private XElement? WriteKerberos(PolicyStatement statement)
    {
        if (statement.Kerberos is not { } kerberos)
        {
            return null;
        }

        var assertion = Assertion(KerberosTokenAssertion.NameOf(kerberos.Kind), KerberosToken(statement, derivesKeys: false));
        if (kerberos.Optional)
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
