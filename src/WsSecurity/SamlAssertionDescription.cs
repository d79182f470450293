using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity;

/// <summary>What a <see cref="SamlAssertionIssuer"/> is to say.</summary>
public sealed record SamlAssertionDescription
{
    /// <summary>The version of the assertion.</summary>
    /// <value><see cref="SamlVersion.Saml20"/>.</value>
    public SamlVersion Version { get; init; }

    /// <summary>The subject's NameID, or SAML 1.1's NameIdentifier.</summary>
    public required string Subject { get; init; }

    /// <summary>The format of the NameID, a URI of SAML 2.0 Core, section 8.3, say.</summary>
    /// <value>null: none is stated.</value>
    public string? SubjectFormat { get; init; }

    /// <summary>How its sender is to be confirmed as the subject.</summary>
    /// <value><see cref="SamlConfirmationMethod.Bearer"/>.</value>
    public SamlConfirmationMethod ConfirmationMethod { get; init; }

    /// <summary>
    /// The certificate whose key the sender must prove; for <see cref="SamlConfirmationMethod.HolderOfKey"/> alone, which needs this or
    /// <see cref="ProofKeyRecipient"/>.
    /// </summary>
    public X509Certificate2? SubjectCertificate { get; init; }

    /// <summary>
    /// The service's certificate: a new secret is encrypted for it, which the sender must prove to share. It comes with the assertion as
    /// <see cref="SamlAssertionCredential.ProofKey"/>, and goes to the subject in confidence.
    /// </summary>
    public X509Certificate2? ProofKeyRecipient { get; init; }

    /// <summary>The certificate for which the whole assertion is encrypted, so that its sender cannot read it.</summary>
    /// <value>null: it is not encrypted.</value>
    public X509Certificate2? EncryptionCertificate { get; init; }

    /// <summary>Whom the assertion is for.</summary>
    /// <value>None: no restriction, which no bearer assertion may lack.</value>
    public IReadOnlyList<string> Audiences { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>How long the assertion is valid, from now.</summary>
    /// <value>One hour.</value>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether the assertion may be used once only.</summary>
    /// <value>false.</value>
    public bool OneTimeUse { get; init; }

    /// <summary>
    /// How the subject was authenticated: a URI of SAML 2.0 Authentication Context, or of SAML 1.1 Core, section 7.1. It makes a statement that the subject was
    /// authenticated so at <see cref="AuthenticationInstant"/>.
    /// </summary>
    /// <value>null: no such statement.</value>
    public string? AuthenticationMethod { get; init; }

    /// <summary>When the subject was authenticated.</summary>
    /// <value>null: now.</value>
    public DateTimeOffset? AuthenticationInstant { get; init; }

    /// <summary>
    /// What is said of the subject: each claim's type becomes an attribute's name. In SAML 1.1 the last slash divides it into namespace and name, as WIF does.
    /// </summary>
    /// <value>None.</value>
    public IReadOnlyList<Claim> Claims { get; init => field = ValueList.Of(value); } = ValueList<Claim>.Empty;
}
