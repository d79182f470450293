using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace WsSecurity.Algorithms;

/// <summary>
/// Arithmetic modulo an odd number (Montgomery 1985) in which neither branches nor addresses depend on the values, only on lengths.
/// <see cref="BigInteger"/> carries numbers in and out; it is not constant in time, so what goes through it must be blinded or public.
/// </summary>
internal sealed class MontgomeryModulus
{
    private const int LimbBits = 64;
    private const int WindowSize = 16;

    private readonly ulong[] _modulus;
    private readonly ulong[] _radixSquared;
    private readonly ulong _negatedInverse;

    public MontgomeryModulus(BigInteger modulus)
    {
        _modulus = new ulong[(modulus.GetBitLength() + LimbBits - 1) / LimbBits];
        _radixSquared = new ulong[_modulus.Length];
        Write(modulus, _modulus);
        Write((BigInteger.One << (2 * LimbBits * _modulus.Length)) % modulus, _radixSquared);

        // Newton's iteration: an odd number is its own inverse in the last three bits, and each step doubles the bits that are right.
        var inverse = _modulus[0];
        for (var bits = 3; bits < LimbBits; bits *= 2)
        {
            inverse *= 2 - (_modulus[0] * inverse);
        }

        _negatedInverse = 0 - inverse;
    }

    /// <summary>To the power of a secret exponent, by windows of four bits. Its length in octets shows.</summary>
    /// <param name="value">Below the modulus.</param>
    /// <param name="exponent">Not negative.</param>
    public BigInteger Pow(BigInteger value, BigInteger exponent)
    {
        var length = _modulus.Length;
        Span<ulong> one = stackalloc ulong[length];
        one.Clear();
        one[0] = 1;

        var powers = new ulong[WindowSize * length].AsSpan();
        Multiply(_radixSquared, one, powers[..length]);
        var first = powers.Slice(length, length);
        Write(value, first);
        Multiply(first, _radixSquared, first);
        for (var i = 2; i < WindowSize; i++)
        {
            Multiply(powers.Slice((i - 1) * length, length), first, powers.Slice(i * length, length));
        }

        Span<ulong> result = stackalloc ulong[length];
        Span<ulong> factor = stackalloc ulong[length];
        powers[..length].CopyTo(result);
        var octets = exponent.ToByteArray(isUnsigned: true, isBigEndian: true);
        for (var i = 0; i < 2 * octets.Length; i++)
        {
            for (var bit = 0; bit < 4; bit++)
            {
                Multiply(result, result, result);
            }

            Select(powers, (octets[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xF, factor);
            Multiply(result, factor, result);
        }

        Multiply(result, one, result);
        CryptographicOperations.ZeroMemory(octets);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(powers));
        return new BigInteger(MemoryMarshal.AsBytes(result), isUnsigned: true);
    }

    /// <summary>The product as octets, the highest first, so that its size never shows.</summary>
    /// <param name="left">Below the modulus.</param>
    /// <param name="right">Below the modulus.</param>
    /// <param name="octets">As long as the modulus.</param>
    public void Multiply(BigInteger left, BigInteger right, Span<byte> octets)
    {
        Span<ulong> result = stackalloc ulong[_modulus.Length];
        Span<ulong> factor = stackalloc ulong[_modulus.Length];
        Write(left, result);
        Write(right, factor);
        Multiply(factor, _radixSquared, factor);
        Multiply(result, factor, result);

        var littleEndian = MemoryMarshal.AsBytes(result);
        littleEndian[..octets.Length].CopyTo(octets);
        octets.Reverse();
        CryptographicOperations.ZeroMemory(littleEndian);
    }

    /// <summary>left · right / 2^(64 · length), word by word; the result may be one of the factors.</summary>
    private void Multiply(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result)
    {
        ReadOnlySpan<ulong> modulus = _modulus;
        var length = modulus.Length;
        right = right[..length];
        Span<ulong> sum = stackalloc ulong[length];
        sum.Clear();
        var top = 0UL;
        foreach (var limb in left)
        {
            var carry = 0UL;
            for (var j = 0; j < modulus.Length; j++)
            {
                sum[j] = MultiplyAdd(limb, right[j], sum[j], ref carry);
            }

            top += carry;
            var overflow = Carry(top, carry);

            // The multiple of the modulus that makes the lowest word zero, which is then dropped.
            var multiple = sum[0] * _negatedInverse;
            carry = 0;
            _ = MultiplyAdd(multiple, modulus[0], sum[0], ref carry);
            for (var j = 1; j < modulus.Length; j++)
            {
                sum[j - 1] = MultiplyAdd(multiple, modulus[j], sum[j], ref carry);
            }

            sum[length - 1] = top + carry;
            top = overflow + Carry(sum[length - 1], carry);
        }

        SubtractModulus(sum, top, result);
    }

    /// <summary>Brings a number below twice the modulus below the modulus, by computing the difference in any case.</summary>
    private void SubtractModulus(ReadOnlySpan<ulong> sum, ulong top, Span<ulong> result)
    {
        var borrow = 0UL;
        for (var i = 0; i < sum.Length; i++)
        {
            var difference = sum[i] - _modulus[i];
            var nextBorrow = Carry(sum[i], _modulus[i]) | Carry(difference, borrow);
            result[i] = difference - borrow;
            borrow = nextBorrow;
        }

        // All ones where the number was below the modulus already.
        var keep = 0 - (borrow & (top ^ 1));
        for (var i = 0; i < sum.Length; i++)
        {
            result[i] = (sum[i] & keep) | (result[i] & ~keep);
        }
    }

    /// <summary>Reads every power, so that the cache does not show which one was wanted.</summary>
    private static void Select(ReadOnlySpan<ulong> powers, int index, Span<ulong> selected)
    {
        selected.Clear();
        for (var i = 0; i < WindowSize; i++)
        {
            var difference = (ulong)(i ^ index);
            var mask = ((0 - difference) >> (LimbBits - 1)) - 1;
            var power = powers.Slice(i * selected.Length, selected.Length);
            for (var j = 0; j < selected.Length; j++)
            {
                selected[j] |= power[j] & mask;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong left, ulong right, ulong addend, ref ulong carry)
    {
        var high = Math.BigMul(left, right, out ulong low);
        low += addend;
        high += Carry(low, addend);
        low += carry;
        high += Carry(low, carry);
        carry = high;
        return low;
    }

    /// <summary>1 where the first is below the second, as a comparison without a jump.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Carry(ulong sum, ulong addend) => Unsafe.BitCast<bool, byte>(sum < addend);

    private static void Write(BigInteger value, Span<ulong> limbs)
    {
        limbs.Clear();
        value.TryWriteBytes(MemoryMarshal.AsBytes(limbs), out _, isUnsigned: true);
    }
}
