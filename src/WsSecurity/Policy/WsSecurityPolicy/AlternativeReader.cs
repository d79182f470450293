using System.Xml.Linq;
using WsSecurity.Specifications;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>
/// Reads the assertions of one alternative. What is not known, or known and not supported, is refused by name; nothing is passed over.
/// </summary>
internal sealed partial class AlternativeReader
{
    private static readonly string[] TrustAssertions =
    [
        "MustSupportClientChallenge", "MustSupportServerChallenge", "RequireClientEntropy", "RequireServerEntropy", "MustSupportIssuedTokens",
        "RequireRequestSecurityTokenCollection", "RequireAppliesTo", "ScopePolicy15", "MustSupportInteractiveChallenge",
    ];

    private readonly AlternativeReading _reading = new();
    private readonly HashSet<XName> _seen = [];

    private AlternativeReader()
    {
    }

    public static AlternativeReading Read(IReadOnlyList<PolicyAssertion> alternative)
    {
        var reader = new AlternativeReader();
        foreach (var assertion in alternative)
        {
            reader.ReadTopLevel(assertion);
        }

        reader._reading.AssertionCount = Count(alternative);
        return reader._reading;
    }

    private static int Count(IEnumerable<PolicyAssertion> assertions) => assertions.Sum(assertion => 1 + Count(assertion.Nested ?? []));

    private void ReadTopLevel(PolicyAssertion assertion)
    {
        if (!assertion.IsSecurityPolicy)
        {
            ReadForeign(assertion);
            return;
        }

        switch (assertion.LocalName)
        {
            case "AsymmetricBinding" or "SymmetricBinding" or "TransportBinding":
                ReadBinding(assertion);
                break;
            case "SupportingTokens" or "SignedSupportingTokens" or "EncryptedSupportingTokens" or "SignedEncryptedSupportingTokens"
                or "EndorsingSupportingTokens" or "EndorsingEncryptedSupportingTokens" or "SignedEndorsingSupportingTokens" or "SignedEndorsingEncryptedSupportingTokens":
                ReadSupportingTokens(assertion);
                break;
            case "SignedParts" or "EncryptedParts" or "SignedElements" or "EncryptedElements" or "ContentEncryptedElements" or "RequiredParts" or "RequiredElements":
                ReadParts(assertion);
                break;
            case "Wss10" or "Wss11":
                ReadOptions(assertion);
                break;
            case "Trust10" or "Trust13":
                ReadTrust(assertion);
                break;
            default:
                Refuse(assertion, "is not supported");
                break;
        }
    }

    // Messages are addressed, encoded and delivered by the binding around message security.
    private void ReadForeign(PolicyAssertion assertion)
    {
        if (PolicyNames.IsAroundSecurity(assertion.Name))
        {
            _reading.Notes.Add($"{assertion.Path} is left to the binding around message security.");
        }
        else if (PolicyNormalizer.IsTrue(assertion.Element, assertion.Path, "Ignorable"))
        {
            // WS-Policy 1.5, section 4.3.2: who publishes it says that messages do not show it.
            _reading.Notes.Add($"{assertion.Path}{PolicyNormalizer.Line(assertion.Element)} is not known, and ignorable.");
        }
        else
        {
            Refuse(assertion, "is not known");
        }
    }

    private void ReadTrust(PolicyAssertion assertion)
    {
        Demand(assertion, hasNested: true);
        foreach (var nested in assertion.Nested ?? [])
        {
            if (nested.IsSecurityPolicy && TrustAssertions.Contains(nested.LocalName))
            {
                Demand(nested);
            }
            else
            {
                Refuse(nested, "is not supported");
            }
        }

        _reading.Notes.Add($"{assertion.Path} is about how an issuer is asked for tokens, which the application's ISecurityTokenProvider does.");
    }

    // WS-SecurityPolicy 1.3, section 9. Every form of reference is always accepted, but one to what is elsewhere.
    private void ReadOptions(PolicyAssertion assertion)
    {
        Demand(assertion, hasNested: true);
        var isWss11 = assertion.LocalName == "Wss11";
        _reading.HasWss10 |= !isWss11;
        _reading.HasWss11 |= isWss11;
        foreach (var nested in assertion.Nested ?? [])
        {
            switch (nested.LocalName)
            {
                case "MustSupportRefKeyIdentifier" or "MustSupportRefIssuerSerial" or "MustSupportRefEmbeddedToken" when nested.IsSecurityPolicy:
                case "MustSupportRefThumbprint" or "MustSupportRefEncryptedKey" when nested.IsSecurityPolicy && isWss11:
                    Demand(nested);
                    break;
                case "RequireSignatureConfirmation" when nested.IsSecurityPolicy && isWss11:
                    Demand(nested);
                    Set(statement => statement with { ConfirmsSignatures = true });
                    break;
                default:
                    Refuse(nested, "is not supported");
                    break;
            }
        }
    }

    private void Set(Func<PolicyStatement, PolicyStatement> change) => _reading.Statement = change(_reading.Statement);

    // The same may be attached twice, at the binding and at the operation; two that differ contradict each other.
    private bool IsFirst(PolicyAssertion assertion)
    {
        if (_seen.Add(assertion.Name))
        {
            return true;
        }

        Refuse(assertion, "stands twice");
        return false;
    }

    private void Refuse(PolicyAssertion assertion, string reason) =>
        _reading.Refusals.Add($"{assertion.Path}{PolicyNormalizer.Line(assertion.Element)}: {reason}");

    /// <summary>Refuses what stands in an assertion and is not read: attributes, parameters, text, a nested policy.</summary>
    private void Demand(PolicyAssertion assertion, bool hasNested = false, XName[]? attributes = null, bool hasParameters = false, bool hasText = false)
    {
        foreach (var attribute in assertion.Element.Attributes())
        {
            if (!attribute.IsNamespaceDeclaration && !IsCommon(attribute.Name) && attributes?.Contains(attribute.Name) != true)
            {
                Refuse(assertion, $"has the attribute {PolicyNames.Show(attribute.Name)}, which is not supported");
            }
        }

        if (!hasParameters)
        {
            foreach (var parameter in assertion.Parameters)
            {
                Refuse(assertion, $"has {PolicyNames.Show(parameter.Name)}, which is not supported");
            }
        }

        if (!hasNested)
        {
            foreach (var nested in assertion.Nested ?? [])
            {
                Refuse(nested, "is not supported there");
            }
        }

        if (!hasText && assertion.Element.Nodes().OfType<XText>().Any(text => !string.IsNullOrWhiteSpace(text.Value)))
        {
            Refuse(assertion, "has text, which is not supported");
        }
    }

    private static bool IsCommon(XName name) =>
        name == (XNamespace)Wsu.Namespace + "Id"
        || name == XNamespace.Xml + "id"
        || (PolicyNames.IsPolicy(name.Namespace) && name.LocalName is "Optional" or "Ignorable");
}
