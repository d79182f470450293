using System.Security.Cryptography;
using NUnit.Framework;
using WsSecurity.Algorithms;

namespace WsSecurity.Tests.Algorithms;

internal sealed class ContentEncryptionAlgorithmTests
{
    private static IEnumerable<ContentEncryptionAlgorithm> All => AlgorithmRegistry.ContentEncryptions;

    private static IEnumerable<ContentEncryptionAlgorithm> Cbc => All.Where(algorithm => !algorithm.IsAuthenticated);

    private static IEnumerable<ContentEncryptionAlgorithm> Gcm => All.Where(algorithm => algorithm.IsAuthenticated);

    [Test]
    public void Decrypt_WhatWasEncrypted_GivesThePlaintext(
        [ValueSource(nameof(All))] ContentEncryptionAlgorithm algorithm,
        [Values(0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 1000, 100_000)] int length)
    {
        var key = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        var plaintext = RandomNumberGenerator.GetBytes(length);
        var ciphertext = Encrypt(algorithm, key, plaintext);

        var destination = new byte[algorithm.GetMaxPlaintextLength(ciphertext.Length)];
        var written = algorithm.Decrypt(key, ciphertext, destination);

        Assert.That(destination[..written], Is.EqualTo(plaintext));
        Assert.That(destination[written..], Is.All.Zero, "padding is wiped");
    }

    [TestCaseSource(nameof(All))]
    public void Encrypt_TheSameTwice_UsesAnotherInitializationVector(ContentEncryptionAlgorithm algorithm)
    {
        var key = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        var first = Encrypt(algorithm, key, [1, 2, 3]);
        var second = Encrypt(algorithm, key, [1, 2, 3]);

        Assert.That(second, Is.Not.EqualTo(first));
    }

    [TestCaseSource(nameof(All))]
    public void Encrypt_LongerDestination_LeavesTheRestAlone(ContentEncryptionAlgorithm algorithm)
    {
        var key = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        var length = algorithm.GetCiphertextLength(5);
        var destination = new byte[length + 3];

        algorithm.Encrypt(key, [1, 2, 3, 4, 5], destination);

        Assert.That(destination[length..], Is.All.Zero);
        Assert.That(Decrypt(algorithm, key, destination[..length]), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5 }));
    }

    [TestCaseSource(nameof(All))]
    public void Encrypt_KeyOfAnotherSize_IsTheCallersMistake(ContentEncryptionAlgorithm algorithm) =>
        Assert.That(
            () => algorithm.Encrypt(new byte[algorithm.KeySize + 1], [], new byte[algorithm.GetCiphertextLength(0)]),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("key"));

    [TestCaseSource(nameof(All))]
    public void Encrypt_DestinationTooSmall_IsTheCallersMistake(ContentEncryptionAlgorithm algorithm) =>
        Assert.That(
            () => algorithm.Encrypt(new byte[algorithm.KeySize], [1], new byte[algorithm.GetCiphertextLength(1) - 1]),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("destination"));

    [TestCaseSource(nameof(All))]
    public void Decrypt_DestinationTooSmall_IsTheCallersMistake(ContentEncryptionAlgorithm algorithm)
    {
        var ciphertext = new byte[algorithm.GetCiphertextLength(100)];
        var destination = new byte[algorithm.GetMaxPlaintextLength(ciphertext.Length) - 1];

        Assert.That(
            () => algorithm.Decrypt(new byte[algorithm.KeySize], ciphertext, destination),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("destination"));
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_KeyOfAnotherSize_Fails(ContentEncryptionAlgorithm algorithm)
    {
        var ciphertext = Encrypt(algorithm, RandomNumberGenerator.GetBytes(algorithm.KeySize), [1, 2, 3]);

        AssertFails(algorithm, new byte[algorithm.KeySize - 1], ciphertext);
        AssertFails(algorithm, [], ciphertext);
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_Shortened_Fails(ContentEncryptionAlgorithm algorithm)
    {
        var key = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        var ciphertext = Encrypt(algorithm, key, []);

        for (var length = 0; length < ciphertext.Length; length++)
        {
            AssertFails(algorithm, key, ciphertext[..length]);
        }
    }

    [TestCaseSource(nameof(Gcm))]
    public void Decrypt_GcmWithAnyOctetChanged_Fails(ContentEncryptionAlgorithm algorithm)
    {
        var key = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        var ciphertext = Encrypt(algorithm, key, RandomNumberGenerator.GetBytes(20));

        // IV, ciphertext and tag alike.
        for (var i = 0; i < ciphertext.Length; i++)
        {
            ciphertext[i] ^= 0x10;
            AssertFails(algorithm, key, ciphertext);
            ciphertext[i] ^= 0x10;
        }
    }

    [TestCaseSource(nameof(Gcm))]
    public void Decrypt_GcmUnderAnotherKey_Fails(ContentEncryptionAlgorithm algorithm)
    {
        var ciphertext = Encrypt(algorithm, RandomNumberGenerator.GetBytes(algorithm.KeySize), [1, 2, 3]);

        AssertFails(algorithm, RandomNumberGenerator.GetBytes(algorithm.KeySize), ciphertext);
    }

    [TestCaseSource(nameof(Cbc))]
    public void Decrypt_CbcOfEveryPaddingCount_AcceptsOneToBlockOnly(ContentEncryptionAlgorithm algorithm)
    {
        var key = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        var blockSize = BlockSize(algorithm);
        for (var count = 0; count <= 255; count++)
        {
            // Two blocks, so that a count beyond one block does not fail for want of octets.
            var padded = RandomNumberGenerator.GetBytes(2 * blockSize);
            padded[^1] = (byte)count;
            var ciphertext = EncryptPadded(algorithm, key, padded);
            if (count >= 1 && count <= blockSize)
            {
                Assert.That(Decrypt(algorithm, key, ciphertext), Is.EqualTo(padded[..^count]), $"count {count}");
            }
            else
            {
                AssertFails(algorithm, key, ciphertext);
            }
        }
    }

    [TestCaseSource(nameof(Cbc))]
    public void Decrypt_CbcNotInWholeBlocks_Fails(ContentEncryptionAlgorithm algorithm)
    {
        var key = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        var ciphertext = Encrypt(algorithm, key, new byte[40]);

        AssertFails(algorithm, key, [.. ciphertext, 0]);
    }

    [Test]
    public void Decrypt_TripleDesUnderWeakKey_Fails() =>
        AssertFails(ContentEncryptionAlgorithm.TripleDesCbc, new byte[24], new byte[32]);

    [TestCaseSource(nameof(Cbc))]
    public void Encrypt_Cbc_PadsWithRandomOctets(ContentEncryptionAlgorithm algorithm)
    {
        var key = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        var ciphertext = Encrypt(algorithm, key, []);
        var blockSize = BlockSize(algorithm);

        using var cipher = CreateCipher(algorithm, key);
        var padded = cipher.DecryptCbc(ciphertext.AsSpan(blockSize), ciphertext.AsSpan(0, blockSize), PaddingMode.None);

        Assert.That(padded[^1], Is.EqualTo(blockSize));
        Assert.That(padded[..^1].Distinct().Count(), Is.GreaterThan(1));
    }

    private static byte[] Encrypt(ContentEncryptionAlgorithm algorithm, byte[] key, byte[] plaintext)
    {
        var ciphertext = new byte[algorithm.GetCiphertextLength(plaintext.Length)];
        algorithm.Encrypt(key, plaintext, ciphertext);
        return ciphertext;
    }

    private static byte[] Decrypt(ContentEncryptionAlgorithm algorithm, byte[] key, byte[] ciphertext)
    {
        var destination = new byte[algorithm.GetMaxPlaintextLength(ciphertext.Length)];
        return destination[..algorithm.Decrypt(key, ciphertext, destination)];
    }

    private static void AssertFails(ContentEncryptionAlgorithm algorithm, byte[] key, byte[] ciphertext)
    {
        var destination = new byte[algorithm.GetMaxPlaintextLength(ciphertext.Length) + 1];
        Array.Fill(destination, (byte)0xAA);

        Assert.That(
            () => algorithm.Decrypt(key, ciphertext, destination),
            Throws.TypeOf<WsSecurityException>()
                .With.Property(nameof(WsSecurityException.Failure)).EqualTo(SecurityFailure.DecryptionFailed)
                .And.Message.EqualTo("The content could not be decrypted.")
                .And.InnerException.Null);
        Assert.That(destination[..^1], Is.All.Zero);
    }

    private static int BlockSize(ContentEncryptionAlgorithm algorithm) =>
        algorithm == ContentEncryptionAlgorithm.TripleDesCbc ? 8 : 16;

    private static SymmetricAlgorithm CreateCipher(ContentEncryptionAlgorithm algorithm, byte[] key)
    {
        SymmetricAlgorithm cipher = algorithm == ContentEncryptionAlgorithm.TripleDesCbc ? TripleDES.Create() : Aes.Create();
        cipher.Key = key;
        return cipher;
    }

    private static byte[] EncryptPadded(ContentEncryptionAlgorithm algorithm, byte[] key, byte[] padded)
    {
        var iv = RandomNumberGenerator.GetBytes(BlockSize(algorithm));
        using var cipher = CreateCipher(algorithm, key);
        return [.. iv, .. cipher.EncryptCbc(padded, iv, PaddingMode.None)];
    }
}
