using System.Numerics;
using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// RSAEP and RSADP (RFC 8017 sections 5.1.1 and 5.1.2), because .NET has no RSA without padding. Used only for OAEP parameters
/// that the platform lacks.
/// </summary>
/// <remarks>
/// The base is multiplied by a fresh random value, and a random multiple of the group's order is added to both CRT exponents, so that no
/// private operation runs on a number that the peer chose or can repeat. <see cref="BigInteger"/>, which is not constant in time, sees
/// such blinded numbers only; powers and the last product, which takes the blinding off, are <see cref="MontgomeryModulus"/>'s. What
/// remains: intermediate values stay in memory until they are collected.
/// </remarks>
internal static class RawRsa
{
    private const int ExponentBlindingSize = 8;

    /// <summary>The encoded message, as long as the modulus, to the power of the public exponent.</summary>
    /// <remarks>Not blinded: OAEP's random seed makes the number another one each time, and the peer has no hold on it.</remarks>
    public static byte[] Encrypt(RSA publicKey, ReadOnlySpan<byte> encoded)
    {
        var key = publicKey.ExportParameters(includePrivateParameters: false);
        var modulus = FromOctets(key.Modulus);
        return ToOctets(BigInteger.ModPow(FromOctets(encoded), FromOctets(key.Exponent), modulus), encoded.Length);
    }

    /// <summary>
    /// The encoded message, as long as the modulus; null where the ciphertext has another length or is not below the modulus, or where
    /// the computation went wrong.
    /// </summary>
    public static byte[]? TryDecrypt(in RSAParameters key, ReadOnlySpan<byte> cipherValue)
    {
        var modulus = FromOctets(key.Modulus);
        var ciphertext = FromOctets(cipherValue);
        if (cipherValue.Length != key.Modulus!.Length || ciphertext >= modulus)
        {
            return null;
        }

        var exponent = FromOctets(key.Exponent);
        var (blinding, unblinding) = CreateBlinding(modulus, key.Modulus.Length);
        var blinded = ciphertext * BigInteger.ModPow(blinding, exponent, modulus) % modulus;

        var p = FromOctets(key.P);
        var q = FromOctets(key.Q);
        var modP = new MontgomeryModulus(p).Pow(blinded % p, FromOctets(key.DP) + (RandomBelow2To(ExponentBlindingSize) * (p - 1)));
        var modQ = new MontgomeryModulus(q).Pow(blinded % q, FromOctets(key.DQ) + (RandomBelow2To(ExponentBlindingSize) * (q - 1)));
        var quotient = (((modP - modQ) * FromOctets(key.InverseQ) % p) + p) % p;
        var result = modQ + (quotient * q);

        // A fault in one half would give the factors away to who sees the result (Boneh, DeMillo, Lipton 1997).
        if (BigInteger.ModPow(result, exponent, modulus) != blinded)
        {
            return null;
        }

        var encoded = new byte[key.Modulus.Length];
        new MontgomeryModulus(modulus).Multiply(result, unblinding, encoded);
        return encoded;
    }

    /// <summary>A random number and its inverse.</summary>
    private static (BigInteger Blinding, BigInteger Unblinding) CreateBlinding(BigInteger modulus, int modulusLength)
    {
        while (true)
        {
            // Euclid's algorithm runs on the product of two random numbers, so that its time tells nothing about the one that is used.
            var blinding = RandomBelow2To(modulusLength + 8) % modulus;
            var cover = RandomBelow2To(modulusLength + 8) % modulus;
            if (TryInvert(blinding * cover % modulus, modulus, out var inverse))
            {
                return (blinding, inverse * cover % modulus);
            }
        }
    }

    private static bool TryInvert(BigInteger value, BigInteger modulus, out BigInteger inverse)
    {
        var (previous, current) = (modulus, value);
        var (previousFactor, factor) = (BigInteger.Zero, BigInteger.One);
        while (!current.IsZero)
        {
            var quotient = BigInteger.DivRem(previous, current, out var remainder);
            (previous, current) = (current, remainder);
            (previousFactor, factor) = (factor, previousFactor - (quotient * factor));
        }

        inverse = previousFactor.Sign < 0 ? previousFactor + modulus : previousFactor;
        return previous.IsOne;
    }

    private static BigInteger RandomBelow2To(int octets)
    {
        Span<byte> random = stackalloc byte[octets];
        RandomNumberGenerator.Fill(random);
        return FromOctets(random);
    }

    private static BigInteger FromOctets(ReadOnlySpan<byte> octets) => new(octets, isUnsigned: true, isBigEndian: true);

    private static byte[] ToOctets(BigInteger value, int length)
    {
        var octets = new byte[length];
        value.TryWriteBytes(octets, out _, isUnsigned: true);
        Array.Reverse(octets);
        return octets;
    }
}
