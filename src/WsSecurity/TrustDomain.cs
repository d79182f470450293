using System.Security.Cryptography.X509Certificates;

namespace WsSecurity;

/// <summary>
/// A named set of anchors with its own rules. The machine's store is never consulted, and what one domain refuses only another domain, by its own
/// rules, can accept.
/// </summary>
public sealed record TrustDomain
{
    /// <summary>The name under which evidence and claims report the domain; no two domains of one party have the same.</summary>
    public required string Name { get; init; }

    /// <summary>Certification authorities; a certificate must lead to one of them.</summary>
    /// <value>None.</value>
    public IReadOnlyList<X509Certificate2> Anchors { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>Authorities between anchors and certificates, for peers that do not send them.</summary>
    /// <value>None.</value>
    public IReadOnlyList<X509Certificate2> Intermediates { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>
    /// Certificates that are trusted as they are, by their octets: they lead to no anchor and are not asked for revocation; every other rule of the domain
    /// applies to them.
    /// </summary>
    /// <value>None.</value>
    public IReadOnlyList<X509Certificate2> Certificates { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>
    /// Decides on certificates alone: no anchor, validity or revocation is asked beside it, so a domain with it names neither <see cref="Anchors"/> nor
    /// <see cref="Certificates"/>. The domain's other rules still apply.
    /// </summary>
    /// <value>null: anchors and certificates decide.</value>
    public IX509CertificateValidator? CertificateValidator { get; init; }

    /// <summary>Issuers whose SAML assertions are accepted. An anchor, or a certificate of it, makes no issuer.</summary>
    /// <value>None.</value>
    public IReadOnlyList<SamlIssuer> SamlIssuers { get; init => field = ValueList.Of(value); } = ValueList<SamlIssuer>.Empty;

    /// <summary>Realms of Kerberos whose principals are accepted, as they are written: <c>EXAMPLE.COM</c>.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> KerberosRealms { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>
    /// Whether who signs with a certificate of this domain may vouch for the subject of a SAML assertion (sender-vouches), one that no issuer signed included:
    /// a gateway, say. Such a signer can name any user.
    /// </summary>
    /// <value>false.</value>
    public bool MayVouch { get; init; }

    /// <summary>How revocation is checked, of every certificate between the anchor and the signer.</summary>
    /// <value><see cref="X509RevocationMode.NoCheck"/>.</value>
    public X509RevocationMode Revocation { get; init; } = X509RevocationMode.NoCheck;

    /// <summary>
    /// Files with revocation lists (RFC 5280, section 5; DER or PEM, several in one file too), for <see cref="X509RevocationMode.Offline"/>: no network is used,
    /// and each issuer between anchor and signer needs a list of its own that is in force, or the certificate is refused as unknown. A file that
    /// is replaced is read again, within five minutes.
    /// </summary>
    /// <value>None: what the platform holds.</value>
    public IReadOnlyList<string> RevocationLists { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>The shortest RSA modulus that a certificate, or an authority below the anchor, may have, in bits.</summary>
    /// <value>0: the algorithm suite alone decides, on the signer's.</value>
    public int MinimumRsaKeySize { get; init; }

    /// <summary>The smallest elliptic curve that a certificate, or an authority below the anchor, may have, in bits.</summary>
    /// <value>0: the algorithm suite alone decides, on the signer's.</value>
    public int MinimumEcKeySize { get; init; }

    /// <summary>
    /// Key usages that the certificate must state, all of them (RFC 5280, section 4.2.1.3): NonRepudiation, say. A usage that is stated and
    /// admits no signature is refused always.
    /// </summary>
    /// <value><see cref="X509KeyUsageFlags.None"/>: a certificate without a stated usage passes.</value>
    public X509KeyUsageFlags KeyUsages { get; init; }

    /// <summary>Object identifiers of which the certificate must state at least one as its extended key usage (RFC 5280, section 4.2.1.12); anyExtendedKeyUsage does not stand for them.</summary>
    /// <value>None: no extended usage is demanded.</value>
    public IReadOnlyList<string> ExtendedKeyUsages { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>
    /// Distinguished names of which the certificate's subject must be one, in the order of RFC 4514, as <see cref="X509Certificate.Subject"/> spells it; the
    /// reverse is another name. Empty admits all.
    /// </summary>
    /// <value>None.</value>
    public IReadOnlyList<string> Subjects { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>Distinguished names of which the certificate's direct issuer must be one, spelled like <see cref="Subjects"/>. Empty admits all.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> Issuers { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;
}
