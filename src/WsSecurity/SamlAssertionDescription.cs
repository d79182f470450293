using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity;

/// <summary>What a <see cref="SamlAssertionIssuer"/> is to say.</summary>
public sealed record SamlAssertionDescription
{
    /// <summary>The subject's NameID.</summary>
    public required string Subject { get; init; }

    /// <summary>How its sender is to be confirmed as the subject.</summary>
    /// <value><see cref="SamlConfirmationMethod.Bearer"/>.</value>
    public SamlConfirmationMethod ConfirmationMethod { get; init; }

    /// <summary>The certificate whose key the sender must prove; for <see cref="SamlConfirmationMethod.HolderOfKey"/> alone.</summary>
    public X509Certificate2? SubjectCertificate { get; init; }

    /// <summary>Whom the assertion is for.</summary>
    /// <value>None: no restriction, which no bearer assertion may lack.</value>
    public IReadOnlyList<string> Audiences { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>How long the assertion is valid, from now.</summary>
    /// <value>One hour.</value>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether the assertion may be used once only.</summary>
    /// <value>false.</value>
    public bool OneTimeUse { get; init; }

    /// <summary>What is said of the subject: each claim's type becomes an attribute's name.</summary>
    /// <value>None.</value>
    public IReadOnlyList<Claim> Claims { get; init => field = ValueList.Of(value); } = ValueList<Claim>.Empty;
}
