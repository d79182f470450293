using System.Security.Cryptography;
using NUnit.Framework;
using WsSecurity.Algorithms;

namespace WsSecurity.Tests.Algorithms;

internal sealed class KeyWrapAlgorithmTests
{
    private static IReadOnlyList<KeyWrapAlgorithm> All => AlgorithmRegistry.KeyWraps;

    // RFC 3394, sections 4.1 to 4.6.
    [TestCase("000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF", "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5")]
    [TestCase("000102030405060708090A0B0C0D0E0F1011121314151617", "00112233445566778899AABBCCDDEEFF", "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D")]
    [TestCase("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF", "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7")]
    [TestCase("000102030405060708090A0B0C0D0E0F1011121314151617", "00112233445566778899AABBCCDDEEFF0001020304050607", "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2")]
    [TestCase("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF0001020304050607", "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1")]
    [TestCase("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F", "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21")]
    public void Wrap_Rfc3394_GivesItsCiphertext(string wrappingKey, string key, string wrapped)
    {
        var kek = Convert.FromHexString(wrappingKey);
        var algorithm = All.First(candidate => candidate.KeySize == kek.Length);

        Assert.That(algorithm.Wrap(kek, Convert.FromHexString(key)), Is.EqualTo(Convert.FromHexString(wrapped)));
        Assert.That(algorithm.Unwrap(kek, Convert.FromHexString(wrapped)), Is.EqualTo(Convert.FromHexString(key)));
    }

    // RFC 3217, section 3.4.
    [Test]
    public void Unwrap_Rfc3217_GivesItsKey()
    {
        var wrapped = Convert.FromHexString("690107618ef092b3b48ca1796b234ae9fa33ebb4159604037db5d6a84eb3aac2768c632775a467d4");

        var key = KeyWrapAlgorithm.TripleDes.Unwrap(Convert.FromHexString("255e0d1c07b646dfb3134cc843ba8aa71f025b7c0838251f"), wrapped);

        Assert.That(key, Is.EqualTo(Convert.FromHexString("2923bf85e06dd6ae529149f1f1bae9eab3a7da3d860d3e98")));
    }

    [TestCaseSource(nameof(All))]
    public void Unwrap_WhatWasWrapped_GivesTheKey(KeyWrapAlgorithm algorithm)
    {
        var wrappingKey = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        foreach (var length in new[] { 16, 24, 32 })
        {
            var key = RandomNumberGenerator.GetBytes(length);
            Assert.That(algorithm.Unwrap(wrappingKey, algorithm.Wrap(wrappingKey, key)), Is.EqualTo(key));
        }
    }

    [TestCaseSource(nameof(All))]
    public void Unwrap_AnyOctetChangedOrCutOrOfAnotherKey_FailsAlike(KeyWrapAlgorithm algorithm)
    {
        var wrappingKey = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        var wrapped = algorithm.Wrap(wrappingKey, RandomNumberGenerator.GetBytes(24));
        for (var i = 0; i < wrapped.Length; i++)
        {
            wrapped[i] ^= 0x10;
            Assert.That(() => algorithm.Unwrap(wrappingKey, wrapped), Refused.With(SecurityFailure.DecryptionFailed));
            wrapped[i] ^= 0x10;
        }

        foreach (var length in new[] { 0, 8, 16, 17, 24 })
        {
            Assert.That(() => algorithm.Unwrap(wrappingKey, wrapped.AsSpan(0, length)), Refused.With(SecurityFailure.DecryptionFailed));
        }

        Assert.That(() => algorithm.Unwrap(RandomNumberGenerator.GetBytes(algorithm.KeySize), wrapped), Refused.With(SecurityFailure.DecryptionFailed));
        Assert.That(() => algorithm.Unwrap(new byte[7], wrapped), Refused.With(SecurityFailure.DecryptionFailed));
    }

    [TestCaseSource(nameof(All))]
    public void Wrap_KeysOfAnotherSize_IsTheCallersMistake(KeyWrapAlgorithm algorithm)
    {
        Assert.That(() => algorithm.Wrap(new byte[5], new byte[16]), Throws.ArgumentException);
        Assert.That(() => algorithm.Wrap(new byte[algorithm.KeySize], new byte[8]), Throws.ArgumentException);
        Assert.That(() => algorithm.Wrap(new byte[algorithm.KeySize], new byte[17]), Throws.ArgumentException);
    }
}
