using System.Security.Cryptography.X509Certificates;

namespace WsSecurity;

/// <summary>A named set of anchors with its own rules. The machine's store is never consulted.</summary>
public sealed record TrustDomain
{
    /// <summary>The name under which evidence and claims report the domain.</summary>
    public required string Name { get; init; }

    /// <summary>Certification authorities; a certificate must lead to one of them.</summary>
    /// <value>None.</value>
    public IReadOnlyList<X509Certificate2> Anchors { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>Authorities between anchors and certificates, for peers that do not send them.</summary>
    /// <value>None.</value>
    public IReadOnlyList<X509Certificate2> Intermediates { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>Certificates that are trusted as they are, by their octets; only their validity is checked.</summary>
    /// <value>None.</value>
    public IReadOnlyList<X509Certificate2> Certificates { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>Issuers whose SAML assertions are accepted. An anchor, or a certificate of it, makes no issuer.</summary>
    /// <value>None.</value>
    public IReadOnlyList<SamlIssuer> SamlIssuers { get; init => field = ValueList.Of(value); } = ValueList<SamlIssuer>.Empty;

    /// <summary>
    /// Whether who signs with a certificate of this domain may vouch for the subject of a SAML assertion (sender-vouches), one that no issuer signed included:
    /// a gateway, say. Such a signer can name any user.
    /// </summary>
    /// <value>false.</value>
    public bool MayVouch { get; init; }

    /// <summary>How revocation is checked.</summary>
    /// <value><see cref="X509RevocationMode.NoCheck"/>.</value>
    public X509RevocationMode Revocation { get; init; } = X509RevocationMode.NoCheck;

    /// <summary>Distinguished names (RFC 4514) of which the certificate's subject must be one; empty admits all.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> Subjects { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;
}
