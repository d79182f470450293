using System.Security.Claims;
using WsSecurity.Tokens.Saml;

namespace WsSecurity;

/// <summary>A SAML assertion whose issuer is trusted, whose conditions hold and whose subject is confirmed (SAML Token Profile 1.1.1).</summary>
public sealed class SamlVerifiedToken : VerifiedToken
{
    private readonly SamlAssertion _assertion;

    internal SamlVerifiedToken(SamlAssertion assertion, SamlConfirmationMethod confirmationMethod, string trustDomain)
    {
        _assertion = assertion;
        ConfirmationMethod = confirmationMethod;
        TrustDomain = trustDomain;
    }

    /// <summary>The subject's NameID, or SAML 1.1's NameIdentifier.</summary>
    public override string Name => _assertion.Subject;

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

    /// <summary>The subject, and a claim for each value of an attribute, under the attribute's name.</summary>
    public override ClaimsIdentity Identity => new(
        [
            Claim(ClaimTypes.Name, Name),
            Claim(ClaimTypes.NameIdentifier, Name),
            .. _assertion.Attributes.SelectMany(attribute => attribute.Values.Select(value => Claim(attribute.Name, value))),
        ],
        "Saml");

    private Claim Claim(string type, string value) => new(type, value, ClaimValueTypes.String, TrustDomain, Issuer);
}
