using System.Security.Cryptography;
using NUnit.Framework;
using WsSecurity.Algorithms;

namespace WsSecurity.Tests.Algorithms;

internal sealed class KeyDerivationMethodTests
{
    // RFC 5869, appendix A.1.
    [Test]
    public void Derive_HkdfOfRfc5869_GivesItsKey()
    {
        var derivation = new HmacKeyDerivation(DigestAlgorithm.Sha256, Convert.FromHexString("000102030405060708090a0b0c"), Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9"));

        Assert.That(
            derivation.Derive(Convert.FromHexString("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), 42),
            Is.EqualTo(Convert.FromHexString("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")));
    }

    // NIST SP 800-56A, section 5.8.1: hash(1 || Z || OtherInfo) || hash(2 || Z || OtherInfo), cut.
    [Test]
    public void Derive_ConcatKdfBeyondOneDigest_CountsFromOne()
    {
        byte[] secret = [1, 2, 3];
        byte[] otherInfo = [9, 8];
        byte[] expected =
        [
            .. SHA256.HashData([0, 0, 0, 1, .. secret, .. otherInfo]),
            .. SHA256.HashData([0, 0, 0, 2, .. secret, .. otherInfo]),
        ];

        Assert.That(new ConcatKeyDerivation(DigestAlgorithm.Sha256, otherInfo).Derive(secret, 40), Is.EqualTo(expected[..40]));
    }
}
