using System.Numerics;
using NUnit.Framework;
using WsSecurity.Algorithms;

namespace WsSecurity.Tests.Algorithms;

internal sealed class MontgomeryModulusTests
{
    private static readonly Random Random = new(20261123);

    private static IEnumerable<BigInteger> Moduli =>
    [
        3,
        ulong.MaxValue,
        (BigInteger.One << 64) + 1,
        (BigInteger.One << 127) - 1,
        (BigInteger.One << 128) - 1,
        (BigInteger.One << 1024) - 1,
        .. new[] { 8, 63, 64, 65, 500, 1024, 1028, 2048 }.Select(bits => RandomOf(bits) | 1 | (BigInteger.One << (bits - 1))),
    ];

    [TestCaseSource(nameof(Moduli))]
    public void Pow_AgainstBigInteger_Agrees(BigInteger modulus)
    {
        var arithmetic = new MontgomeryModulus(modulus);
        BigInteger[] exponents = [0, 1, 2, 15, 16, 17, 255, 256, 65537, RandomOf(100)];
        foreach (var value in Values(modulus))
        {
            foreach (var exponent in exponents)
            {
                var expected = BigInteger.ModPow(value, exponent, modulus);
                Assert.That(arithmetic.Pow(value, exponent), Is.EqualTo(expected), $"{value}^{exponent}");
            }
        }
    }

    [TestCaseSource(nameof(Moduli))]
    public void Multiply_AgainstBigInteger_Agrees(BigInteger modulus)
    {
        var arithmetic = new MontgomeryModulus(modulus);
        var octets = new byte[modulus.GetByteCount(isUnsigned: true)];
        foreach (var left in Values(modulus))
        {
            foreach (var right in Values(modulus))
            {
                arithmetic.Multiply(left, right, octets);

                var product = new BigInteger(octets, isUnsigned: true, isBigEndian: true);
                Assert.That(product, Is.EqualTo(left * right % modulus), $"{left}*{right}");
            }
        }
    }

    private static BigInteger[] Values(BigInteger modulus) =>
        [0, 1, 2, modulus - 2, modulus - 1, .. Enumerable.Range(0, 3).Select(_ => RandomOf(2100) % modulus)];

    private static BigInteger RandomOf(int bits)
    {
        var octets = new byte[(bits + 7) / 8];
        Random.NextBytes(octets);
        return new BigInteger(octets, isUnsigned: true) & ((BigInteger.One << bits) - 1);
    }
}
