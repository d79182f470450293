using System.Security.Claims;

namespace WsSecurity;

/// <summary>A Kerberos ticket that a KDC made for us, and whose sender knows its key (Kerberos Token Profile 1.1.1).</summary>
public sealed class KerberosVerifiedToken : VerifiedToken
{
    internal KerberosVerifiedToken(string principal, string realm, string servicePrincipal, DateTimeOffset expires, string trustDomain)
    {
        Name = principal;
        Realm = realm;
        ServicePrincipal = servicePrincipal;
        Expires = expires;
        TrustDomain = trustDomain;
    }

    /// <summary>The client's principal, <c>alice@EXAMPLE.COM</c>.</summary>
    public override string Name { get; }

    /// <summary>The client's realm.</summary>
    public string Realm { get; }

    /// <summary>For whom the ticket was made.</summary>
    public string ServicePrincipal { get; }

    /// <summary>When the ticket expires.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>The trust domain that names the realm.</summary>
    public string TrustDomain { get; }

    /// <summary>The principal, as name and as UPN.</summary>
    public override ClaimsIdentity Identity => new([Claim(ClaimTypes.Name), Claim(ClaimTypes.NameIdentifier), Claim(ClaimTypes.Upn)], "Kerberos");

    private Claim Claim(string type) => new(type, Name, ClaimValueTypes.String, TrustDomain, Realm);
}
