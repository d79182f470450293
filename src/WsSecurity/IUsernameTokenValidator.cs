namespace WsSecurity;

/// <summary>Decides on a UsernameToken (UsernameToken Profile 1.1.1). Safe to call from several threads.</summary>
public interface IUsernameTokenValidator
{
    /// <summary>
    /// Whether the token's user exists and its password is right. Compare for an unknown user, too, with any password: the sender gets one and the same fault, at the
    /// next multiple of 50 ms, but a validator that takes much longer for one of them still tells them apart.
    /// </summary>
    /// <param name="token">The token; it compares passwords itself, so that a digest never needs to be taken apart.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The user's further claims, empty where there are none; null refuses the token.</returns>
    ValueTask<IReadOnlyList<System.Security.Claims.Claim>?> ValidateAsync(UsernameTokenCredential token, CancellationToken cancellationToken);
}
