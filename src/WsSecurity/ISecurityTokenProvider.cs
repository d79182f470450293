namespace WsSecurity;

/// <summary>Gets the tokens that need I/O, from an issuer say, before a message is written. Safe to call from several threads.</summary>
public interface ISecurityTokenProvider
{
    /// <summary>
    /// Gets a token. It is asked once at a time for each token of a policy, and again shortly before what it gave expires.
    /// </summary>
    /// <param name="token">The token that the policy demands, of type Saml or Custom.</param>
    /// <param name="cancellationToken">Cancels the call, when nobody waits for it any more.</param>
    /// <returns>The token; null where there is none, which sends no message unless the token is optional.</returns>
    ValueTask<SecurityTokenCredential?> GetTokenAsync(SupportingToken token, CancellationToken cancellationToken);
}
