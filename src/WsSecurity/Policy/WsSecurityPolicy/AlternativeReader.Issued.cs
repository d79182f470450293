using System.Globalization;
using System.Xml.Linq;
using WsSecurity.Policy.SupportingTokens;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <content>sp:SamlToken and sp:IssuedToken (WS-SecurityPolicy 1.3, sections 5.4.8 and 5.4.2).</content>
internal sealed partial class AlternativeReader
{
    private static readonly XName[] ClaimAttributes = ["Dialect", PolicyNames.Policy12 + "Dialect"];

    private void ReadSupportingAssertion(PolicyAssertion token, SupportingTokenKind kind, bool isOptional)
    {
        var (assertion, derivesKeys) = ReadAssertion(token, kind);
        if (derivesKeys && assertion.IssuedTokenParameters?.KeyType != IssuedTokenKeyType.SymmetricKey)
        {
            _reading.Notes.Add($"{token.Path} signs by its subject's private key, if by any, from which nothing is derived, whatever sp:RequireDerivedKeys says.");
        }

        _reading.Tokens.Add(new StatedToken(assertion with { Optional = isOptional }) { DerivesKeys = derivesKeys });
    }

    private void ReadProtectingAssertion(PolicyAssertion role, PolicyAssertion token)
    {
        var (assertion, derivesKeys) = ReadAssertion(token, SupportingTokenKind.Supporting);
        if (assertion.Type != SecurityTokenType.Saml)
        {
            Refuse(token, $"is of the type '{assertion.Name}'; only the key of an assertion protects messages");
        }

        if (derivesKeys && role.LocalName != "ProtectionToken")
        {
            Refuse(token, "derives keys, which the key of an assertion does only as sp:ProtectionToken");
        }

        if (role.LocalName == "TransportToken")
        {
            // Section 7.3 knows tokens of the transport there; Apache CXF reads it so.
            _reading.Notes.Add($"{token.Path} is read as Apache CXF does: TLS protects the transport, and requests carry the token.");
        }
        else
        {
            Set(statement => statement with
            {
                SubjectSigns = true,
                DerivesKeys = derivesKeys,
                Conversation = statement.Conversation ?? ConversationOf(token, derivesKeys),
            });
        }

        _reading.Tokens.Add(new StatedToken(assertion));
    }

    private (SupportingToken Token, bool DerivesKeys) ReadAssertion(PolicyAssertion token, SupportingTokenKind kind)
    {
        DemandTravels(token, "an assertion");
        return token.LocalName == "SamlToken" ? ReadSamlToken(token, kind) : ReadIssuedToken(token, kind);
    }

    private (SupportingToken Token, bool DerivesKeys) ReadSamlToken(PolicyAssertion token, SupportingTokenKind kind)
    {
        Demand(token, hasNested: true, attributes: [token.Name.Namespace + IncludeToken]);
        SamlVersion? version = null;
        var derivesKeys = ReadTokenPolicy(token, nested =>
        {
            switch (nested.LocalName)
            {
                case "WssSamlV11Token10" or "WssSamlV11Token11" or "WssSamlV20Token11" when version is null:
                    version = nested.LocalName == "WssSamlV20Token11" ? SamlVersion.Saml20 : SamlVersion.Saml11;
                    return true;

                // What is always written.
                case "RequireKeyIdentifierReference":
                    return true;
                default:
                    return false;
            }
        });
        return (new SupportingToken { Kind = kind, Type = SecurityTokenType.Saml, SamlVersion = version }, derivesKeys);
    }

    private (SupportingToken Token, bool DerivesKeys) ReadIssuedToken(PolicyAssertion token, SupportingTokenKind kind)
    {
        Demand(token, hasNested: true, attributes: [token.Name.Namespace + IncludeToken], hasParameters: true);
        var issued = new IssuedTokenParameters();
        string? tokenType = null;
        var hasTemplate = false;
        foreach (var parameter in token.Parameters)
        {
            var child = ChildOf(token, parameter);
            switch (child.LocalName)
            {
                case "Issuer" when child.IsSecurityPolicy:
                    issued = ReadIssuer(child, issued);
                    break;
                case "IssuerName" when child.IsSecurityPolicy:
                    Demand(child, hasText: true);
                    issued = issued with { IssuerName = parameter.Value.Trim() };
                    break;
                case "RequestSecurityTokenTemplate" when child.IsSecurityPolicy && !hasTemplate:
                    hasTemplate = true;
                    Demand(child, attributes: ["TrustVersion"], hasParameters: true);
                    (issued, tokenType) = ReadTemplate(child, issued);
                    break;
                case "Claims" when IssuedTokenNames.IsTrust(parameter.Name.Namespace):
                    issued = ReadClaims(child, issued);
                    break;
                default:
                    Refuse(child, "is not supported");
                    break;
            }
        }

        if (!hasTemplate)
        {
            Refuse(token, "has no sp:RequestSecurityTokenTemplate");
        }

        // An assertion that travels is named by its Id.
        return (TokenOf(token, kind, tokenType, issued), ReadTokenPolicy(token, nested => nested.LocalName == "RequireInternalReference"));
    }

    private SupportingToken TokenOf(PolicyAssertion token, SupportingTokenKind kind, string? tokenType, IssuedTokenParameters issued)
    {
        var assertion = new SupportingToken { Kind = kind, Type = SecurityTokenType.Saml, IssuedTokenParameters = issued };
        if (tokenType is null)
        {
            return assertion;
        }

        if (IssuedTokenNames.VersionOf(tokenType) is { } version)
        {
            return assertion with { SamlVersion = version };
        }

        if (IssuedTokenNames.IsOfAnotherProfile(tokenType) || !Uri.TryCreate(tokenType, UriKind.Absolute, out _))
        {
            Refuse(token, $"asks for a token of the type '{tokenType}', which is not supported");
            return assertion;
        }

        if (kind.Endorses() || issued.KeyType is not (null or IssuedTokenKeyType.Bearer) || issued.KeySize is not null || issued.ClaimTypeRequirements.Count > 0 || issued.IssuerName is not null)
        {
            _reading.Notes.Add($"What the '{tokenType}' token must say and whose key it has, is its handler's to check.");
        }

        return assertion with { Type = SecurityTokenType.Custom, Name = tokenType };
    }

    // WS-Addressing 1.0, section 2: an address, and what else leads to the endpoint.
    private IssuedTokenParameters ReadIssuer(PolicyAssertion issuer, IssuedTokenParameters issued)
    {
        Demand(issuer, hasParameters: true);
        var details = new List<string>();
        string? address = null;
        foreach (var part in issuer.Parameters)
        {
            if (part.Name.LocalName == "Address" && IssuedTokenNames.IsAddressing(part.Name.Namespace) && address is null)
            {
                address = part.Value.Trim();
            }
            else
            {
                details.Add(XmlText.Of(part));
            }
        }

        if (address is null)
        {
            Refuse(issuer, "has no address");
        }

        return issued with { IssuerAddress = address, IssuerDetails = details };
    }

    private (IssuedTokenParameters Issued, string? TokenType) ReadTemplate(PolicyAssertion template, IssuedTokenParameters issued)
    {
        string? tokenType = null;
        var additional = new List<string>();
        foreach (var element in template.Parameters)
        {
            var child = ChildOf(template, element);
            switch (element.Name.LocalName)
            {
                case var _ when !IssuedTokenNames.IsTrust(element.Name.Namespace):
                    additional.Add(XmlText.Of(element));
                    break;
                case "TokenType" when tokenType is null:
                    Demand(child, hasText: true);
                    tokenType = element.Value.Trim();
                    break;
                case "KeyType" when issued.KeyType is null:
                    Demand(child, hasText: true);
                    issued = issued with { KeyType = ReadKeyType(child) };
                    break;
                case "KeySize" when issued.KeySize is null:
                    Demand(child, hasText: true);
                    issued = issued with { KeySize = ReadKeySize(child) };
                    break;
                case "Claims":
                    issued = ReadClaims(child, issued);
                    break;
                default:
                    additional.Add(XmlText.Of(element));
                    break;
            }
        }

        XNamespace? trust = (string?)template.Element.Attribute("TrustVersion") is { } stated ? stated.Trim() : template.Parameters.Select(element => element.Name.Namespace).FirstOrDefault(IssuedTokenNames.IsTrust);
        if (trust is not null && !IssuedTokenNames.IsTrust(trust))
        {
            Refuse(template, $"is of a WS-Trust that is not known: '{trust.NamespaceName}'");
        }

        return (issued with { AdditionalRequestParameters = additional, TrustNamespace = trust == IssuedTokenNames.TrustFeb2005 ? trust.NamespaceName : null }, tokenType);
    }

    private IssuedTokenKeyType? ReadKeyType(PolicyAssertion keyType)
    {
        var uri = keyType.Element.Value.Trim();
        switch (uri[(uri.LastIndexOf('/') + 1)..])
        {
            case var _ when !IssuedTokenNames.IsTrust(uri[..Math.Max(0, uri.LastIndexOf('/'))]):
                break;
            case "SymmetricKey":
                return IssuedTokenKeyType.SymmetricKey;
            case "PublicKey":
                return IssuedTokenKeyType.PublicKey;
            case "Bearer":
                return IssuedTokenKeyType.Bearer;
        }

        // .NET Framework's name for keys that are none.
        if (uri == "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey")
        {
            return IssuedTokenKeyType.Bearer;
        }

        Refuse(keyType, $"'{uri}' is not supported");
        return null;
    }

    private int? ReadKeySize(PolicyAssertion keySize)
    {
        if (int.TryParse(keySize.Element.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits > 0)
        {
            return bits;
        }

        Refuse(keySize, "is no number of bits");
        return null;
    }

    private IssuedTokenParameters ReadClaims(PolicyAssertion claims, IssuedTokenParameters issued)
    {
        Demand(claims, attributes: ClaimAttributes, hasParameters: true);
        if ((string?)claims.Element.Attributes().FirstOrDefault(attribute => ClaimAttributes.Contains(attribute.Name)) is { } dialect && dialect.Trim() != IssuedTokenNames.Identity.NamespaceName)
        {
            Refuse(claims, $"is of the dialect '{dialect}'; supported is {IssuedTokenNames.Identity.NamespaceName}");
        }

        var types = new List<ClaimTypeRequirement>(issued.ClaimTypeRequirements);
        foreach (var element in claims.Parameters)
        {
            var claim = ChildOf(claims, element);
            if (element.Name != IssuedTokenNames.Identity + "ClaimType" || (string?)element.Attribute("Uri") is not { Length: > 0 } type)
            {
                Refuse(claim, "is not supported");
                continue;
            }

            Demand(claim, attributes: ["Uri", "Optional"]);
            var isOptional = ((string?)element.Attribute("Optional"))?.Trim();
            if (isOptional is not (null or "true" or "1" or "false" or "0"))
            {
                Refuse(claim, "has an Optional that is neither true nor false");
            }

            types.Add(new ClaimTypeRequirement(type, isOptional is "true" or "1"));
        }

        return issued with { ClaimTypeRequirements = [.. types.Distinct()] };
    }

    private static PolicyAssertion ChildOf(PolicyAssertion outer, XElement element) =>
        new(element, $"{outer.Path}/{PolicyNames.Show(element.Name)}", null, IsOptional: false);
}
