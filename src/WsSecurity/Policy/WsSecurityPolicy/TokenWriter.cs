using System.Globalization;
using System.Xml.Linq;
using WsSecurity.Policy.SupportingTokens;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>Writes token assertions (WS-SecurityPolicy 1.3, section 5.4).</summary>
internal sealed class TokenWriter(WsPolicyVersion version)
{
    private const string ToRecipient = "AlwaysToRecipient";

    private static readonly XNamespace Sp = PolicyNames.SecurityPolicy12;

    private readonly XNamespace _wsp = version == WsPolicyVersion.WsPolicy12 ? PolicyNames.Policy12 : PolicyNames.Policy15;

    /// <summary>A supporting token.</summary>
    public XElement Supporting(PolicyStatement statement, SupportingToken token) => token.Type switch
    {
        SecurityTokenType.Username => Username(token, token.RequireDerivedKeys),
        SecurityTokenType.Kerberos => Kerberos(statement, derivesKeys: false),
        SecurityTokenType.X509 when !CertificateInclusion.MayBeNamed(token) => X509(KeyReference.Default, ToRecipient),
        SecurityTokenType.X509 => X509(
            token.KeyReference == KeyReference.Default ? statement.Reference : token.KeyReference,
            token.InclusionMode == SecurityTokenInclusionMode.Default ? statement.RequestInclusion.ToString() : token.InclusionMode.ToString()),
        _ => Assertion(token, derivesKeys: statement.DerivesKeys && token.Kind.Endorses() && token.IssuedTokenParameters?.KeyType == IssuedTokenKeyType.SymmetricKey),
    };

    public XElement X509(KeyReference reference, string inclusion, bool derivesKeys = false) => Token(
        "X509Token",
        inclusion,
        [],
        Flag("RequireDerivedKeys", derivesKeys),
        Flag("RequireIssuerSerialReference", reference == KeyReference.IssuerSerial),
        Flag("RequireKeyIdentifierReference", reference == KeyReference.SubjectKeyIdentifier),
        Flag("RequireThumbprintReference", reference == KeyReference.Thumbprint),
        Flag("WssX509V3Token10"));

    // As WCF writes it: once, with the first message of an exchange.
    public XElement Kerberos(PolicyStatement statement, bool derivesKeys) => Token(
        "KerberosToken",
        "Once",
        [],
        Flag("RequireDerivedKeys", derivesKeys),
        Flag("RequireKeyIdentifierReference", statement.Reference == KeyReference.SubjectKeyIdentifier),
        Flag(statement.KerberosForm == KerberosTokenForm.Gss ? KerberosTokenAssertion.Gss : KerberosTokenAssertion.ApReq));

    /// <summary>A SAML assertion, or what else an issuer gives.</summary>
    /// <exception cref="NotSupportedException">What the issuer is asked for is no XML.</exception>
    public XElement Assertion(SupportingToken token, bool derivesKeys) => token.IssuedTokenParameters is { } issued
        ? Token("IssuedToken", ToRecipient, Issued(token, issued), Flag("RequireDerivedKeys", derivesKeys), Flag("RequireInternalReference"))
        : Token(
            "SamlToken",
            ToRecipient,
            [],
            Flag("RequireDerivedKeys", derivesKeys),
            token.SamlVersion is { } saml ? Flag(saml == SamlVersion.Saml20 ? "WssSamlV20Token11" : "WssSamlV11Token11") : null);

    public XElement Username(SupportingToken username, bool derivesKeys) => Token(
        "UsernameToken",
        ToRecipient,
        [],
        Flag("NoPassword", username.PasswordType == PasswordType.None),
        Flag("HashPassword", username.PasswordType == PasswordType.Digest),
        Flag("RequireDerivedKeys", derivesKeys),
        Flag("WssUsernameToken10"));

    private static List<XElement> Issued(SupportingToken token, IssuedTokenParameters issued)
    {
        var parameters = new List<XElement>();
        var addressing = IssuedTokenNames.Addressing10;
        if (issued.IssuerAddress is { } address)
        {
            parameters.Add(new XElement(
                Sp + "Issuer", new XElement(addressing + "Address", address), issued.IssuerDetails.Select(detail => XmlText.Read(detail, nameof(IssuedTokenParameters.IssuerDetails)))));
        }

        if (issued.IssuerName is { } name)
        {
            parameters.Add(new XElement(Sp + "IssuerName", name));
        }

        XNamespace trust = issued.TrustNamespace ?? IssuedTokenNames.Trust13;
        var tokenType = token.SamlVersion is { } saml ? IssuedTokenNames.TokenTypeOf(saml) : token.Name;
        parameters.Add(new XElement(
            Sp + "RequestSecurityTokenTemplate",
            issued.TrustNamespace is null ? null : new XAttribute("TrustVersion", issued.TrustNamespace),
            tokenType is null ? null : new XElement(trust + "TokenType", tokenType),
            issued.KeyType is { } keyType ? new XElement(trust + "KeyType", $"{trust.NamespaceName}/{keyType}") : null,
            issued.KeySize is { } bits ? new XElement(trust + "KeySize", bits.ToString(CultureInfo.InvariantCulture)) : null,
            issued.ClaimTypeRequirements.Count > 0 ? Claims(trust, issued.ClaimTypeRequirements) : null,
            issued.AdditionalRequestParameters.Select(parameter => XmlText.Read(parameter, nameof(IssuedTokenParameters.AdditionalRequestParameters)))));
        return parameters;
    }

    private static XElement Claims(XNamespace trust, IReadOnlyList<ClaimTypeRequirement> claims) => new(
        trust + "Claims",
        new XAttribute("Dialect", IssuedTokenNames.Identity),
        claims.Select(claim => new XElement(
            IssuedTokenNames.Identity + "ClaimType", new XAttribute("Uri", claim.Type), claim.Optional ? new XAttribute("Optional", true) : null)));

    private XElement Token(string name, string inclusion, List<XElement> parameters, params object?[] nested) => new(
        Sp + name,
        new XAttribute(Sp + "IncludeToken", $"{Sp.NamespaceName}/IncludeToken/{inclusion}"),
        parameters,
        new XElement(_wsp + "Policy", nested));

    private static XElement? Flag(string name, bool isSet = true) => isSet ? new XElement(Sp + name) : null;
}
