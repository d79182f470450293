using WsSecurity.Exchanges;

namespace WsSecurity.Tokens.Username;

/// <summary>A wsse:UsernameToken that keeps to UsernameToken Profile 1.1.1 and to Basic Security Profile 1.1 section 10; its password is not checked yet.</summary>
internal sealed record UsernameToken(
    TrackedElement Element,
    UsernameTokenCredential Credential,
    byte[]? Nonce,
    DateTimeOffset? Created)
{
    /// <summary>The key that is derived from the password; null where none is.</summary>
    public SymmetricKey? Key { get; init; }
}
