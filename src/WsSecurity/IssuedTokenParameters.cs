namespace WsSecurity;

/// <summary>
/// What an issued token must be, and how its issuer is asked for it (sp:IssuedToken, WS-SecurityPolicy 1.3, section 5.4.2). A recipient enforces
/// <see cref="KeyType"/>, <see cref="KeySize"/>, <see cref="ClaimTypeRequirements"/> and <see cref="IssuerName"/> on assertions; the rest is for who asks the issuer.
/// </summary>
public sealed record IssuedTokenParameters
{
    /// <summary>What proves that the sender of an assertion may use it. Another proof is refused.</summary>
    /// <value>null: any that the assertion's own confirmations name.</value>
    public IssuedTokenKeyType? KeyType { get; init; }

    /// <summary>The bits that the token's key has at least; for <see cref="IssuedTokenKeyType.SymmetricKey"/> and <see cref="IssuedTokenKeyType.PublicKey"/>.</summary>
    /// <value>null: what the suite demands of keys.</value>
    public int? KeySize { get; init; }

    /// <summary>What an assertion must say of its subject.</summary>
    /// <value>None.</value>
    public IReadOnlyList<ClaimTypeRequirement> ClaimTypeRequirements { get; init => field = ValueList.Of(value); } = ValueList<ClaimTypeRequirement>.Empty;

    /// <summary>The address of the issuer's service: where the token is to be had.</summary>
    /// <value>null: the policy does not say.</value>
    public string? IssuerAddress { get; init; }

    /// <summary>What the issuer's endpoint reference has beside its address (metadata, reference parameters, an identity), each an element in XML.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> IssuerDetails { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;

    /// <summary>The name of the issuer: an assertion of another one is refused.</summary>
    /// <value>null: every issuer that a trust domain names.</value>
    public string? IssuerName { get; init; }

    /// <summary>The namespace of the WS-Trust that the issuer speaks.</summary>
    /// <value>null: that of 1.3 and 1.4.</value>
    public string? TrustNamespace { get; init; }

    /// <summary>What else a request for the token has to say, each an element in XML: algorithms, a scope, participants.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> AdditionalRequestParameters { get; init => field = ValueList.Of(value); } = ValueList<string>.Empty;
}

/// <summary>How possession of an issued token is proven (WS-Trust 1.3, section 4.2).</summary>
public enum IssuedTokenKeyType
{
    /// <summary>By a secret that the issuer shares with the subject and encrypts for the service.</summary>
    SymmetricKey,

    /// <summary>By the private key to a public one that the token names.</summary>
    PublicKey,

    /// <summary>By nothing but the token, or by who vouches for its subject.</summary>
    Bearer,
}

/// <summary>A claim that an issued token makes.</summary>
/// <param name="Type">The claim's type, a URI.</param>
/// <param name="Optional">Whether it may be missing.</param>
public sealed record ClaimTypeRequirement(string Type, bool Optional = false);
