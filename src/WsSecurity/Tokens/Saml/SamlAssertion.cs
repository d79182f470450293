using WsSecurity.Algorithms;
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

    public required string Id { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public required IReadOnlyList<SamlSubjectConfirmation> Confirmations { get; init; }

    public required SamlConditions Conditions { get; init; }

    public required IReadOnlyList<SamlAttribute> Attributes { get; init; }

    /// <summary>Who signed the assertion; null where nobody did.</summary>
    public SamlSeal? Seal { get; init; }

    /// <summary>The key that a holder-of-key confirmation names; null where there is none.</summary>
    public SamlSubjectKey? SubjectKey => Confirmations.FirstOrDefault(confirmation => confirmation.Key is not null)?.Key;
}

/// <summary>The issuer's signature on an assertion, found right, and the trust domain that names the issuer.</summary>
internal sealed record SamlSeal(string TrustDomain, CertificateEntry Certificate);

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

/// <summary>The key of an assertion's subject: of its certificate, or bare.</summary>
internal sealed record SamlSubjectKey(SignatureKey VerificationKey, byte[] PublicKeyInfo, CertificateEntry? Certificate)
{
    public bool IsKeyOf(CertificateEntry certificate) => certificate.Certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(PublicKeyInfo);
}
