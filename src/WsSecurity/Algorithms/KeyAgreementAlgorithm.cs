using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// ECDH-ES (XML Encryption 1.1 section 5.7.3): the originator's key of this one message and the recipient's lasting key give a shared secret, from which
/// the key is derived that wraps the content's.
/// </summary>
internal static class KeyAgreementAlgorithm
{
    public const string EcdhEs = "http://www.w3.org/2009/xmlenc11#ECDH-ES";

    /// <summary>The wrapping key that both parties derive. The caller zeroes it after use.</summary>
    /// <param name="ownKey">With its private part.</param>
    /// <param name="otherKey">A point that was checked, on the same curve.</param>
    /// <param name="derivation">How the secret becomes a key.</param>
    /// <param name="length">Octets of the key.</param>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.DecryptionFailed"/>: the platform cannot agree on a secret.</exception>
    public static byte[] Agree(ECDiffieHellman ownKey, ECDiffieHellman otherKey, KeyDerivationMethod derivation, int length)
    {
        byte[] sharedSecret;
        try
        {
            using var publicKey = otherKey.PublicKey;
            sharedSecret = ownKey.DeriveRawSecretAgreement(publicKey);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new WsSecurityException(SecurityFailure.DecryptionFailed, "No secret could be agreed on.", exception);
        }

        var key = derivation.Derive(sharedSecret, length);
        CryptographicOperations.ZeroMemory(sharedSecret);
        return key;
    }
}
