using System.Security.Cryptography;
using NUnit.Framework;
using WsSecurity.Algorithms;

namespace WsSecurity.Tests.Algorithms;

internal sealed class KeyTransportAlgorithmTests
{
    private static readonly RSA Key = RSA.Create(2048);
    private static readonly RSA OtherKey = RSA.Create(2048);

    // 1,500 bits, made for this test: no whole number of octets, and nothing that the platform would generate.
    private static readonly RSA OddKey = ImportPrivateKey(
        "MIIDZgIBAAKBvAwNLztmyjurcs93r6ulFLHlfheNRkICv6TZyiu79i9LBQ/kNo7hlMOQe7QrFmMdt+MC29rAiiknxfcXzxqxyIvCsRJohLPS7E6rB6RcI42w" +
        "SUgg1Gt3v/1v1wQWfncnz+WPUaqkpECLgb86QOdoDIwm8oD4MF6AAirSXvQG0412PRFmSaHC+u+sdvvlbpRJKlFdimGwMgCH3hcanigOU0UbBkCKROhRW20O" +
        "9O9RM2WJK4HsUKONkTtAPoxlAgMBAAECgbwB/a+e5aVlZDasdb5s4fHgTeSd6XYA88lLZ7uRrBTIzWEBthcZVcUo5da59iBVsZQuictegU6R7AM1hhZt948F" +
        "H933B5NczezCNlkl2x74inYg12OgeYEbUn24LCsqW+swW4Btg6K+3ZZjZ1NNvmwtTZyTbHQh9qi2V3bTPa/cZD68Osxy4zAuHRbX2WNkeOebinz72incVxSF" +
        "+AU311QhPg2QS3+x6rqFaISNwM0y8VyRNc6ojIvGoDYF5QJeOKuGKysLIXcY7b1ujbHruqxbtsvXWSfYR187c5CyhvwRFuQcbRTimzjYNvZL8gWFNDcDURWE" +
        "4Izxoh18iHlExhYIzMl07GfIk6nzPWRkItN5jNq6hhHNS8laK8pBBwJeNnDzb/RgwhaoKf82yj1KFtUeQqlkh/Fp5mJ0yueiK4XQx/jIfECBZ3qPQoCYHJHl" +
        "e+WmwsqK4Q3QwskFJdjx1ZZWqj5AzDsmEVZkxiUqzCHuhqXiy2x8eT5JisGoMwJeCxb93YrB1d2xoiyU6uOrhs9d70q6rLbQaz8mqjnhxeqkCX/AVFRm+AtK" +
        "vI68U/NimtI9MuvsIelTC++LREW/AKilNjYiTHUO2l7Cu/veYLZTrg3LvJrVOwR/QdyFlwJeIidsYfEjfsAuEeLd4bTftUFQsauJuUt4D6P295CoCbvyxnHK" +
        "fUEOrfeSxrrcMxhIqxjhLNVamWRMctcgFqVq2n9tsXJKvpXhBQF5SWHp3pTvCqQpi0ttL7cm9hkWRwJeAfs/o1JC5Xvg4nuRyLoAvpwcsAGNyl0HxrOrkQAA" +
        "jty7UJ22bTo8iCVddw0zRDj0Q15sMB3LEN8F1KYW6K0xDsjvQXYXs0gv5T8BQa6BCliSkgVsRkpY3d0NSrJk1A==");

    private static readonly ReadOnlyMemory<byte> Label = "dummy123"u8.ToArray();

    /// <summary>Every method there is: each algorithm with each of the parameters that it supports.</summary>
    private static IEnumerable<KeyTransportMethod> All =>
        from algorithm in AlgorithmRegistry.KeyTransports
        from parameters in AllParameters
        where algorithm.Supports(parameters)
        select new KeyTransportMethod(algorithm, parameters);

    /// <summary>Every pair of digest and MGF, and a label with one of them.</summary>
    private static IEnumerable<OaepParameters> AllParameters =>
    [
        OaepParameters.Default,
        .. from digest in AlgorithmRegistry.Digests
           from mask in AlgorithmRegistry.MaskGenerationFunctions
           where digest != DigestAlgorithm.Sha1 || mask != MaskGenerationFunction.Sha1
           select new OaepParameters { Digest = digest, MaskGeneration = mask },
        new OaepParameters { Label = Label },
    ];

    private static IEnumerable<KeyTransportMethod> Oaep => All.Where(method => method.Algorithm.IsOaep);

    private static IEnumerable<KeyTransportMethod> OaepOfOurs => Oaep.Where(IsOurs);

    private static IEnumerable<KeyTransportMethod> OaepOfThePlatform => Oaep.Where(method => !IsOurs(method));

    [OneTimeTearDown]
    public void DisposeKeys()
    {
        Key.Dispose();
        OtherKey.Dispose();
        OddKey.Dispose();
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_WhatWasEncrypted_GivesTheKey(KeyTransportMethod method)
    {
        foreach (var size in new[] { 1, 32 })
        {
            var contentKey = RandomNumberGenerator.GetBytes(size);
            var cipherValue = method.Algorithm.Encrypt(Key, contentKey, method.Parameters);

            Assert.That(cipherValue, Has.Length.EqualTo(256));
            Assert.That(method.Algorithm.Decrypt(Key, cipherValue, method.Parameters, size), Is.EqualTo(contentKey));
        }
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_UnderModulusOfOddLength_GivesTheKey(KeyTransportMethod method)
    {
        var contentKey = RandomNumberGenerator.GetBytes(32);
        var cipherValue = method.Algorithm.Encrypt(OddKey, contentKey, method.Parameters);

        Assert.That(cipherValue, Has.Length.EqualTo(188));
        Assert.That(method.Algorithm.Decrypt(OddKey, cipherValue, method.Parameters, 32), Is.EqualTo(contentKey));
    }

    [TestCaseSource(nameof(All))]
    public void Encrypt_TheSameTwice_IsRandom(KeyTransportMethod method)
    {
        var first = method.Algorithm.Encrypt(Key, new byte[16], method.Parameters);
        var second = method.Algorithm.Encrypt(Key, new byte[16], method.Parameters);

        Assert.That(second, Is.Not.EqualTo(first));
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_UnderAnotherKey_GivesARandomKey(KeyTransportMethod method)
    {
        var contentKey = RandomNumberGenerator.GetBytes(32);

        AssertSubstituted(method, method.Algorithm.Encrypt(OtherKey, contentKey, method.Parameters), contentKey);
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_TheSameBadCiphertextTwice_GivesTwoKeys(KeyTransportMethod method)
    {
        var cipherValue = method.Algorithm.Encrypt(OtherKey, new byte[32], method.Parameters);

        var first = method.Algorithm.Decrypt(Key, cipherValue, method.Parameters, 32);
        var second = method.Algorithm.Decrypt(Key, cipherValue, method.Parameters, 32);

        Assert.That(second, Is.Not.EqualTo(first));
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_Tampered_GivesARandomKey(KeyTransportMethod method)
    {
        var contentKey = RandomNumberGenerator.GetBytes(32);
        var cipherValue = method.Algorithm.Encrypt(Key, contentKey, method.Parameters);
        foreach (var i in new[] { 0, 128, 255 })
        {
            cipherValue[i] ^= 0x01;
            AssertSubstituted(method, cipherValue, contentKey);
            cipherValue[i] ^= 0x01;
        }
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_CipherValueOfAnotherLength_GivesARandomKey(KeyTransportMethod method)
    {
        var contentKey = RandomNumberGenerator.GetBytes(32);
        var cipherValue = method.Algorithm.Encrypt(Key, contentKey, method.Parameters);

        AssertSubstituted(method, [], contentKey);
        AssertSubstituted(method, cipherValue[1..], contentKey);
        AssertSubstituted(method, cipherValue[..^1], contentKey);
        AssertSubstituted(method, [.. cipherValue, 0], contentKey);
        AssertSubstituted(method, [0, .. cipherValue], contentKey);
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_NumbersThatAreNoCiphertext_GivesARandomKey(KeyTransportMethod method)
    {
        var modulus = Key.ExportParameters(false).Modulus!;
        var notBelow = new byte[256];
        Array.Fill(notBelow, (byte)0xFF);

        AssertSubstituted(method, new byte[256], []);
        AssertSubstituted(method, modulus, []);
        AssertSubstituted(method, notBelow, []);
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_KeyOfAnotherLength_GivesARandomKeyOfTheExpectedLength(KeyTransportMethod method)
    {
        foreach (var size in new[] { 0, 31, 33 })
        {
            var contentKey = RandomNumberGenerator.GetBytes(size);
            AssertSubstituted(method, method.Algorithm.Encrypt(Key, contentKey, method.Parameters), contentKey);
        }
    }

    [TestCaseSource(nameof(All))]
    public void Decrypt_LengthNotKnown_TakesWhatIsInRange(KeyTransportMethod method)
    {
        foreach (var (size, fits) in new[] { (15, false), (16, true), (24, true), (32, true), (33, false) })
        {
            var contentKey = RandomNumberGenerator.GetBytes(size);
            var cipherValue = method.Algorithm.Encrypt(Key, contentKey, method.Parameters);

            var decrypted = method.Algorithm.Decrypt(Key, cipherValue, method.Parameters, 16, 32);

            Assert.That(decrypted, fits ? Is.EqualTo(contentKey) : Has.Length.EqualTo(32).And.Not.EqualTo(contentKey), $"{size} octets");
        }
    }

    [Test]
    public void Decrypt_LengthsThatAreNone_IsTheCallersMistake([Values] bool negative)
    {
        var algorithm = KeyTransportAlgorithm.RsaOaep;

        Assert.That(
            () => algorithm.Decrypt(Key, new byte[256], OaepParameters.Default, negative ? -1 : 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => algorithm.Decrypt(Key, new byte[256], OaepParameters.Default, 32, 16),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    // Bleichenbacher 1998: each kind of padding that an attacker would like to be told about.
    [TestCase("0102", 221, "00", TestName = "Decrypt_Rsa15_FirstOctetNotZero_GivesARandomKey")]
    [TestCase("0001", 221, "00", TestName = "Decrypt_Rsa15_BlockTypeOfSignatures_GivesARandomKey")]
    [TestCase("0003", 221, "00", TestName = "Decrypt_Rsa15_UnknownBlockType_GivesARandomKey")]
    [TestCase("0002", 222, "", TestName = "Decrypt_Rsa15_NoSeparator_GivesARandomKey")]
    [TestCase("0002", 0, "00", TestName = "Decrypt_Rsa15_NoPadding_GivesARandomKey")]
    [TestCase("0002", 7, "00", TestName = "Decrypt_Rsa15_PaddingTooShort_GivesARandomKey")]
    [TestCase("0002", 220, "00FF", TestName = "Decrypt_Rsa15_KeyTooLong_GivesARandomKey")]
    [TestCase("0002", 253, "00", TestName = "Decrypt_Rsa15_NoKey_GivesARandomKey")]
    public void Decrypt_Rsa15_BadPadding(string prefix, int paddingLength, string separator)
    {
        byte[] encoded =
            [.. Convert.FromHexString(prefix), .. Enumerable.Repeat((byte)0x55, paddingLength), .. Convert.FromHexString(separator)];
        var contentKey = Enumerable.Repeat((byte)0xAA, 256 - encoded.Length).ToArray();
        encoded = [.. encoded, .. contentKey];

        AssertSubstituted(new(KeyTransportAlgorithm.RsaPkcs1, OaepParameters.Default), RawRsa.Encrypt(Key, encoded), contentKey);
    }

    [Test]
    public void Decrypt_Rsa15_PaddingBuiltByHand_GivesTheKey()
    {
        var contentKey = RandomNumberGenerator.GetBytes(32);
        byte[] encoded = [0, 2, .. Enumerable.Repeat((byte)0x55, 221), 0, .. contentKey];

        var decrypted = KeyTransportAlgorithm.RsaPkcs1.Decrypt(Key, RawRsa.Encrypt(Key, encoded), OaepParameters.Default, 32);

        Assert.That(decrypted, Is.EqualTo(contentKey));
    }

    [Test]
    public void Decrypt_OaepEncodedByHand_GivesTheKeyOnlyWhereNothingIsWrong(
        [ValueSource(nameof(OaepOfOurs))] KeyTransportMethod method, [Values] OaepFault fault)
    {
        var contentKey = RandomNumberGenerator.GetBytes(32);
        var cipherValue = RawRsa.Encrypt(Key, EncodeWith(fault, contentKey, method.Parameters));

        if (fault == OaepFault.None)
        {
            Assert.That(method.Algorithm.Decrypt(Key, cipherValue, method.Parameters, 32), Is.EqualTo(contentKey));
        }
        else
        {
            AssertSubstituted(method, cipherValue, contentKey);
        }
    }

    [TestCaseSource(nameof(OaepOfThePlatform))]
    public void OurOaep_AgainstThePlatforms_Fits(KeyTransportMethod method)
    {
        // What the platform can do too shows that our encoding, padding and arithmetic are right.
        var padding = RSAEncryptionPadding.CreateOaep(method.Parameters.Digest.HashAlgorithmName);
        var contentKey = RandomNumberGenerator.GetBytes(32);
        var encoded = new byte[256];
        OaepEncoding.Encode(contentKey, method.Parameters, encoded);
        Assert.That(Key.Decrypt(RawRsa.Encrypt(Key, encoded), padding), Is.EqualTo(contentKey));

        var decrypted = RawRsa.TryDecrypt(Key.ExportParameters(true), Key.Encrypt(contentKey, padding));
        Assert.That(decrypted, Is.Not.Null);
        Assert.That(OaepEncoding.TryDecode(decrypted, method.Parameters), Is.EqualTo(contentKey));
    }

    [Test]
    public void RawRsa_ManyNumbers_DecryptsWhatItEncrypted()
    {
        var key = Key.ExportParameters(true);
        var random = new Random(20261123);
        for (var i = 0; i < 30; i++)
        {
            // Small numbers too, of which the high octets must come back as zeros.
            var number = new byte[256];
            random.NextBytes(number.AsSpan(1 + random.Next(255)));

            Assert.That(RawRsa.TryDecrypt(key, RawRsa.Encrypt(Key, number)), Is.EqualTo(number));
        }
    }

    [Test]
    public void RawRsa_KeyWithAFaultInOneHalf_GivesNothing()
    {
        var key = Key.ExportParameters(true);
        var cipherValue = RawRsa.Encrypt(Key, new byte[256].Select((_, i) => (byte)(i / 2)).ToArray());
        key.DP![10] ^= 1;

        Assert.That(RawRsa.TryDecrypt(key, cipherValue), Is.Null);
    }

    [Test]
    public void Decrypt_OaepOfThePlatformByKeyThatCannotBeExported_GivesTheKey()
    {
        var remote = new RemoteRsa(Key);
        foreach (var method in OaepOfThePlatform.Append(new(KeyTransportAlgorithm.RsaPkcs1, OaepParameters.Default)))
        {
            var contentKey = RandomNumberGenerator.GetBytes(32);
            var cipherValue = method.Algorithm.Encrypt(remote, contentKey, method.Parameters);

            Assert.That(method.Algorithm.Decrypt(remote, cipherValue, method.Parameters, 32), Is.EqualTo(contentKey));
        }
    }

    [TestCaseSource(nameof(OaepOfOurs))]
    public void Decrypt_OaepOfOursByKeyThatCannotBeExported_FailsAndNamesTheCombination(KeyTransportMethod method)
    {
        var remote = new RemoteRsa(Key);
        var cipherValue = method.Algorithm.Encrypt(remote, new byte[32], method.Parameters);

        foreach (var value in new[] { cipherValue, new byte[256], [] })
        {
            Assert.That(
                () => method.Algorithm.Decrypt(remote, value, method.Parameters, 32),
                Throws.TypeOf<WsSecurityException>()
                    .With.Property(nameof(WsSecurityException.Failure)).EqualTo(SecurityFailure.KeyTransportAlgorithmNotAllowed)
                    .And.Message.Contains(method.Parameters.Digest.Name)
                    .And.Message.Contains(method.Parameters.MaskGeneration.ToString())
                    .And.Message.Contains("exported"));
        }
    }

    [Test]
    public void Encrypt_ParametersThatTheAlgorithmLacks_IsTheCallersMistake()
    {
        var mask = new OaepParameters { MaskGeneration = MaskGenerationFunction.Sha256 };

        Assert.That(() => KeyTransportAlgorithm.RsaOaepMgf1p.Encrypt(Key, new byte[32], mask), Throws.InvalidOperationException);
        Assert.That(() => KeyTransportAlgorithm.RsaOaepMgf1p.Decrypt(Key, new byte[256], mask, 32), Throws.InvalidOperationException);
        Assert.That(() => KeyTransportAlgorithm.RsaPkcs1.Encrypt(Key, new byte[32], mask), Throws.InvalidOperationException);
    }

    [TestCaseSource(nameof(All))]
    public void Encrypt_WhatDoesNotFitTheModulus_IsTheCallersMistake(KeyTransportMethod method)
    {
        var maxLength = 256 - (method.Algorithm.IsOaep ? (2 * method.Parameters.Digest.Size) + 2 : 11);
        var cipherValue = method.Algorithm.Encrypt(Key, new byte[maxLength], method.Parameters);

        Assert.That(method.Algorithm.Decrypt(Key, cipherValue, method.Parameters, maxLength), Is.EqualTo(new byte[maxLength]));
        Assert.That(
            () => method.Algorithm.Encrypt(Key, new byte[maxLength + 1], method.Parameters),
            Throws.InvalidOperationException.With.Message.Contains("too small"));
    }

    private static RSA ImportPrivateKey(string pkcs1)
    {
        var rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(Convert.FromBase64String(pkcs1), out _);
        return rsa;
    }

    private static bool IsOurs(KeyTransportMethod method) =>
        method.Parameters.Digest != method.Parameters.MaskGeneration.Digest || !method.Parameters.Label.IsEmpty;

    private static void AssertSubstituted(KeyTransportMethod method, byte[] cipherValue, byte[] contentKey)
    {
        var decrypted = method.Algorithm.Decrypt(Key, cipherValue, method.Parameters, 32);

        Assert.That(decrypted, Has.Length.EqualTo(32).And.Not.EqualTo(contentKey).And.Some.Not.Zero);
    }

    public enum OaepFault
    {
        None,
        FirstOctetNotZero,
        LabelHashWrong,
        PaddingNotZero,
        SeparatorMissing,
        SeparatorNotOne,
    }

    /// <summary>EME-OAEP written down a second time, with one fault.</summary>
    private static byte[] EncodeWith(OaepFault fault, byte[] contentKey, OaepParameters parameters)
    {
        var digestSize = parameters.Digest.Size;
        var dataBlock = new byte[256 - digestSize - 1];
        parameters.Digest.Hash(parameters.Label.Span, dataBlock);
        dataBlock[^33] = 1;
        contentKey.CopyTo(dataBlock, dataBlock.Length - 32);
        switch (fault)
        {
            case OaepFault.LabelHashWrong:
                dataBlock[digestSize - 1] ^= 0x80;
                break;
            case OaepFault.PaddingNotZero:
                dataBlock[digestSize] = 2;
                break;
            case OaepFault.SeparatorMissing:
                dataBlock.AsSpan(digestSize).Clear();
                break;
            case OaepFault.SeparatorNotOne:
                dataBlock[^33] = 3;
                break;
        }

        var seed = RandomNumberGenerator.GetBytes(digestSize);
        parameters.MaskGeneration.Apply(seed, dataBlock);
        parameters.MaskGeneration.Apply(dataBlock, seed);
        return [(byte)(fault == OaepFault.FirstOctetNotZero ? 1 : 0), .. seed, .. dataBlock];
    }
}
