namespace WsSecurity;

/// <summary>
/// A validator that also knows the passwords of its users, so that keys can be derived from them (UsernameToken Profile 1.1.1, section 4). Safe to call from several
/// threads.
/// </summary>
public interface IUsernameTokenKeySource : IUsernameTokenValidator
{
    /// <summary>
    /// Derives the key by which a sender claims to know the password, before anything of the message is verified; so it must have no effect. Whether the user is
    /// accepted says <see cref="IUsernameTokenValidator.ValidateAsync"/>, which is asked once a signature by the key was found right.
    /// </summary>
    /// <param name="token">The token; <see cref="UsernameTokenCredential.DeriveKey"/> makes the key of a password.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The key, which the caller zeroes; null where there is no such user. Then a random key takes its place, and the message fails as by a wrong password.</returns>
    ValueTask<byte[]?> DeriveKeyAsync(UsernameTokenCredential token, CancellationToken cancellationToken);
}
