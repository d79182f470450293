namespace WsSecurity;

/// <summary>The tokens that were acquired for one message, by <see cref="Initiator.AcquireTokensAsync"/>.</summary>
public sealed class AcquiredTokens
{
    private readonly Dictionary<SupportingToken, SecurityTokenCredential?> _tokens = new(ReferenceEqualityComparer.Instance);

    internal AcquiredTokens()
    {
    }

    internal void Add(SupportingToken token, SecurityTokenCredential? credential) => _tokens.Add(token, credential);

    internal bool TryFind(SupportingToken token, out SecurityTokenCredential? credential) => _tokens.TryGetValue(token, out credential);
}
