using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Exchanges;

namespace WsSecurity.Tests.Attacks;

/// <summary>Timestamps that nobody signed, that are there twice, or that a peer wants to live longer than we grant.</summary>
public sealed class TimestampTests
{
    [Test]
    public void VerifyRequest_TimestampExchangedForAFreshOne_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect();
        parties.Time.Advance(TimeSpan.FromHours(1));
        var fresh = Wire.Change(wire, message => message.Find(Wire.Wsu + "Timestamp").ReplaceWith(XElement.Parse(Forgery.Timestamp(TestKeys.Now.AddHours(1)))));
        Assert.That(() => parties.Verify(fresh), Refused.With(SecurityFailure.UnresolvedReference));
        var edited = Wire.Change(wire, message =>
        {
            message.Find(Wire.Wsu + "Created").Value = "2026-06-01T13:00:00Z";
            message.Find(Wire.Wsu + "Expires").Value = "2026-06-01T13:05:00Z";
        });
        Assert.That(() => parties.Verify(edited), Refused.With(SecurityFailure.DigestMismatch));
    }

    [Test]
    public void VerifyRequest_TimestampUnsigned_RefusesUnlessTolerated()
    {
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client));
        var wire = Forgery.Sign(envelope, TestKeys.Client, ["body"]);
        Assert.That(() => Presets.Parties("CertificateSignature").Verify(wire), Refused.With(SecurityFailure.SignedPartMissing));
        var tolerant = Presets.Parties(SecurityPolicy.CertificateSignature with { Tolerances = new Tolerances { UnsignedTimestamp = true } });
        Assert.That(() => tolerant.Verify(wire), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_UnsignedTimestampThatThePolicyDoesNotDemand_IsNotBelieved()
    {
        var wire = Forgery.Sign(Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client)), TestKeys.Client, ["body"]);
        var parties = Presets.Parties(SecurityPolicy.CertificateSignature with { IncludeTimestamp = false, DetectReplays = false });
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.SignedPartMissing));
    }

    [TestCase(4.99, null)]
    [TestCase(9.99, null)]
    [TestCase(10, SecurityFailure.MessageExpired)]
    [TestCase(60, SecurityFailure.MessageExpired)]
    [TestCase(-4.99, null)]
    [TestCase(-5, null)]
    [TestCase(-5.01, SecurityFailure.MessageNotYetValid)]
    public void VerifyRequest_AtTheBoundsOfItsLife_IsDecidedByClockSkewAndLifetime(double minutesOld, SecurityFailure? failure)
    {
        // Expires a year later: a peer cannot grant itself a longer life than we do.
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now.AddMinutes(-minutesOld), lifetime: TimeSpan.FromDays(365)) + Forgery.Token(TestKeys.Client));
        var wire = Forgery.Sign(envelope, TestKeys.Client, ["time", "body"]);
        Assert.That(() => Presets.Parties("CertificateSignature").Verify(wire), failure is { } expected ? Refused.With(expected) : Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_ExpiresBeforeOurLifetime_IsRespected()
    {
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now.AddMinutes(-7), lifetime: TimeSpan.FromMinutes(1)) + Forgery.Token(TestKeys.Client));
        Assert.That(() => Presets.Parties("CertificateSignature").Verify(Forgery.Sign(envelope, TestKeys.Client, ["time", "body"])), Refused.With(SecurityFailure.MessageExpired));
    }

    [TestCase("<u:Created>2026-06-01T12:00:00Z</u:Created>", true)]
    [TestCase("<u:Created>2026-06-01T12:00:00.123456789Z</u:Created>", true)]
    [TestCase("<u:Created> 2026-06-01T12:00:00Z\n</u:Created>", true)]
    [TestCase("", false)]
    [TestCase("<u:Expires>2026-06-01T12:00:00Z</u:Expires>", false)]
    [TestCase("<u:Expires>2026-06-01T12:05:00Z</u:Expires><u:Created>2026-06-01T12:00:00Z</u:Created>", false)]
    [TestCase("<u:Created>2026-06-01T12:00:00Z</u:Created><u:Created>2026-06-01T12:00:00Z</u:Created>", false)]
    [TestCase("<u:Created>2026-06-01T12:00:00Z</u:Created><u:Expires>2026-06-01T12:05:00Z</u:Expires><u:Expires>2026-06-01T12:05:00Z</u:Expires>", false)]
    [TestCase("<u:Created>2026-06-01T12:00:00Z</u:Created><u:Expires>2026-06-01T11:59:59Z</u:Expires>", false)]
    [TestCase("<u:Created>2026-06-01T12:00:00+00:00</u:Created>", false)]
    [TestCase("<u:Created>2026-06-01T12:00:00</u:Created>", false)]
    [TestCase("<u:Created>2026-06-01T12:00:60Z</u:Created>", false)]
    [TestCase("<u:Created>2026-06-01T12:00:00.Z</u:Created>", false)]
    [TestCase("<u:Created>2026-6-1T12:00:00Z</u:Created>", false)]
    [TestCase("<u:Created>12026-06-01T12:00:00Z</u:Created>", false)]
    [TestCase("<u:Created ValueType=\"xsd:dateTime\">2026-06-01T12:00:00Z</u:Created>", false)]
    [TestCase("<u:Created>2026-06-01T12:00:00Z<x/></u:Created>", false)]
    [TestCase("<u:Created>2026-06-01T12:00:00Z</u:Created><other/>", false)]
    public void VerifyRequest_TimestampOfAnyShape_AcceptsWhatTheProfileAllows(string content, bool allowed)
    {
        var time = $"<u:Timestamp xmlns:u=\"{Wire.Wsu.NamespaceName}\" u:Id=\"time\">{content}</u:Timestamp>";
        var wire = Forgery.Sign(Forgery.Envelope(time + Forgery.Token(TestKeys.Client)), TestKeys.Client, ["time", "body"]);
        Assert.That(() => Presets.Parties("CertificateSignature").Verify(wire), allowed ? Throws.Nothing : Refused.With(SecurityFailure.InvalidTimestamp));
    }

    [Test]
    public void VerifyRequest_SecondTimestamp_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(), message => message.Security.AddFirst(new XElement(message.Find(Wire.Wsu + "Timestamp")).WithoutId()));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.InvalidTimestamp));
    }

    [TestCase(SecurityHeaderLayout.LaxTimestampFirst, true)]
    [TestCase(SecurityHeaderLayout.LaxTimestampLast, false)]
    public void VerifyRequest_TimestampLayout_IsDemandedOnBothSides(SecurityHeaderLayout layout, bool accepted)
    {
        var lax = Presets.Parties("CertificateSignature").Protect();
        var parties = Presets.Parties(SecurityPolicy.CertificateSignature with { SecurityHeaderLayout = layout });
        Assert.That(() => parties.Verify(lax), accepted ? Throws.Nothing : Refused.With(SecurityFailure.HeaderLayoutViolated));
        Assert.That(() => parties.Verify(parties.Protect("<x/>")), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_StrictLayoutWithTheTokenBehind_Refuses()
    {
        var strict = Presets.Parties(SecurityPolicy.CertificateSignature with { SecurityHeaderLayout = SecurityHeaderLayout.Strict });
        var changed = Wire.Change(strict.Protect(), message =>
        {
            var token = message.Find(Wire.Wsse + "BinarySecurityToken");
            token.Remove();
            message.Security.Add(token);
        });
        Assert.That(() => strict.Verify(changed), Refused.With(SecurityFailure.HeaderLayoutViolated));
        Assert.That(() => Presets.Parties("CertificateSignature").Verify(changed), Throws.Nothing);
    }
}
