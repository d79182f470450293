using WsSecurity.Soap;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges.Parties;

/// <summary>The tokens of a policy that a provider is asked for, before a message is protected.</summary>
internal sealed class TokenAcquisitions
{
    private readonly SecurityPolicy _policy;
    private readonly IReadOnlyList<SupportingToken> _tokens;
    private readonly Dictionary<SupportingToken, TokenAcquisition> _acquisitions = new(ReferenceEqualityComparer.Instance);

    public TokenAcquisitions(SecurityPolicy policy, IReadOnlyList<SupportingToken> tokens, ISecurityTokenProvider? provider, TimeProvider timeProvider)
    {
        _policy = policy;
        _tokens = tokens;
        if (provider is not null)
        {
            foreach (var token in tokens.Where(token => token.Type is SecurityTokenType.Saml or SecurityTokenType.Custom))
            {
                _acquisitions.Add(token, new TokenAcquisition(provider, token, timeProvider));
            }
        }
    }

    /// <summary>Acquires the tokens of a request with that action; null where the provider gives none of them.</summary>
    public async ValueTask<AcquiredTokens?> AcquireAsync(string? action, CancellationToken cancellationToken)
    {
        AcquiredTokens? tokens = null;
        foreach (var token in _tokens)
        {
            if (token.AppliesTo(action) && _acquisitions.TryGetValue(token, out var acquisition))
            {
                tokens ??= new AcquiredTokens();
                tokens.Add(token, await acquisition.GetAsync(cancellationToken).ConfigureAwait(false));
            }
        }

        return tokens;
    }

    /// <summary>The action by which the tokens of a request are acquired; none where nobody is asked.</summary>
    public bool TryReadAction(ReadOnlyMemory<byte> envelope, MessageContext context, out string? action)
    {
        action = null;
        if (_acquisitions.Count == 0)
        {
            return false;
        }

        using var index = XmlIndex.Scan(XmlEncoding.ToUtf8(envelope, context.Charset), _policy.Limits);
        action = SoapEnvelope.Read(index).Action ?? AddressingCheck.Unquote(context.Action);
        return true;
    }

    /// <summary>The token that was acquired for a message.</summary>
    /// <returns>null where the provider has none, or there is no provider.</returns>
    /// <exception cref="InvalidOperationException">There is a provider, and it was not asked.</exception>
    public SecurityTokenCredential? Find(SupportingToken token, MessageContext context)
    {
        SecurityTokenCredential? credential = null;
        return !_acquisitions.ContainsKey(token) || context.Tokens?.TryFind(token, out credential) == true
            ? credential
            : throw new InvalidOperationException($"The {token.Type} token was not acquired; use {nameof(Initiator.ProtectRequestAsync)}, or {nameof(Initiator.AcquireTokensAsync)} with the action of the message.");
    }
}
