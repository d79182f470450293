using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>Replays, and what an attacker varies of a copy so that it looks new.</summary>
public sealed class ReplayTests
{
    private static IEnumerable<TestCaseData> InEveryOrder => Presets.InEveryOrder();

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyRequest_Twice_Refuses(string preset, MessageProtectionOrder order)
    {
        var parties = Presets.Parties(preset, order);
        var wire = parties.Protect(headers: Presets.Headers);
        parties.Verify(wire).Dispose();
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.MessageReplayed));
        parties.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.MessageReplayed));
    }

    [TestCase("UserNameOverTransport")]
    [TestCase("CertificateOverTransport")]
    public void VerifyRequest_TwiceOverTransport_Refuses(string preset)
    {
        var parties = Presets.Parties(preset);
        var wire = parties.Protect();
        parties.Verify(wire).Dispose();
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void VerifyRequest_EverySecondOfItsLife_IsRememberedOrExpired()
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect();
        parties.Verify(wire).Dispose();
        for (var seconds = 0; seconds < 1000; seconds += 10)
        {
            parties.Time.Advance(TimeSpan.FromSeconds(10));
            Assert.That(() => parties.Verify(wire), Throws.InstanceOf<WsSecurityException>());
        }
    }

    [Test]
    public void VerifyRequest_EcdsaValueMirrored_IsTheSameMessage()
    {
        // (r, n - s) verifies wherever (r, s) does.
        var parties = Presets.Parties("CertificateSignature");
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = TestKeys.EcClient };
        var wire = parties.Protect();
        var mirrored = Wire.Change(wire, message =>
        {
            var value = message.Find(Wire.Ds + "SignatureValue");
            var octets = Convert.FromBase64String(value.Value);
            var order = new BigInteger(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);
            var s = order - new BigInteger(octets.AsSpan(32), isUnsigned: true, isBigEndian: true);
            var other = s.ToByteArray(isUnsigned: true, isBigEndian: true);
            value.Value = Convert.ToBase64String([.. octets[..32], .. new byte[32 - other.Length], .. other]);
        });
        parties.Verify(mirrored).Dispose();
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.MessageReplayed));
        Assert.That(() => parties.Verify(mirrored), Refused.With(SecurityFailure.MessageReplayed));
    }

    private static readonly Action<Wire>[] Disguises =
    [
        message => message.Header.Add(new XElement("unsigned")),
        message => message.Header.Add(new XText("\n  ")),
        message => message.Security.AddFirst(new XText("\n  ")),
        message => message.Security.Add(new XComment("new")),
        message => message.Signature.SetAttributeValue("Id", "other"),
        message => message.Find(Wire.Ds + "SignedInfo").Add(new XComment("skipped by canonicalization")),
        message => message.Find(Wire.Ds + "SignatureValue").Value += "\n",
        message => message.Find(Wire.Ds + "DigestValue").AddFirst(new XComment("skipped by canonicalization")),
        message => message.Body.Add(new XComment("skipped by canonicalization")),
    ];

    [Test]
    public void VerifyRequest_CopyInDisguise_Refuses([Range(0, 8)] int number)
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect(headers: Presets.Headers);
        parties.Verify(wire).Dispose();
        Assert.That(() => parties.Verify(Wire.Change(wire, Disguises[number])), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void VerifyRequest_CopyUnderAnotherNameOfTheKey_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect();
        parties.Verify(wire).Dispose();
        var renamed = Wire.Change(wire, message => message.Find(Wire.Ds + "KeyInfo").ReplaceNodes(
            new XElement(Wire.Ds + "X509Data", new XElement(Wire.Ds + "X509Certificate", Convert.ToBase64String(TestKeys.Client.RawData)))));
        Assert.That(() => parties.Verify(renamed), Refused.With(SecurityFailure.MessageReplayed));
    }

    [TestCase(" ", "")]
    [TestCase("", " ")]
    [TestCase("", "\n\t")]
    public void VerifyRequest_WhiteSpaceMovedBetweenNonceAndCreated_Refuses(string endOfNonce, string startOfCreated)
    {
        // The digest runs over nonce and time without saying where one ends.
        var policy = SecurityPolicy.UserNameOverTransport with
        {
            SupportingTokens = [new SupportingToken { Kind = SupportingTokenKind.Signed, Type = SecurityTokenType.Username, PasswordType = PasswordType.Digest }],
        };
        var parties = Presets.Parties(policy);
        byte[] Token(string nonce, string created)
        {
            var digest = Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes("sixteen octets!!" + endOfNonce + startOfCreated + "2026-06-01T12:00:00Zwonderland")));
            return Wire.Change(parties.Protect(), message =>
            {
                message.Find(Wire.Wsse + "Nonce").Value = Convert.ToBase64String(Encoding.UTF8.GetBytes(nonce));
                message.Find(Wire.Wsse + "UsernameToken").Element(Wire.Wsu + "Created")!.Value = created;
                message.Find(Wire.Wsse + "Password").Value = digest;
            });
        }

        parties.Verify(Token("sixteen octets!!" + endOfNonce, startOfCreated + "2026-06-01T12:00:00Z")).Dispose();
        Assert.That(
            () => parties.Verify(Token("sixteen octets!!" + startOfCreated, endOfNonce + "2026-06-01T12:00:00Z")),
            Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void VerifyRequest_NonceUsedAgain_Refuses()
    {
        var parties = Presets.Parties("UserNameOverTransport");
        var first = parties.Protect();
        parties.Verify(first).Dispose();
        var again = Wire.Change(parties.Protect(), message => message.Find(Wire.Wsse + "Nonce").Value = Wire.Of(first).Find(Wire.Wsse + "Nonce").Value);
        Assert.That(() => parties.Verify(again), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void VerifyRequest_ReplaysAllowed_AcceptsTwice()
    {
        var parties = Presets.Parties(SecurityPolicy.CertificateSignature with { DetectReplays = false });
        var wire = parties.Protect();
        parties.Verify(wire).Dispose();
        Assert.That(() => parties.Verify(wire), Throws.Nothing);
    }

    [Test]
    public async Task Release_OfAReservedRequest_LetsItComeAgain()
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect();
        using (var request = parties.Verify(wire))
        {
            await request.ReleaseAsync();
        }

        using var again = parties.Verify(wire);
        await again.CompleteAsync();
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void VerifyRequest_RefusedForAnotherReason_IsNotRemembered()
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect();
        Assert.That(() => parties.Verify(Wire.Change(wire, message => message.Body.Elements().First().Add("x"))), Refused.With(SecurityFailure.DigestMismatch));
        Assert.That(() => parties.Verify(wire), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_CacheFailsOnTheSecondKey_LetsGoOfTheFirst()
    {
        var cache = new FailsOnce();
        var parties = Presets.Parties(SecurityPolicy.UserNameForCertificate with { RequireDerivedKeys = false });
        parties.Services = parties.Services with { ReplayCache = cache };
        var wire = parties.Protect();
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.ReplayCacheUnavailable));
        Assert.That(() => parties.Verify(wire), Throws.Nothing, "Delivered again after the cache is back.");
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.MessageReplayed));
    }

    [Test]
    public void VerifyRequest_CacheIsFull_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        parties.Services = parties.Services with { ReplayCache = new MemoryReplayCache(1, parties.Time) };
        parties.Verify(parties.Protect()).Dispose();
        Assert.That(() => parties.Verify(parties.Protect("<other/>")), Refused.With(SecurityFailure.ReplayCacheUnavailable));
        parties.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.That(() => parties.Verify(parties.Protect("<other/>")), Throws.Nothing);
    }

    /// <summary>A cache whose second call finds the server gone.</summary>
    private sealed class FailsOnce : IReplayCache
    {
        private readonly MemoryReplayCache _cache = new(timeProvider: new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestKeys.Now));
        private int _calls;

        public ValueTask<bool> TryReserveAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken) =>
            ++_calls == 2 ? throw new TimeoutException() : _cache.TryReserveAsync(key, expires, cancellationToken);

        public ValueTask CompleteAsync(string key, CancellationToken cancellationToken) => _cache.CompleteAsync(key, cancellationToken);

        public ValueTask ReleaseAsync(string key, CancellationToken cancellationToken) => _cache.ReleaseAsync(key, cancellationToken);
    }
}
