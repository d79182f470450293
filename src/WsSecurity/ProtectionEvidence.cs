namespace WsSecurity;

/// <summary>What a message proved: which parts were signed and encrypted, by whom, with which algorithms.</summary>
public sealed record ProtectionEvidence
{
    /// <summary>Nothing was proved.</summary>
    public static ProtectionEvidence None { get; } = new();

    /// <summary>The signatures, in the order of the header.</summary>
    public IReadOnlyList<SignatureEvidence> Signatures { get; init => field = ValueList.Of(value); } = ValueList<SignatureEvidence>.Empty;

    /// <summary>The parts that were decrypted.</summary>
    public IReadOnlyList<EncryptionEvidence> EncryptedParts { get; init => field = ValueList.Of(value); } = ValueList<EncryptionEvidence>.Empty;

    /// <summary>The verified tokens: of signatures, then Kerberos tickets, UsernameTokens and SAML assertions.</summary>
    public IReadOnlyList<VerifiedToken> Tokens { get; init => field = ValueList.Of(value); } = ValueList<VerifiedToken>.Empty;

    /// <summary>Certificates that came as tokens and signed nothing: whoever sent them need not be whom they name.</summary>
    /// <value>None.</value>
    public IReadOnlyList<CarriedCertificate> CarriedCertificates { get; init => field = ValueList.Of(value); } = ValueList<CarriedCertificate>.Empty;

    /// <summary>When the message says that it was created.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When the message says that it expires.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>One verified signature.</summary>
public sealed record SignatureEvidence
{
    /// <summary>The token whose key signed; null where an encrypted key did, which authenticates nobody.</summary>
    public VerifiedToken? Token { get; init; }

    /// <summary>The signature algorithm's URI.</summary>
    public required string SignatureAlgorithm { get; init; }

    /// <summary>Whether the Signature element itself was encrypted.</summary>
    public bool WasEncrypted { get; init; }

    /// <summary>Whether it signs another signature (endorsing).</summary>
    public bool IsEndorsing { get; init; }

    /// <summary>What it covers.</summary>
    public required IReadOnlyList<SignedPartEvidence> Parts { get; init => field = ValueList.Of(value); }
}

/// <summary>One element that a signature covers.</summary>
public sealed record SignedPartEvidence
{
    /// <summary>The element's place, for example <c>/Envelope/Body</c> or <c>/Envelope/Header/{namespace}To</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The digest algorithm's URI.</summary>
    public required string DigestAlgorithm { get; init; }

    /// <summary>The canonicalization algorithm's URI.</summary>
    public required string CanonicalizationAlgorithm { get; init; }

    /// <summary>Whether the ciphertext was signed rather than the plaintext.</summary>
    public bool OverEncryptedData { get; init; }
}

/// <summary>One part that was decrypted.</summary>
public sealed record EncryptionEvidence
{
    /// <summary>The decrypted element's place, or that of the element whose content was decrypted.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the element's content was encrypted rather than the element.</summary>
    public bool ContentOnly { get; init; }

    /// <summary>The content encryption algorithm's URI.</summary>
    public required string EncryptionAlgorithm { get; init; }

    /// <summary>The key transport algorithm's URI; null where the key was known from the request.</summary>
    public string? KeyTransportAlgorithm { get; init; }
}
