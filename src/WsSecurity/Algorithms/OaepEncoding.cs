using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>EME-OAEP (RFC 8017 sections 7.1.1 and 7.1.2) for the parameters that the platform does not offer.</summary>
internal static class OaepEncoding
{
    /// <summary>Octets of message for a modulus of that many octets; negative where not even an empty one fits.</summary>
    public static int GetMaxMessageLength(int modulusLength, OaepParameters parameters) =>
        modulusLength - (2 * parameters.Digest.Size) - 2;

    /// <summary>Fills <paramref name="encoded"/>, as long as the modulus, with 00 || maskedSeed || maskedDB.</summary>
    public static void Encode(ReadOnlySpan<byte> message, OaepParameters parameters, Span<byte> encoded)
    {
        var seed = encoded.Slice(1, parameters.Digest.Size);
        var dataBlock = encoded[(1 + parameters.Digest.Size)..];

        encoded.Clear();
        parameters.Digest.Hash(parameters.Label.Span, dataBlock);
        dataBlock[^(message.Length + 1)] = 1;
        message.CopyTo(dataBlock[^message.Length..]);

        RandomNumberGenerator.Fill(seed);
        parameters.MaskGeneration.Apply(seed, dataBlock);
        parameters.MaskGeneration.Apply(dataBlock, seed);
    }

    /// <summary>Takes the message out of <paramref name="encoded"/>, which is unmasked in place; null where it is malformed.</summary>
    /// <remarks>
    /// First octet, label and padding are folded into one value and looked at once, so that no time between them can be measured:
    /// knowing the first octet alone breaks OAEP (Manger 2001).
    /// </remarks>
    public static byte[]? TryDecode(Span<byte> encoded, OaepParameters parameters)
    {
        var digestSize = parameters.Digest.Size;
        if (GetMaxMessageLength(encoded.Length, parameters) < 0)
        {
            return null;
        }

        var seed = encoded.Slice(1, digestSize);
        var dataBlock = encoded[(1 + digestSize)..];
        parameters.MaskGeneration.Apply(dataBlock, seed);
        parameters.MaskGeneration.Apply(seed, dataBlock);

        Span<byte> labelHash = stackalloc byte[digestSize];
        parameters.Digest.Hash(parameters.Label.Span, labelHash);

        int wrong = encoded[0];
        for (var i = 0; i < digestSize; i++)
        {
            wrong |= dataBlock[i] ^ labelHash[i];
        }

        // Everything up to the first octet that is not zero is padding, and that octet must be 01. The masks are all ones or all zeros.
        var separator = 0;
        var stillPadding = -1;
        for (var i = digestSize; i < dataBlock.Length; i++)
        {
            int octet = dataBlock[i];
            var notZero = -octet >> 31;
            var isFirst = stillPadding & notZero;
            separator |= isFirst & i;
            wrong |= isFirst & (octet ^ 1);
            stillPadding &= ~notZero;
        }

        wrong |= stillPadding;
        return wrong == 0 ? dataBlock[(separator + 1)..].ToArray() : null;
    }
}
