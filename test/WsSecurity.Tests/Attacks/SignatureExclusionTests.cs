using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>Signature exclusion and signer combination: a message is accepted although the one who should have signed did not, or not all of it.</summary>
public sealed class SignatureExclusionTests
{
    private static IEnumerable<TestCaseData> InEveryOrder => Presets.InEveryOrder();

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyRequest_WithoutItsSignatures_Refuses(string preset, MessageProtectionOrder order)
    {
        var parties = Presets.Parties(preset, order);
        var changed = Wire.Change(parties.Protect(headers: Presets.Headers), message =>
        {
            // Encrypted signatures go with whatever names them.
            var hidden = message.Security.Elements(Wire.Xenc + "EncryptedData").ToList();
            message.Envelope.Descendants(Wire.Xenc + "DataReference")
                .Where(reference => hidden.Exists(data => "#" + Wire.Id(data) == (string?)reference.Attribute("URI"))).ToList().ForEach(reference => reference.Remove());
            hidden.ForEach(data => data.Remove());
            message.Security.Elements(Wire.Ds + "Signature").ToList().ForEach(signature => signature.Remove());
        });
        var failure = Assert.Throws<WsSecurityException>(() => parties.Verify(changed))!.Failure;
        Assert.That(failure, Is.AnyOf(SecurityFailure.SignatureMissing, SecurityFailure.SecurityTokenMissing, SecurityFailure.PasswordKeyNotProven));
    }

    [TestCaseSource(nameof(InEveryOrder))]
    public void VerifyRequest_WithoutItsSecurityHeader_Refuses(string preset, MessageProtectionOrder order)
    {
        var parties = Presets.Parties(preset, order);
        var wire = parties.Protect(headers: Presets.Headers);
        Assert.That(() => parties.Verify(Wire.Change(wire, message => message.Security.Remove())), Refused.With(SecurityFailure.SecurityHeaderMissing));
        Assert.That(() => parties.Verify(TestParties.Envelope(TestParties.Body11)), Refused.With(SecurityFailure.SecurityHeaderMissing));
    }

    [TestCase("urn:other")]
    [TestCase("http://schemas.xmlsoap.org/soap/actor/next")]
    public void VerifyRequest_SecurityHeaderForAnotherActor_Refuses(string actor)
    {
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(), message => message.Security.SetAttributeValue(message.Soap + "actor", actor));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.SecurityHeaderMissing));
    }

    [Test]
    public void VerifyRequest_SignedHeaderGivenToAnotherActor_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(headers: Presets.Headers), message => message.Find(Wire.Wsa + "To").SetAttributeValue(message.Soap + "actor", "urn:other"));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.DigestMismatch));
    }

    [Test]
    public void VerifyRequest_WithoutOneReference_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect(headers: Presets.Headers);
        var count = Wire.Of(wire).Signature.Descendants(Wire.Ds + "Reference").Count();
        for (var i = 0; i < count; i++)
        {
            var changed = Wire.Change(wire, message => message.Signature.Descendants(Wire.Ds + "Reference").ElementAt(i).Remove());
            Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.SignatureInvalid));
        }
    }

    [Test]
    public void VerifyRequest_TwoSignersEachOfHalf_Refuses()
    {
        // Both are trusted, and together they cover everything.
        var parties = Presets.Parties("CertificateSignature");
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client) + Forgery.Token(TestKeys.EcClient, "other"));
        var once = System.Text.Encoding.UTF8.GetString(Forgery.Sign(envelope, TestKeys.Client, ["body"]));
        Assert.That(() => parties.Verify(Forgery.Sign(once, TestKeys.EcClient, ["time"], tokenId: "other")), Refused.With(SecurityFailure.SignedPartMissing));
        using var request = parties.Verify(Forgery.Sign(once, TestKeys.EcClient, ["time", "body"], tokenId: "other"));
        Assert.That(request.Message.Evidence.Tokens.Select(token => token.Name), Is.EqualTo(new[] { TestKeys.EcClient.Subject }));
    }

    [Test]
    public void VerifyRequest_OneSignerTwiceEachOfHalf_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client));
        var once = System.Text.Encoding.UTF8.GetString(Forgery.Sign(envelope, TestKeys.Client, ["body"]));
        Assert.That(() => parties.Verify(Forgery.Sign(once, TestKeys.Client, ["time"])), Refused.With(SecurityFailure.SignedPartMissing));
    }

    [Test]
    public void VerifyRequest_EndorsementOfAnotherSignature_Refuses()
    {
        // The client's certificate signs something, but not the signature that covers the message.
        var parties = Presets.Parties("MutualCertificateUnderived", MessageProtectionOrder.SignBeforeEncrypt);
        byte[] secret = [.. Enumerable.Repeat((byte)7, 32)];
        var key = Forgery.EncryptedKey(secret, TestKeys.Service, references: ["data"]);
        var plain = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + key.Xml + Forgery.Token(TestKeys.Client));
        var signed = System.Text.Encoding.UTF8.GetString(Forgery.Sign(plain, secret, ["time", "body"]));
        var endorsed = System.Text.Encoding.UTF8.GetString(Forgery.Sign(signed, TestKeys.Client, ["time", "body"]));
        var encrypted = endorsed.Replace(TestParties.Body11, Forgery.EncryptedData(secret, TestParties.Body11), StringComparison.Ordinal);
        Assert.That(() => parties.Verify(System.Text.Encoding.UTF8.GetBytes(encrypted)), Refused.With(SecurityFailure.SignatureMissing));
    }

    [Test]
    public void VerifyRequest_EndorsementStripped_Refuses()
    {
        var parties = Presets.Parties("MutualCertificateUnderived", MessageProtectionOrder.SignBeforeEncrypt);
        var changed = Wire.Change(parties.Protect(), message => message.Security.Elements(Wire.Ds + "Signature").Last().Remove());
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.SignatureMissing));
    }

    [Test]
    public void VerifyRequest_SignatureOfAStrangerBesideTheRightOne_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client) + Forgery.Token(TestKeys.Stranger, "other"));
        var once = System.Text.Encoding.UTF8.GetString(Forgery.Sign(envelope, TestKeys.Client, ["time", "body"]));
        Assert.That(() => parties.Verify(Forgery.Sign(once, TestKeys.Stranger, ["body"], tokenId: "other")), Refused.With(SecurityFailure.CertificateNotTrusted));
    }
}
