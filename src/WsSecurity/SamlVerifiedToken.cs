using System.Security.Claims;
using WsSecurity.Timestamps;
using WsSecurity.Tokens.Saml;

namespace WsSecurity;

/// <summary>A SAML assertion whose issuer is trusted, whose conditions hold and whose subject is confirmed (SAML Token Profile 1.1.1).</summary>
public sealed class SamlVerifiedToken : VerifiedToken
{
    // The names of System.IdentityModel's ClaimProperties, under which .NET has always kept what a NameID says of itself.
    private const string ClaimProperties = "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/";

    private readonly SamlAssertion _assertion;

    internal SamlVerifiedToken(SamlAssertion assertion, SamlConfirmationMethod confirmationMethod, string trustDomain)
    {
        _assertion = assertion;
        ConfirmationMethod = confirmationMethod;
        TrustDomain = trustDomain;
    }

    /// <summary>The subject's NameID, or SAML 1.1's NameIdentifier; where the issuer gave none, the value of the attribute for the name, and else nothing.</summary>
    public override string Name => _assertion.Subject?.Value ?? NameAttribute ?? string.Empty;

    /// <summary>The format of the NameID, a URI; null where the issuer states none.</summary>
    public string? NameFormat => _assertion.Subject?.Format;

    /// <summary>The issuer. Where a sender vouched for an assertion that is not signed, this is what the sender says.</summary>
    public string Issuer => _assertion.Issuer;

    /// <summary>The assertion's Id.</summary>
    public string AssertionId => _assertion.Id;

    /// <summary>How the sender was confirmed as the subject.</summary>
    public SamlConfirmationMethod ConfirmationMethod { get; }

    /// <summary>The trust domain that names the issuer; for an assertion that is not signed, that of the sender who vouches.</summary>
    public string TrustDomain { get; }

    /// <summary>The certificate in DER of the issuer who signed; null where a sender vouched.</summary>
    internal ReadOnlyMemory<byte>? IssuerCertificate => _assertion.Seal?.Certificate.Raw;

    /// <summary>
    /// The subject (name, name identifier with its format and qualifiers as properties of the claim), how and when it was authenticated, and a claim for each
    /// value of an attribute, under the attribute's name. An attribute for the name stands in for the NameID as the identity's name.
    /// </summary>
    public override ClaimsIdentity Identity
    {
        get
        {
            var identity = new ClaimsIdentity("Saml");
            if (_assertion.Subject is { } subject)
            {
                identity.AddClaim(NameIdentifier(subject));
                if (NameAttribute is null)
                {
                    identity.AddClaim(Claim(ClaimTypes.Name, subject.Value));
                }
            }

            foreach (var authentication in _assertion.Authentications)
            {
                identity.AddClaim(Claim(ClaimTypes.AuthenticationInstant, UtcInstant.Format(authentication.Instant), ClaimValueTypes.DateTime));
                if (authentication.Method is { } method)
                {
                    identity.AddClaim(Claim(ClaimTypes.AuthenticationMethod, method));
                }
            }

            identity.AddClaims(_assertion.Attributes.SelectMany(attribute => attribute.Values.Select(value => Claim(attribute.Name, value))));
            return identity;
        }
    }

    private string? NameAttribute => _assertion.Attributes.FirstOrDefault(attribute => attribute.Name == ClaimTypes.Name) is { Values: [var name, ..] } ? name : null;

    private Claim NameIdentifier(SamlSubjectName subject)
    {
        var claim = Claim(ClaimTypes.NameIdentifier, subject.Value);
        Add("format", subject.Format);
        Add("namequalifier", subject.NameQualifier);
        Add("spnamequalifier", subject.SPNameQualifier);
        Add("spprovidedid", subject.SPProvidedId);
        return claim;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                claim.Properties.Add(ClaimProperties + name, value);
            }
        }
    }

    private Claim Claim(string type, string value, string valueType = ClaimValueTypes.String) => new(type, value, valueType, TrustDomain, Issuer);
}
