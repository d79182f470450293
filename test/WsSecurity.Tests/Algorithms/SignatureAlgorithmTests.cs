using System.Security.Cryptography;
using NUnit.Framework;
using WsSecurity.Algorithms;

namespace WsSecurity.Tests.Algorithms;

internal sealed class SignatureAlgorithmTests
{
    private static readonly SignatureKey Rsa = new RsaSignatureKey(RSA.Create(2048));
    private static readonly SignatureKey OtherRsa = new RsaSignatureKey(RSA.Create(2048));
    private static readonly SignatureKey Ecdsa = new EcdsaSignatureKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private static readonly SignatureKey OtherEcdsa = new EcdsaSignatureKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private static readonly SignatureKey Hmac = new HmacSignatureKey(RandomNumberGenerator.GetBytes(32));
    private static readonly SignatureKey OtherHmac = new HmacSignatureKey(RandomNumberGenerator.GetBytes(32));

    private static IEnumerable<SignatureAlgorithm> All => AlgorithmRegistry.Signatures;

    private static IEnumerable<SignatureAlgorithm> HmacAlgorithms => All.Where(algorithm => algorithm.KeyKind == SignatureKeyKind.Hmac);

    private static IEnumerable<SignatureAlgorithm> EcdsaAlgorithms => All.Where(algorithm => algorithm.KeyKind == SignatureKeyKind.Ecdsa);

    private static IEnumerable<SignatureAlgorithm> AsymmetricAlgorithms =>
        All.Where(algorithm => algorithm.KeyKind != SignatureKeyKind.Hmac);

    private static IEnumerable<TestCaseData> WrongKinds =>
        from algorithm in All
        from kind in Enum.GetValues<SignatureKeyKind>()
        where kind != algorithm.KeyKind
        select new TestCaseData(algorithm, kind);

    private static byte[] Data => "<SignedInfo/>"u8.ToArray();

    [TestCaseSource(nameof(All))]
    public void Verify_WhatWasSigned_IsTrue(SignatureAlgorithm algorithm)
    {
        var key = KeyFor(algorithm);

        Assert.That(algorithm.Verify(key, Data, algorithm.Sign(key, Data)), Is.True);
        Assert.That(algorithm.Verify(key, [], algorithm.Sign(key, [])), Is.True);
    }

    [TestCaseSource(nameof(All))]
    public void Verify_WithPublicKeyOnly_IsTrue(SignatureAlgorithm algorithm)
    {
        var key = KeyFor(algorithm);
        var signature = algorithm.Sign(key, Data);

        Assert.That(algorithm.Verify(PublicOnly(key), Data, signature), Is.True);
    }

    [TestCaseSource(nameof(All))]
    public void Verify_AnyOctetOfTheSignatureChanged_IsFalse(SignatureAlgorithm algorithm)
    {
        var key = KeyFor(algorithm);
        var signature = algorithm.Sign(key, Data);
        for (var i = 0; i < signature.Length; i++)
        {
            signature[i] ^= 0x01;
            Assert.That(algorithm.Verify(key, Data, signature), Is.False, $"octet {i}");
            signature[i] ^= 0x01;
        }
    }

    [TestCaseSource(nameof(All))]
    public void Verify_DataChanged_IsFalse(SignatureAlgorithm algorithm)
    {
        var key = KeyFor(algorithm);

        Assert.That(algorithm.Verify(key, [.. Data, 0], algorithm.Sign(key, Data)), Is.False);
    }

    [TestCaseSource(nameof(All))]
    public void Verify_UnderAnotherKey_IsFalse(SignatureAlgorithm algorithm) =>
        Assert.That(algorithm.Verify(OtherKeyFor(algorithm), Data, algorithm.Sign(KeyFor(algorithm), Data)), Is.False);

    [TestCaseSource(nameof(All))]
    public void Verify_SignatureOfAnotherLength_IsFalse(SignatureAlgorithm algorithm)
    {
        var key = KeyFor(algorithm);
        var signature = algorithm.Sign(key, Data);

        Assert.That(algorithm.Verify(key, Data, []), Is.False);
        Assert.That(algorithm.Verify(key, Data, signature.AsSpan()[..^1]), Is.False);
        Assert.That(algorithm.Verify(key, Data, signature.AsSpan(1)), Is.False);
        Assert.That(algorithm.Verify(key, Data, [.. signature, 0]), Is.False);
        Assert.That(algorithm.Verify(key, Data, [0, .. signature]), Is.False);
    }

    [TestCaseSource(nameof(All))]
    public void Verify_SignatureAllZerosOrAllOnes_IsFalse(SignatureAlgorithm algorithm)
    {
        var key = KeyFor(algorithm);
        var signature = new byte[algorithm.Sign(key, Data).Length];
        Assert.That(algorithm.Verify(key, Data, signature), Is.False);

        // Not below the modulus, or not below the curve's order.
        Array.Fill(signature, (byte)0xFF);
        Assert.That(algorithm.Verify(key, Data, signature), Is.False);
    }

    [TestCaseSource(nameof(All))]
    public void Verify_SignatureOfAnotherAlgorithmOfTheSameKey_IsFalse(SignatureAlgorithm algorithm)
    {
        var key = KeyFor(algorithm);
        var signature = algorithm.Sign(key, Data);
        foreach (var other in All.Where(other => other.KeyKind == algorithm.KeyKind && other != algorithm))
        {
            Assert.That(other.Verify(key, Data, signature), Is.False, $"as {other}");
        }
    }

    [TestCaseSource(nameof(WrongKinds))]
    public void Sign_WithKeyOfAnotherKind_IsTheCallersMistake(SignatureAlgorithm algorithm, SignatureKeyKind kind) =>
        Assert.That(() => algorithm.Sign(KeyOf(kind), Data), Throws.InvalidOperationException);

    [TestCaseSource(nameof(WrongKinds))]
    public void Verify_WithKeyOfAnotherKind_FailsWithSignatureAlgorithmNotAllowed(SignatureAlgorithm algorithm, SignatureKeyKind kind) =>
        Assert.That(
            () => algorithm.Verify(KeyOf(kind), Data, new byte[32]),
            Throws.TypeOf<WsSecurityException>()
                .With.Property(nameof(WsSecurityException.Failure)).EqualTo(SecurityFailure.SignatureAlgorithmNotAllowed));

    [TestCaseSource(nameof(HmacAlgorithms))]
    public void Verify_TruncatedHmac_IsFalse(SignatureAlgorithm algorithm)
    {
        var signature = algorithm.Sign(Hmac, Data);
        for (var length = 0; length < signature.Length; length++)
        {
            Assert.That(algorithm.Verify(Hmac, Data, signature.AsSpan(0, length)), Is.False, $"{length} octets");
        }
    }

    [Test]
    public void HmacSignatureKey_Empty_IsTheCallersMistake() =>
        Assert.That(() => new HmacSignatureKey(ReadOnlyMemory<byte>.Empty), Throws.ArgumentException);

    [Test]
    public void Sign_Ecdsa_WritesBothHalvesAtTheLengthOfTheOrder(
        [ValueSource(nameof(EcdsaAlgorithms))] SignatureAlgorithm algorithm, [Values(256, 384, 521)] int keySize)
    {
        using var ecdsa = ECDsa.Create(CurveOf(keySize));
        var key = new EcdsaSignatureKey(ecdsa);

        // Often enough that r or s begins with zeros.
        for (var i = 0; i < 20; i++)
        {
            var signature = algorithm.Sign(key, [(byte)i]);
            Assert.That(signature, Has.Length.EqualTo(2 * ((keySize + 7) / 8)));
            Assert.That(algorithm.Verify(key, [(byte)i], signature), Is.True);
        }
    }

    [Test]
    public void Verify_EcdsaWithMoreOrFewerZerosInFront_IsTrue(
        [ValueSource(nameof(EcdsaAlgorithms))] SignatureAlgorithm algorithm, [Values(256, 521)] int keySize)
    {
        using var ecdsa = ECDsa.Create(CurveOf(keySize));
        var key = new EcdsaSignatureKey(ecdsa);
        var signature = algorithm.Sign(key, Data);
        for (var i = 0; keySize == 521 && (signature[0] | signature[66]) != 0; i++)
        {
            // Every fourth value has room for that; after a thousand the generator is broken.
            Assert.That(i, Is.LessThan(1000));
            signature = algorithm.Sign(key, Data);
        }

        var (r, s) = (signature[..(signature.Length / 2)], signature[(signature.Length / 2)..]);
        Assert.That(algorithm.Verify(key, Data, [0, .. r, 0, .. s]), Is.True);
        Assert.That(algorithm.Verify(key, Data, [0, 0, 0, .. r, 0, 0, 0, .. s]), Is.True);
        Assert.That(algorithm.Verify(key, Data, [1, .. r, 0, .. s]), Is.False);
        Assert.That(algorithm.Verify(key, Data, [0, .. r, 1, .. s]), Is.False);
        Assert.That(algorithm.Verify(key, Data, [.. s, .. r]), Is.False);
        if (keySize == 521)
        {
            Assert.That(algorithm.Verify(key, Data, [.. r[1..], .. s[1..]]), Is.True);
        }
    }

    [TestCaseSource(nameof(EcdsaAlgorithms))]
    public void Verify_EcdsaInDer_IsFalse(SignatureAlgorithm algorithm)
    {
        var signature = ((EcdsaSignatureKey)Ecdsa).Key.SignData(
            Data, algorithm.Digest.HashAlgorithmName, DSASignatureFormat.Rfc3279DerSequence);

        Assert.That(algorithm.Verify(Ecdsa, Data, signature), Is.False);
    }

    [TestCaseSource(nameof(AsymmetricAlgorithms))]
    public void Sign_ByHandleThatCannotExport_Verifies(SignatureAlgorithm algorithm)
    {
        SignatureKey key = KeyFor(algorithm) switch
        {
            RsaSignatureKey rsa => new RsaSignatureKey(new RemoteRsa(rsa.Key)),
            EcdsaSignatureKey ecdsa => new EcdsaSignatureKey(new RemoteEcdsa(ecdsa.Key)),
            var other => throw new InvalidOperationException($"{other.Kind} has no handle."),
        };

        var signature = algorithm.Sign(key, Data);

        Assert.That(algorithm.Verify(KeyFor(algorithm), Data, signature), Is.True);
        Assert.That(algorithm.Verify(key, Data, signature), Is.True);
    }

    private static SignatureKey KeyFor(SignatureAlgorithm algorithm) => KeyOf(algorithm.KeyKind);

    private static SignatureKey KeyOf(SignatureKeyKind kind) => kind switch
    {
        SignatureKeyKind.Rsa => Rsa,
        SignatureKeyKind.Ecdsa => Ecdsa,
        _ => Hmac,
    };

    private static SignatureKey OtherKeyFor(SignatureAlgorithm algorithm) => algorithm.KeyKind switch
    {
        SignatureKeyKind.Rsa => OtherRsa,
        SignatureKeyKind.Ecdsa => OtherEcdsa,
        _ => OtherHmac,
    };

    private static SignatureKey PublicOnly(SignatureKey key) => key switch
    {
        RsaSignatureKey rsa => new RsaSignatureKey(RSA.Create(rsa.Key.ExportParameters(false))),
        EcdsaSignatureKey ecdsa => new EcdsaSignatureKey(ECDsa.Create(ecdsa.Key.ExportParameters(false))),
        _ => key,
    };

    private static ECCurve CurveOf(int keySize) => keySize switch
    {
        256 => ECCurve.NamedCurves.nistP256,
        384 => ECCurve.NamedCurves.nistP384,
        _ => ECCurve.NamedCurves.nistP521,
    };
}
