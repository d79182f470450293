using System.Text;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Exchanges;

/// <summary>Every bound of <see cref="ProcessingLimits"/>: what reaches it passes, one more is refused.</summary>
public sealed class LimitsTests
{
    private static readonly byte[] Secret = [.. Enumerable.Repeat((byte)5, 32)];

    private static readonly SecurityPolicy Anonymous = SecurityPolicy.AnonymousForCertificate with
    {
        RequireDerivedKeys = false,
        MessageProtectionOrder = MessageProtectionOrder.SignBeforeEncrypt,
        EncryptedParts = MessageParts.None,
    };

    [Test]
    public void MaxMessageSize_AtAndBeyond()
    {
        var wire = Presets.Parties("CertificateSignature").Protect();
        AtAndBeyond(SecurityPolicy.CertificateSignature, wire, wire.Length, limit => new ProcessingLimits { MaxMessageSize = limit }, SecurityFailure.MessageTooLarge);
    }

    [Test]
    public void MaxDepth_AtAndBeyond() => AtAndBeyond(
        SecurityPolicy.CertificateSignature,
        Presets.Parties("CertificateSignature").Protect(string.Concat(Enumerable.Repeat("<x>", 20)) + string.Concat(Enumerable.Repeat("</x>", 20))),
        22,
        limit => new ProcessingLimits { MaxDepth = limit },
        SecurityFailure.NestingTooDeep);

    [Test]
    public void MaxElements_AtAndBeyond()
    {
        var wire = Presets.Parties("CertificateSignature").Protect();
        AtAndBeyond(
            SecurityPolicy.CertificateSignature, wire, Wire.Of(wire).Envelope.DescendantsAndSelf().Count(), limit => new ProcessingLimits { MaxElements = limit }, SecurityFailure.TooManyElements);
    }

    [Test]
    public void MaxAttributes_AtAndBeyond() => AtAndBeyond(
        SecurityPolicy.CertificateSignature,
        Presets.Parties("CertificateSignature").Protect($"<x {string.Join(' ', Enumerable.Range(0, 20).Select(i => $"a{i}=\"\""))}/>"),
        20,
        limit => new ProcessingLimits { MaxAttributes = limit },
        SecurityFailure.TooManyAttributes);

    [Test]
    public void MaxNameLength_AtAndBeyond() => AtAndBeyond(
        SecurityPolicy.CertificateSignature,
        Presets.Parties("CertificateSignature").Protect($"<{new string('x', 100)}/>"),
        100,
        limit => new ProcessingLimits { MaxNameLength = limit },
        SecurityFailure.NameTooLong);

    [Test]
    public void MaxNamespaces_SomewhereAtItsBound()
    {
        var wire = Presets.Parties("CertificateSignature").Protect(string.Concat(Enumerable.Range(0, 50).Select(i => $"<x xmlns=\"urn:{i}\"/>")));
        var least = Enumerable.Range(50, 30).First(limit => Accepts(SecurityPolicy.CertificateSignature with { Limits = new ProcessingLimits { MaxNamespaces = limit } }, wire));
        AtAndBeyond(SecurityPolicy.CertificateSignature, wire, least, limit => new ProcessingLimits { MaxNamespaces = limit }, SecurityFailure.TooManyNamespaces);
    }

    [Test]
    public void MaxSecurityHeaderSize_AtAndBeyond()
    {
        var wire = Presets.Parties("CertificateSignature").Protect();
        var text = Encoding.UTF8.GetString(wire);
        var size = text.IndexOf("</wsse:Security>", StringComparison.Ordinal) + "</wsse:Security>".Length - text.IndexOf("<wsse:Security ", StringComparison.Ordinal);
        AtAndBeyond(SecurityPolicy.CertificateSignature, wire, size, limit => new ProcessingLimits { MaxSecurityHeaderSize = limit }, SecurityFailure.TooManySecurityElements);
    }

    [Test]
    public void MaxReferences_AtAndBeyond()
    {
        var wire = Presets.Parties("CertificateSignature").Protect(headers: Presets.Headers);
        AtAndBeyond(
            SecurityPolicy.CertificateSignature,
            wire,
            Wire.Of(wire).Signature.Descendants(Wire.Ds + "Reference").Count(),
            limit => new ProcessingLimits { MaxReferences = limit },
            SecurityFailure.TooManySecurityElements);
    }

    [Test]
    public void MaxTransforms_Zero_Refuses() => Assert.That(
        Accepts(SecurityPolicy.CertificateSignature with { Limits = new ProcessingLimits { MaxTransforms = 0 } }, Presets.Parties("CertificateSignature").Protect()), Is.False);

    [Test]
    public void MaxSignatures_AtAndBeyond()
    {
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client));
        for (var i = 0; i < 3; i++)
        {
            envelope = Encoding.UTF8.GetString(Forgery.Sign(envelope, TestKeys.Client, ["time", "body"]));
        }

        AtAndBeyond(SecurityPolicy.CertificateSignature, Encoding.UTF8.GetBytes(envelope), 3, limit => new ProcessingLimits { MaxSignatures = limit }, SecurityFailure.TooManySecurityElements);
    }

    [Test]
    public void MaxTokens_AtAndBeyond()
    {
        var tokens = Forgery.Token(TestKeys.Client) + Forgery.Token(TestKeys.EcClient, "second") + Forgery.Token(TestKeys.Stranger, "third");
        var wire = Forgery.Sign(Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + tokens), TestKeys.Client, ["time", "body"]);
        AtAndBeyond(SecurityPolicy.CertificateSignature, wire, 3, limit => new ProcessingLimits { MaxTokens = limit }, SecurityFailure.TooManySecurityElements);
    }

    [Test]
    public void MaxEncryptedKeys_AtAndBeyond()
    {
        var keys = string.Concat(Enumerable.Range(0, 3).Select(i => Forgery.EncryptedKey(Secret, TestKeys.Service, i == 0 ? "key" : $"key{i}").Xml));
        var wire = Forgery.Sign(Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + keys), Secret, ["time", "body"]);
        AtAndBeyond(Anonymous, wire, 3, limit => new ProcessingLimits { MaxEncryptedKeys = limit }, SecurityFailure.TooManySecurityElements);
    }

    [Test]
    public void MaxEncryptedParts_AtAndBeyond()
    {
        // In two lists, of which neither is beyond the bound.
        var plain = string.Concat(Enumerable.Range(0, 4).Select(i => $"<x n=\"{i}\"></x>"));
        var envelope = Forgery.Envelope(
            Forgery.Timestamp(TestKeys.Now) + Forgery.EncryptedKey(Secret, TestKeys.Service).Xml + Forgery.ReferenceList("d0", "d1") + Forgery.ReferenceList("d2", "d3"), plain);
        var wire = Encoding.UTF8.GetString(Forgery.Sign(envelope, Secret, ["time", "body"]));
        for (var i = 0; i < 4; i++)
        {
            wire = wire.Replace($"<x n=\"{i}\"></x>", Forgery.EncryptedData(Secret, $"<x n=\"{i}\"></x>", $"d{i}", contentOnly: false), StringComparison.Ordinal);
        }

        AtAndBeyond(Anonymous, Encoding.UTF8.GetBytes(wire), 4, limit => new ProcessingLimits { MaxEncryptedParts = limit }, SecurityFailure.TooManySecurityElements);
    }

    [Test]
    public void MaxMessageSize_OfThePlaintext_IsBoundedToo()
    {
        // Base64 and the frame of an EncryptedData make the wire larger than the plaintext, so many small parts hide nothing: the bound
        // is on both.
        var parties = Presets.Parties("AnonymousUnderived");
        var wire = parties.Protect(new string('x', 1000));
        parties.ServicePolicy = parties.ServicePolicy with { Limits = new ProcessingLimits { MaxMessageSize = wire.Length } };
        Assert.That(() => parties.Verify(wire), Throws.Nothing);
    }

    [Test]
    public void SameContentUnderManySignatures_IsNotHashedWithoutEnd()
    {
        var depth = 60;
        var body = string.Concat(Enumerable.Range(0, depth).Select(i => $"<x xmlns:u=\"{Wire.Wsu.NamespaceName}\" u:Id=\"n{i}\">")) + new string('y', 100_000) + string.Concat(Enumerable.Repeat("</x>", depth));
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client), body);
        var wire = Forgery.Sign(envelope, TestKeys.Client, ["time", "body", .. Enumerable.Range(0, depth).Select(i => $"n{i}")]);
        Assert.That(() => Presets.Parties("CertificateSignature").Verify(wire), Refused.With(SecurityFailure.TooManySecurityElements));
    }

    [TestCase(20, 0, true)]
    [TestCase(20, 4_000_000, false)]
    [TestCase(6, 4_000_000, true)]
    public void PartsDecryptedOneByOne_OfALargeMessage_AreNotRewrittenWithoutEnd(int count, int size, bool accepted)
    {
        var parts = string.Concat(Enumerable.Range(0, count).Select(i =>
            Forgery.EncryptedData(Secret, $"<w:SecurityTokenReference xmlns:w=\"{Wire.Wsse.NamespaceName}\"/>", $"d{i}", contentOnly: false)));
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.EncryptedKey(Secret, TestKeys.Service).Xml + parts, $"<x>{new string('y', size)}</x>");
        Assert.That(
            () => Presets.Parties(Anonymous).Verify(Forgery.Sign(envelope, Secret, ["time", "body"])),
            accepted ? Throws.Nothing : Refused.With(SecurityFailure.TooManySecurityElements));
    }

    private static void AtAndBeyond(SecurityPolicy policy, byte[] wire, int bound, Func<int, ProcessingLimits> limits, SecurityFailure failure)
    {
        Assert.That(() => Presets.Parties(policy with { Limits = limits(bound) }).Verify(wire), Throws.Nothing);
        Assert.That(() => Presets.Parties(policy with { Limits = limits(bound - 1) }).Verify(wire), Refused.With(failure));
    }

    private static bool Accepts(SecurityPolicy policy, byte[] wire)
    {
        try
        {
            Presets.Parties(policy).Verify(wire).Dispose();
            return true;
        }
        catch (WsSecurityException)
        {
            return false;
        }
    }
}
