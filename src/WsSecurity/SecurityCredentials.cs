using System.Security.Cryptography.X509Certificates;

namespace WsSecurity;

/// <summary>What one party holds: its own keys and secrets, what it knows of its peers, and whom it trusts.</summary>
public sealed record SecurityCredentials
{
    /// <summary>
    /// Our certificate with its private key: it signs, and decrypts unless <see cref="EncryptionCertificate"/> is set. The key may be
    /// any handle that the platform gives as RSA or ECDsa, one that cannot be exported included.
    /// </summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Our certificate for decrypting, where it is another than <see cref="Certificate"/>.</summary>
    public X509Certificate2? EncryptionCertificate { get; init; }

    /// <summary>
    /// Certificates of peers. An initiator encrypts for the first and accepts replies signed by any of them; a recipient
    /// finds here what a message only names (issuer and serial, thumbprint, SubjectKeyIdentifier), and trusts it only through a domain;
    /// it encrypts a reply for the request's signer, and for the first of these where the policy has no signature.
    /// </summary>
    /// <value>None.</value>
    public IReadOnlyList<X509Certificate2> PeerCertificates { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>
    /// Certificates that are supporting tokens, in the order of the policy's X.509 tokens; those that endorse have private keys. A token beyond the
    /// end of the list takes <see cref="Certificate"/>.
    /// </summary>
    /// <value>None: <see cref="Certificate"/> alone.</value>
    public IReadOnlyList<X509Certificate2> SupportingCertificates { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>
    /// Certificates of peers that have others for signing. An initiator encrypts for all of these, instead of the first of <see cref="PeerCertificates"/>: in asymmetric modes
    /// they may be several, each of which can read the message. A recipient encrypts a reply for the one that has the subject of the request's signer,
    /// and for the signer where none has. They say nothing about who may sign.
    /// </summary>
    /// <value>None.</value>
    public IReadOnlyList<X509Certificate2> PeerEncryptionCertificates { get; init => field = ValueList.Of(value); } = ValueList<X509Certificate2>.Empty;

    /// <summary>The user's name, for a UsernameToken.</summary>
    public string? UserName { get; init; }

    /// <summary>The user's password, for a UsernameToken.</summary>
    public string? Password { get; init; }

    /// <summary>The SAML assertion that requests carry; the key of its subject, where it names one, is that of <see cref="Certificate"/>.</summary>
    public SamlAssertionCredential? SamlAssertion { get; init; }

    /// <summary>Gets the SAML assertions and custom tokens of requests, before each is written; for assertions, instead of <see cref="SamlAssertion"/>.</summary>
    public ISecurityTokenProvider? TokenProvider { get; init; }

    /// <summary>Who reads and validates custom tokens, for recipients. The policy demands each by its name.</summary>
    /// <value>None.</value>
    public IReadOnlyList<ICustomTokenHandler> CustomTokenHandlers { get; init => field = ValueList.Of(value); } = ValueList<ICustomTokenHandler>.Empty;

    /// <summary>How we get Kerberos tickets, as an initiator.</summary>
    public KerberosClientCredential? KerberosClient { get; init; }

    /// <summary>What we accept Kerberos tickets by, as a recipient; their clients are accepted only through a domain that names their realm.</summary>
    public KerberosServiceCredential? KerberosService { get; init; }

    /// <summary>Who says whether a UsernameToken is right. Without one every UsernameToken is refused.</summary>
    public IUsernameTokenValidator? UsernameTokenValidator { get; init; }

    /// <summary>Who we are to SAML issuers: an assertion that is restricted to other audiences is refused.</summary>
    /// <value>None: only assertions without a restriction pass, and no bearer assertion.</value>
    public IReadOnlyList<string> Audiences { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>Whose certificates are accepted.</summary>
    /// <value>None: nobody is trusted but <see cref="PeerCertificates"/> as signers of replies.</value>
    public IReadOnlyList<TrustDomain> TrustDomains { get; init => field = ValueList.Of(value); } = ValueList<TrustDomain>.Empty;

    /// <summary>The DNS name that the certificate of a reply's signer must carry, where it is trusted through a domain.</summary>
    public string? ServiceDnsName { get; init; }

    /// <summary>Writes no secret.</summary>
    public override string ToString() => $"{nameof(SecurityCredentials)} {{ Certificate = {Certificate?.Subject}, UserName = {UserName} }}";
}
