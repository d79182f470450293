namespace WsSecurity;

/// <summary>Reads and validates a kind of token that the product does not know. Safe to call from several threads.</summary>
public interface ICustomTokenHandler
{
    /// <summary>The name by which policies demand the token: <see cref="SupportingToken.Name"/>, and <c>Type</c> in configuration.</summary>
    string Name { get; }

    /// <summary>How it stands in the header.</summary>
    CustomTokenFormat Format { get; }

    /// <summary>Reads the key that the token claims, without I/O. A signature by it counts only once <see cref="ValidateAsync"/> accepts the token.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The key; null where the token brings none.</returns>
    /// <exception cref="WsSecurityException">The token is broken.</exception>
    CustomTokenKey? ReadKey(CustomToken token);

    /// <summary>Decides on the token: signature, issuer, audience, validity.</summary>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Cancels the validation.</param>
    /// <returns>What the token says.</returns>
    /// <exception cref="WsSecurityException">
    /// The token is refused: <see cref="SecurityFailure.TokenExpired"/>, <see cref="SecurityFailure.TokenNotYetValid"/>,
    /// <see cref="SecurityFailure.AudienceMismatch"/>, <see cref="SecurityFailure.IssuerNotTrusted"/>, <see cref="SecurityFailure.SignatureInvalid"/> or another
    /// reason. Any other exception refuses it, too.
    /// </exception>
    ValueTask<CustomTokenIdentity> ValidateAsync(CustomToken token, CancellationToken cancellationToken);
}
