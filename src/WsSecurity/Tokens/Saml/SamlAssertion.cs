using WsSecurity.Exchanges;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Tokens.Saml;

/// <summary>
/// A SAML assertion, 1.1 or 2.0, taken apart. <see cref="Seal"/> says whether its issuer's signature was found right; conditions and subject
/// confirmation are not checked yet.
/// </summary>
internal sealed record SamlAssertion
{
    public required TrackedElement Element { get; init; }

    public required bool IsSaml20 { get; init; }

    public required string Id { get; init; }

    public required string Issuer { get; init; }

    /// <summary>Whom the assertion is about; null where it only says how the subject is confirmed, as .NET's issuers often write.</summary>
    public required SamlSubjectName? Subject { get; init; }

    public required IReadOnlyList<SamlSubjectConfirmation> Confirmations { get; init; }

    public required SamlConditions Conditions { get; init; }

    public required IReadOnlyList<SamlAttribute> Attributes { get; init; }

    public required IReadOnlyList<SamlAuthentication> Authentications { get; init; }

    /// <summary>Who signed the assertion; null where nobody did.</summary>
    public SamlSeal? Seal { get; init; }

    /// <summary>The key that a holder-of-key confirmation names; null where there is none.</summary>
    public SamlSubjectKey? SubjectKey => Confirmations.FirstOrDefault(confirmation => confirmation.Key is not null)?.Key;
}

/// <summary>What names an assertion in a message, whether it stands there or not.</summary>
internal sealed record SamlAssertionName(string Id, bool IsSaml20);

/// <summary>The issuer's signature on an assertion, found right, and the trust domain that names the issuer.</summary>
internal sealed record SamlSeal(string TrustDomain, CertificateEntry Certificate);

/// <summary>NameID of SAML 2.0 Core, section 2.2.3; NameIdentifier of SAML 1.1 Core, section 2.4.2.2.</summary>
internal sealed record SamlSubjectName(string Value)
{
    public string? Format { get; init; }

    public string? NameQualifier { get; init; }

    public string? SPNameQualifier { get; init; }

    public string? SPProvidedId { get; init; }
}

/// <summary>How a relying party may learn that the sender is the subject (SAML 2.0 Core, section 2.4.1.1).</summary>
internal sealed record SamlSubjectConfirmation
{
    /// <summary>null for a method that is none of the profile's three; such a confirmation confirms nothing.</summary>
    public required SamlConfirmationMethod? Method { get; init; }

    /// <summary>The key of a holder-of-key confirmation.</summary>
    public SamlSubjectKey? Key { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotOnOrAfter { get; init; }

    public string? Recipient { get; init; }

    /// <summary>The network address from which the assertion may be sent.</summary>
    public string? Address { get; init; }

    /// <summary>The SAML protocol message that the assertion answers.</summary>
    public string? InResponseTo { get; init; }
}

/// <summary>The conditions of an assertion (SAML 2.0 Core, section 2.5; SAML 1.1 Core, section 2.3.2.1).</summary>
internal sealed record SamlConditions
{
    public static readonly SamlConditions None = new();

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotOnOrAfter { get; init; }

    /// <summary>One of each of these must be us.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Audiences { get; init; } = [];

    /// <summary>OneTimeUse, or SAML 1.1's DoNotCacheCondition.</summary>
    public bool IsOneTime { get; init; }
}

/// <summary>An attribute under the name that its claims get.</summary>
internal sealed record SamlAttribute(string Name, IReadOnlyList<string> Values);

/// <summary>
/// How and when the subject was authenticated, and when that session is over (SAML 2.0 Core, section 2.7.2; SAML 1.1 Core, section 2.4.3).
/// </summary>
internal sealed record SamlAuthentication(string? Method, DateTimeOffset Instant, DateTimeOffset? SessionNotOnOrAfter);
