using System.Reflection;
using System.Security.Cryptography;
using NUnit.Framework;
using NUnit.Framework.Constraints;
using WsSecurity.Algorithms;

namespace WsSecurity.Tests;

internal sealed class AlgorithmSuiteTests
{
    private const string Rsa15 = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
    private const string OaepMgf1p = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    private const string Oaep = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

    private static readonly (string Prefix, string Content, int KeySize)[] SecurityPolicyCiphers =
    [
        ("Basic256", "http://www.w3.org/2001/04/xmlenc#aes256-cbc", 32),
        ("Basic192", "http://www.w3.org/2001/04/xmlenc#aes192-cbc", 24),
        ("Basic128", "http://www.w3.org/2001/04/xmlenc#aes128-cbc", 16),
        ("TripleDes", "http://www.w3.org/2001/04/xmlenc#tripledes-cbc", 24),
    ];

    private static readonly (string Prefix, string Content, int KeySize)[] GcmCiphers =
    [
        ("Basic256GCM", "http://www.w3.org/2009/xmlenc11#aes256-gcm", 32),
        ("Basic192GCM", "http://www.w3.org/2009/xmlenc11#aes192-gcm", 24),
        ("Basic128GCM", "http://www.w3.org/2009/xmlenc11#aes128-gcm", 16),
    ];

    private static IEnumerable<AlgorithmSuite> All => AlgorithmSuite.All;

    private static IEnumerable<string> Names => All.Select(suite => suite.Name);

    /// <summary>What each suite allows, written down by hand from WS-SecurityPolicy's table, CXF's source and the design.</summary>
    private static IEnumerable<Expected> ExpectedSuites
    {
        get
        {
            string[] sha1 = ["RsaSha1", "HmacSha1"];
            string[] sha256 = ["RsaSha256", "HmacSha256"];
            foreach (var (prefix, content, keySize) in SecurityPolicyCiphers)
            {
                var derived = Math.Min(keySize, 24);
                yield return new(prefix, "SHA-1", sha1, content, [OaepMgf1p], keySize, derived, 1024, 4096);
                yield return new(prefix + "Rsa15", "SHA-1", sha1, content, [Rsa15], keySize, derived, 1024, 4096);
                yield return new(prefix + "Sha256", "SHA-256", sha256, content, [OaepMgf1p], keySize, derived, 1024, 4096);
                yield return new(prefix + "Sha256Rsa15", "SHA-256", sha256, content, [Rsa15], keySize, derived, 1024, 4096);
            }

            foreach (var (prefix, content, keySize) in GcmCiphers)
            {
                var derived = Math.Min(keySize, 24);
                yield return new(prefix, "SHA-1", sha1, content, [OaepMgf1p, Oaep], keySize, derived, 2048, 8192);
                yield return new(prefix + "Rsa15", "SHA-1", sha1, content, [Rsa15], keySize, derived, 2048, 8192);
                yield return new(prefix + "Sha256Rsa15", "SHA-256", sha256, content, [Rsa15], keySize, derived, 2048, 8192);
                foreach (var bits in new[] { 256, 384, 512 })
                {
                    yield return new(
                        $"{prefix}Sha{bits}",
                        $"SHA-{bits}",
                        [$"RsaSha{bits}", $"EcdsaSha{bits}", $"HmacSha{bits}"],
                        content,
                        [OaepMgf1p, Oaep],
                        keySize,
                        keySize,
                        2048,
                        8192);
                }
            }
        }
    }

    [Test]
    public void All_IsEveryPublicSuite_EachUnderItsName()
    {
        var properties = typeof(AlgorithmSuite).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(AlgorithmSuite))
            .ToArray();

        Assert.That(properties.Select(property => property.Name), Is.EquivalentTo(Names));
        foreach (var property in properties)
        {
            Assert.That(property.GetValue(null), Has.Property(nameof(AlgorithmSuite.Name)).EqualTo(property.Name));
        }

        Assert.That(Names, Is.EquivalentTo(ExpectedSuites.Select(expected => expected.Name)));
    }

    [TestCaseSource(nameof(Names))]
    public void Parse_NameInAnyCase_FindsTheSuite(string name)
    {
        Assert.That(AlgorithmSuite.Parse(name).Name, Is.EqualTo(name));
        Assert.That(AlgorithmSuite.Parse(name.ToUpperInvariant()).Name, Is.EqualTo(name));
        Assert.That(AlgorithmSuite.TryParse(name.ToLowerInvariant(), out var suite), Is.True);
        Assert.That(suite!.ToString(), Is.EqualTo(name));
    }

    [TestCase("")]
    [TestCase("Basic512")]
    [TestCase(" Basic256")]
    [TestCase("Default")]
    public void Parse_UnknownName_SaysWhichThereAre(string name)
    {
        Assert.That(() => AlgorithmSuite.Parse(name), Throws.ArgumentException.With.Message.Contains("Basic256GCMSha256"));
        Assert.That(AlgorithmSuite.TryParse(name, out var suite), Is.False);
        Assert.That(suite, Is.Null);
    }

    [Test]
    public void Parse_Null_IsTheCallersMistake()
    {
        Assert.That(() => AlgorithmSuite.Parse(null!), Throws.ArgumentNullException);
        Assert.That(AlgorithmSuite.TryParse(null, out _), Is.False);
    }

    [TestCaseSource(nameof(ExpectedSuites))]
    public void Suite_AllowsExactlyItsAlgorithms(Expected expected)
    {
        var suite = AlgorithmSuite.Parse(expected.Name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Allowed(AlgorithmRegistry.Digests, one => suite.FindDigest(one.Uri), SecurityFailure.DigestAlgorithmNotAllowed)
                    .Select(one => one.Name),
                Is.EqualTo(new[] { expected.Digest }));
            Assert.That(
                Allowed(AlgorithmRegistry.Signatures, one => suite.FindSignature(one.Uri), SecurityFailure.SignatureAlgorithmNotAllowed)
                    .Select(one => one.Name.ToString()),
                Is.EqualTo(expected.Signatures));
            Assert.That(
                Allowed(
                    AlgorithmRegistry.ContentEncryptions,
                    one => suite.FindContentEncryption(one.Uri),
                    SecurityFailure.EncryptionAlgorithmNotAllowed)
                    .Select(one => one.Uri),
                Is.EqualTo(new[] { expected.Content }));
            Assert.That(
                Allowed(
                    AlgorithmRegistry.KeyTransports,
                    one => suite.FindKeyTransport(one.Uri).Algorithm,
                    SecurityFailure.KeyTransportAlgorithmNotAllowed)
                    .Select(one => one.Uri),
                Is.EqualTo(expected.KeyTransports));
            Assert.That(
                Allowed(AlgorithmRegistry.KeyWraps, one => suite.FindKeyWrap(one.Uri), SecurityFailure.KeyTransportAlgorithmNotAllowed)
                    .Select(one => one.Uri[(one.Uri.IndexOf('#', StringComparison.Ordinal) + 1)..]),
                Is.EqualTo(new[] { expected.Name.StartsWith("TripleDes", StringComparison.Ordinal) ? "kw-tripledes" : $"kw-aes{expected.KeySize * 8}" }));
            Assert.That(suite.AgreesKeys, Is.EqualTo(expected.Signatures.Any(name => name.StartsWith("Ecdsa", StringComparison.Ordinal))));
        }
    }

    [TestCaseSource(nameof(ExpectedSuites))]
    public void Suite_WritesWhatItAllows(Expected expected)
    {
        var suite = AlgorithmSuite.Parse(expected.Name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(suite.FindDigest(suite.Digest.Uri), Is.SameAs(suite.Digest));
            Assert.That(suite.FindContentEncryption(suite.ContentEncryption.Uri), Is.SameAs(suite.ContentEncryption));
            Assert.That(suite.FindKeyTransport(suite.KeyTransport.Algorithm.Uri).Algorithm, Is.SameAs(suite.KeyTransport.Algorithm));
            Assert.That(suite.KeyTransport.Parameters, Is.SameAs(OaepParameters.Default));
            Assert.That(suite.KeyTransport.Algorithm.Uri, Is.EqualTo(expected.KeyTransports[0]));
            Assert.That(suite.ContentEncryption.KeySize, Is.EqualTo(expected.KeySize));
            Assert.That(suite.EncryptionDerivedKeyLength, Is.EqualTo(expected.KeySize));
            Assert.That(suite.SignatureDerivedKeyLength, Is.EqualTo(expected.SignatureDerivedKeyLength));
            Assert.That(suite.MinSymmetricKeyLength, Is.EqualTo(expected.KeySize));
            Assert.That(suite.MaxSymmetricKeyLength, Is.EqualTo(32));
            Assert.That(suite.MinRsaKeySize, Is.EqualTo(expected.MinRsaKeySize));
            Assert.That(suite.MaxRsaKeySize, Is.EqualTo(expected.MaxRsaKeySize));
        }
    }

    [TestCase("http://www.w3.org/2001/04/xmldsig-more#rsa-md5")]
    [TestCase("http://www.w3.org/2000/09/xmldsig#dsa-sha1")]
    [TestCase("http://www.w3.org/2001/04/XMLDSIG-MORE#RSA-SHA256")]
    [TestCase("")]
    public void FindSignature_InNoSuite_IsRefusedEverywhere(string uri)
    {
        foreach (var suite in All)
        {
            Assert.That(
                () => suite.FindSignature(uri, Enum.GetValues<SignatureAlgorithmName>()),
                Refuses(SecurityFailure.SignatureAlgorithmNotAllowed).And.Message.Contains($"\"{uri}\"").And.Message.Contains(suite.Name));
        }
    }

    [Test]
    public void FindSignature_ListedByThePolicy_IsAllowed([Values] SignatureAlgorithmName name)
    {
        var uri = AlgorithmRegistry.Signatures.Single(algorithm => algorithm.Name == name).Uri;

        foreach (var suite in All)
        {
            Assert.That(suite.FindSignature(uri, [name]).Name, Is.EqualTo(name));
        }
    }

    [Test]
    public void FindSignature_AnotherListedByThePolicy_IsRefused() =>
        Assert.That(
            () => AlgorithmSuite.Basic256GCMSha256.FindSignature(SignatureAlgorithm.RsaSha1.Uri, [SignatureAlgorithmName.RsaPssSha256]),
            Refuses(SecurityFailure.SignatureAlgorithmNotAllowed));

    [Test]
    public void Find_LongOrControlCharacters_AreNotRepeatedAsTheyAre()
    {
        var uri = "urn:x\r\nforged line of a log" + new string('a', 10_000);

        Assert.That(
            () => AlgorithmSuite.Basic256GCMSha256.FindDigest(uri),
            Refuses(SecurityFailure.DigestAlgorithmNotAllowed).And.Message.Length.LessThan(300).And.Message.Not.Contains("\n"));
    }

    [Test]
    public void FindKeyTransport_OaepDigests_AreSha1AndTheSuites(
        [Values("SHA-1", "SHA-256", "SHA-384", "SHA-512")] string name, [Values(OaepMgf1p, Oaep)] string uri)
    {
        var digest = AlgorithmRegistry.Digests.Single(algorithm => algorithm.Name == name);
        var suite = AlgorithmSuite.Basic256GCMSha384;

        if (name is "SHA-1" or "SHA-384")
        {
            Assert.That(suite.FindKeyTransport(uri, digest.Uri).Parameters.Digest, Is.SameAs(digest));
        }
        else
        {
            Assert.That(
                () => suite.FindKeyTransport(uri, digest.Uri),
                Refuses(SecurityFailure.KeyTransportAlgorithmNotAllowed).And.Message.Contains(digest.Uri));
        }
    }

    [Test]
    public void FindKeyTransport_MaskGeneration_IsSha1OrTheSuitesBesideTheNewerSpellingOnly(
        [ValueSource(typeof(AlgorithmRegistry), nameof(AlgorithmRegistry.MaskGenerationFunctions))] MaskGenerationFunction mask,
        [Values(OaepMgf1p, Oaep)] string uri)
    {
        var suite = AlgorithmSuite.Basic128GCMSha256;

        if (mask == MaskGenerationFunction.Sha1 || (mask == MaskGenerationFunction.Sha256 && uri == Oaep))
        {
            Assert.That(suite.FindKeyTransport(uri, null, mask.Uri).Parameters.MaskGeneration, Is.SameAs(mask));
        }
        else
        {
            Assert.That(
                () => suite.FindKeyTransport(uri, null, mask.Uri),
                Refuses(SecurityFailure.KeyTransportAlgorithmNotAllowed).And.Message.Contains(mask.Uri));
        }
    }

    [Test]
    public void FindKeyTransport_NothingSaid_MeansSha1ForBoth()
    {
        var method = AlgorithmSuite.Basic256GCMSha512.FindKeyTransport(Oaep);

        Assert.That(method.Parameters.Digest, Is.SameAs(DigestAlgorithm.Sha1));
        Assert.That(method.Parameters.MaskGeneration, Is.SameAs(MaskGenerationFunction.Sha1));
        Assert.That(method.Parameters.Label.IsEmpty, Is.True);
    }

    [Test]
    public void FindKeyTransport_Label_IsKept()
    {
        var label = "dummy123"u8.ToArray();

        Assert.That(AlgorithmSuite.Basic256.FindKeyTransport(OaepMgf1p, null, null, label).Parameters.Label.ToArray(), Is.EqualTo(label));
    }

    [Test]
    public void FindKeyTransport_Rsa15WithChildren_IgnoresThem()
    {
        var method = AlgorithmSuite.Basic256Rsa15.FindKeyTransport(Rsa15, "urn:any", "urn:any", "x"u8.ToArray());

        Assert.That(method, Is.EqualTo(new KeyTransportMethod(KeyTransportAlgorithm.RsaPkcs1, OaepParameters.Default)));
    }

    [Test]
    public void SignatureFor_EachKindOfKey_IsTheSuites()
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var suite = AlgorithmSuite.Basic256GCMSha384;

        Assert.That(suite.SignatureFor(new RsaSignatureKey(rsa)), Is.SameAs(SignatureAlgorithm.RsaSha384));
        Assert.That(suite.SignatureFor(new EcdsaSignatureKey(ecdsa)), Is.SameAs(SignatureAlgorithm.EcdsaSha384));
        Assert.That(suite.SignatureFor(new HmacSignatureKey(new byte[32])), Is.SameAs(SignatureAlgorithm.HmacSha384));
    }

    [Test]
    public void SignatureFor_FurtherAlgorithms_ComeBeforeTheSuitesOwn()
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SignatureAlgorithmName[] further =
            [SignatureAlgorithmName.RsaPssSha512, SignatureAlgorithmName.EcdsaSha512, SignatureAlgorithmName.EcdsaSha256];

        Assert.That(AlgorithmSuite.Basic256.SignatureFor(new EcdsaSignatureKey(ecdsa), further), Is.SameAs(SignatureAlgorithm.EcdsaSha512));
        Assert.That(AlgorithmSuite.Basic256.SignatureFor(new RsaSignatureKey(rsa), further), Is.SameAs(SignatureAlgorithm.RsaPssSha512));
        Assert.That(
            () => AlgorithmSuite.Basic256.SignatureFor(new EcdsaSignatureKey(ecdsa)),
            Throws.InvalidOperationException.With.Message.Contains("Basic256").And.Message.Contains("SignatureAlgorithms"));
    }

    [TestCaseSource(nameof(All))]
    public void RequireRsaKeyLength_OutsideOfTheBounds_FailsWithKeyTooWeak(AlgorithmSuite suite)
    {
        Assert.That(() => suite.RequireRsaKeyLength(suite.MinRsaKeySize), Throws.Nothing);
        Assert.That(() => suite.RequireRsaKeyLength(suite.MaxRsaKeySize), Throws.Nothing);
        Assert.That(() => suite.RequireRsaKeyLength(suite.MinRsaKeySize - 1), Refuses(SecurityFailure.KeyTooWeak));
        Assert.That(() => suite.RequireRsaKeyLength(suite.MaxRsaKeySize + 1), Refuses(SecurityFailure.KeyTooWeak));
    }

    [TestCaseSource(nameof(All))]
    public void RequireSymmetricKeyLength_OutsideOfTheBounds_FailsWithKeyTooWeak(AlgorithmSuite suite)
    {
        Assert.That(() => suite.RequireSymmetricKeyLength(suite.MinSymmetricKeyLength), Throws.Nothing);
        Assert.That(() => suite.RequireSymmetricKeyLength(suite.MaxSymmetricKeyLength), Throws.Nothing);
        Assert.That(() => suite.RequireSymmetricKeyLength(suite.MinSymmetricKeyLength - 1), Refuses(SecurityFailure.KeyTooWeak));
        Assert.That(() => suite.RequireSymmetricKeyLength(suite.MaxSymmetricKeyLength + 1), Refuses(SecurityFailure.KeyTooWeak));
    }

    [TestCaseSource(nameof(All))]
    public void RequireKeyLength_HmacKeyTooShort_FailsWithKeyTooWeak(AlgorithmSuite suite)
    {
        var length = suite.SignatureDerivedKeyLength;

        Assert.That(() => suite.RequireKeyLength(new HmacSignatureKey(new byte[length])), Throws.Nothing);
        Assert.That(() => suite.RequireKeyLength(new HmacSignatureKey(new byte[length - 1])), Refuses(SecurityFailure.KeyTooWeak));
    }

    [Test]
    public void RequireKeyLength_Rsa1024_IsForWsSecurityPolicysOwnSuitesOnly()
    {
        using var rsa = RSA.Create(1024);
        var key = new RsaSignatureKey(rsa);

        Assert.That(() => AlgorithmSuite.Basic256Rsa15.RequireKeyLength(key), Throws.Nothing);
        Assert.That(() => AlgorithmSuite.Basic256GCM.RequireKeyLength(key), Refuses(SecurityFailure.KeyTooWeak));
        Assert.That(
            () => AlgorithmSuite.Basic256GCMSha256.RequireKeyLength(key),
            Refuses(SecurityFailure.KeyTooWeak).And.Message.Contains("1024").And.Message.Contains("2048"));
    }

    [Test]
    public void RequireKeyLength_EcdsaBelow256Bits_FailsWithKeyTooWeak()
    {
        using var weak = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp224r1"));
        using var strong = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var suite = AlgorithmSuite.Basic256GCMSha256;

        Assert.That(() => suite.RequireKeyLength(new EcdsaSignatureKey(weak)), Refuses(SecurityFailure.KeyTooWeak));
        Assert.That(() => suite.RequireKeyLength(new EcdsaSignatureKey(strong)), Throws.Nothing);
    }

    [TestCaseSource(nameof(All))]
    public void UsesWeakAlgorithms_IsFalseForOursAlone(AlgorithmSuite suite)
    {
        var isOurs = GcmCiphers.Any(cipher => new[] { "Sha256", "Sha384", "Sha512" }.Any(digest => suite.Name == cipher.Prefix + digest));

        Assert.That(suite.UsesWeakAlgorithms, Is.EqualTo(!isOurs));
        Assert.That(suite.Weaknesses, isOurs ? Is.Empty : Is.Not.Empty);
    }

    [TestCase("Basic256", "SHA-1", "CBC", "1024")]
    [TestCase("Basic256Rsa15", "SHA-1", "RSA 1.5", "CBC", "1024")]
    [TestCase("Basic256Sha256", "CBC", "1024")]
    [TestCase("TripleDesSha256Rsa15", "RSA 1.5", "CBC", "64 bits", "1024")]
    [TestCase("Basic256GCM", "SHA-1")]
    [TestCase("Basic128GCMSha256Rsa15", "RSA 1.5")]
    public void Weaknesses_NameEachReason(string name, params string[] reasons)
    {
        var weaknesses = AlgorithmSuite.Parse(name).Weaknesses;

        Assert.That(weaknesses, Has.Count.EqualTo(reasons.Length));
        foreach (var reason in reasons)
        {
            Assert.That(weaknesses, Has.Some.Contains(reason));
        }
    }

    private static EqualConstraint<SecurityFailure> Refuses(SecurityFailure failure) =>
        Throws.TypeOf<WsSecurityException>().With.Property(nameof(WsSecurityException.Failure)).EqualTo(failure);

    /// <summary>Those of all algorithms that the suite finds; every other must be refused for this reason.</summary>
    private static List<T> Allowed<T>(IEnumerable<T> all, Func<T, T> find, SecurityFailure failure)
        where T : class
    {
        var allowed = new List<T>();
        foreach (var algorithm in all)
        {
            try
            {
                Assert.That(find(algorithm), Is.SameAs(algorithm));
                allowed.Add(algorithm);
            }
            catch (WsSecurityException exception)
            {
                Assert.That(exception.Failure, Is.EqualTo(failure));
            }
        }

        return allowed;
    }

    internal sealed record Expected(
        string Name,
        string Digest,
        string[] Signatures,
        string Content,
        string[] KeyTransports,
        int KeySize,
        int SignatureDerivedKeyLength,
        int MinRsaKeySize,
        int MaxRsaKeySize)
    {
        public override string ToString() => Name;
    }
}
