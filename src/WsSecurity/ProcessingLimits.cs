namespace WsSecurity;

/// <summary>
/// Bounds on everything that a peer can multiply. Beyond them a message is refused before work is done for it.
/// </summary>
public sealed record ProcessingLimits
{
    /// <summary>The safe defaults.</summary>
    public static ProcessingLimits Default { get; } = new();

    /// <summary>Octets of one message, as received and again after each decryption.</summary>
    /// <value>64 MiB.</value>
    public int MaxMessageSize { get; init; } = 64 * 1024 * 1024;

    /// <summary>Depth of element nesting; the Envelope is at depth 1.</summary>
    /// <value>256.</value>
    public int MaxDepth { get; init; } = 256;

    /// <summary>Elements of one message.</summary>
    /// <value>4,000,000.</value>
    public int MaxElements { get; init; } = 4_000_000;

    /// <summary>Attributes and namespace declarations of one element, together.</summary>
    /// <value>256.</value>
    public int MaxAttributes { get; init; } = 256;

    /// <summary>Distinct pairs of prefix and namespace in one message; at most 65,535.</summary>
    /// <value>1,024.</value>
    public int MaxNamespaces { get; init; } = 1024;

    /// <summary>Octets of one qualified name; at most 65,535.</summary>
    /// <value>1,024.</value>
    public int MaxNameLength { get; init; } = 1024;

    /// <summary>Octets of the Security header as received.</summary>
    /// <value>1 MiB.</value>
    public int MaxSecurityHeaderSize { get; init; } = 1024 * 1024;

    /// <summary>Signatures in one Security header.</summary>
    /// <value>8.</value>
    public int MaxSignatures { get; init; } = 8;

    /// <summary>References in one signature.</summary>
    /// <value>64.</value>
    public int MaxReferences { get; init; } = 64;

    /// <summary>Transforms of one reference.</summary>
    /// <value>5.</value>
    public int MaxTransforms { get; init; } = 5;

    /// <summary>EncryptedKey elements in one Security header.</summary>
    /// <value>8.</value>
    public int MaxEncryptedKeys { get; init; } = 8;

    /// <summary>EncryptedData elements that one message may have decrypted.</summary>
    /// <value>64.</value>
    public int MaxEncryptedParts { get; init; } = 64;

    /// <summary>Tokens in one Security header.</summary>
    /// <value>16.</value>
    public int MaxTokens { get; init; } = 16;

    /// <summary>The least that a UsernameToken may hash a password to derive a key from it (Basic Security Profile 1.1, R4218).</summary>
    /// <value>1,000.</value>
    public int MinPasswordIterations { get; init; } = 1000;

    /// <summary>The most that a UsernameToken may hash a password to derive a key from it: work that whoever claims a name has us do.</summary>
    /// <value>10,000.</value>
    public int MaxPasswordIterations { get; init; } = 10_000;
}
