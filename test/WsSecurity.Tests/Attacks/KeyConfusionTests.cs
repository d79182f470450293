using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Algorithms;
using WsSecurity.Encryption;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Tests.Attacks;

/// <summary>
/// A key used for what it is not: a public key as the secret of an HMAC, an HMAC of a few bits (CVE-2009-0217), a secret that anybody can
/// encrypt for the service in place of a certificate, a bare key, keys that name one another.
/// </summary>
public sealed class KeyConfusionTests
{
    private static readonly byte[] Secret = [.. Enumerable.Repeat((byte)7, 32)];

    [TestCase(true)]
    [TestCase(false)]
    public void VerifyRequest_HmacUnderThePublicKey_Refuses(bool wholeCertificate)
    {
        var parties = Presets.Parties("CertificateSignature");
        var secret = wholeCertificate ? TestKeys.Client.RawData : TestKeys.Client.PublicKey.ExportSubjectPublicKeyInfo();
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(TestKeys.Client));
        var wire = Forgery.Sign(envelope, new HmacSignatureKey(secret), ["time", "body"], writer => X509TokenWriter.WriteDirectReference(writer, "token"));
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.SignatureAlgorithmNotAllowed));
    }

    [Test]
    public void VerifyRequest_RsaSignatureUnderASecret_Refuses()
    {
        var parties = Presets.Parties("AnonymousUnderived");
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.EncryptedKey(Secret, TestKeys.Service).Xml);
        var wire = Forgery.Sign(envelope, Forgery.KeyOf(TestKeys.Client), ["time", "body"], writer => EncryptionWriter.WriteKeyReference(writer, "key", []));
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.SignatureAlgorithmNotAllowed));
    }

    [Test]
    public void VerifyRequest_HmacInPlaceOfTheCertificate_AuthenticatesNobody()
    {
        var parties = Presets.Parties("CertificateSignature");
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.EncryptedKey(Secret, TestKeys.Service).Xml);
        Assert.That(() => parties.Verify(Forgery.Sign(envelope, Secret, ["time", "body"])), Refused.With(SecurityFailure.SignatureMissing));
    }

    [Test]
    public void VerifyRequest_OfNobody_HasNoAuthenticatedIdentity()
    {
        var parties = Presets.Parties("AnonymousForCertificate");
        using var request = parties.Verify(parties.Protect());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.Message.Principal.Identity!.IsAuthenticated, Is.False);
            Assert.That(request.Message.Evidence.Tokens, Is.Empty);
        }
    }

    [TestCase("1")]
    [TestCase("256")]
    public void VerifyRequest_HmacOutputLength_Refuses(string bits)
    {
        var parties = Presets.Parties("AnonymousUnderived", MessageProtectionOrder.SignBeforeEncrypt);
        var changed = Wire.Change(parties.Protect(), message => message.Find(Wire.Ds + "SignatureMethod").Add(new XElement(Wire.Ds + "HMACOutputLength", bits)));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.HmacTruncationNotAllowed));
    }

    [TestCase(1)]
    [TestCase(16)]
    [TestCase(31)]
    public void VerifyRequest_HmacCutShort_Refuses(int octets)
    {
        var parties = Presets.Parties("AnonymousUnderived", MessageProtectionOrder.SignBeforeEncrypt);
        var changed = Wire.Change(parties.Protect(), message =>
        {
            var value = message.Find(Wire.Ds + "SignatureValue");
            value.Value = Convert.ToBase64String(Convert.FromBase64String(value.Value)[..octets]);
        });
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.SignatureInvalid));
    }

    [Test]
    public void VerifyRequest_EmptySignatureValue_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(), message => message.Find(Wire.Ds + "SignatureValue").Value = string.Empty);
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.InvalidSignatureStructure));
    }

    [Test]
    public void VerifyRequest_TwoKeysInKeyInfo_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(), message =>
        {
            var info = message.Find(Wire.Ds + "KeyInfo");
            info.Add(new XElement(info.Elements().Single()));
        });
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.UnsupportedSecurityToken));
    }

    [Test]
    public void VerifyRequest_CertificateOfAnotherCaWithTheSameName_Refuses()
    {
        using var impostor = TestKeys.Issue(TestKeys.Client.Subject, TestKeys.OtherCa);
        var parties = Presets.Parties("CertificateSignature");
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Forgery.Token(impostor));
        Assert.That(() => parties.Verify(Forgery.Sign(envelope, impostor, ["time", "body"])), Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public void VerifyRequest_TokenReplacedByAnotherCertificate_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var changed = Wire.Change(parties.Protect(), message => message.Find(Wire.Wsse + "BinarySecurityToken").Value = Convert.ToBase64String(TestKeys.EcClient.RawData));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.SignatureAlgorithmNotAllowed));
    }

    [Test]
    public void VerifyRequest_EncryptedKeyThatNamesItself_RefusesAndEnds() => Ring(Forgery.EncryptedKey(Secret, TestKeys.Service).Xml, "key", "key");

    [Test]
    public void VerifyRequest_EncryptedKeysThatNameEachOther_RefusesAndEnds() =>
        Ring(Forgery.EncryptedKey(Secret, TestKeys.Service).Xml + "|" + Forgery.EncryptedKey(Secret, TestKeys.Service, "other").Xml, "other", "key");

    [TestCase("derived")]
    [TestCase("second")]
    public void VerifyRequest_DerivedKeysInARing_RefusesAndEnds(string source)
    {
        string Derived(string id, string from) =>
            $"<c:DerivedKeyToken xmlns:c=\"http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512\" xmlns:u=\"{Wire.Wsu.NamespaceName}\" u:Id=\"{id}\">"
            + $"<wsse:SecurityTokenReference><wsse:Reference URI=\"#{from}\"/></wsse:SecurityTokenReference><c:Nonce>AAAA</c:Nonce></c:DerivedKeyToken>";
        var parties = Presets.Parties("AnonymousForCertificate", MessageProtectionOrder.SignBeforeEncrypt);
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + Derived("derived", source) + Derived("second", "derived"));
        Assert.That(() => parties.Verify(Forgery.Sign(envelope, Secret, ["time", "body"], "derived")), Throws.InstanceOf<WsSecurityException>());
    }

    private static void Ring(string keys, params string[] named)
    {
        var pieces = keys.Split('|');
        var parties = Presets.Parties("AnonymousUnderived");
        var items = string.Concat(pieces.Select((piece, i) =>
            System.Text.RegularExpressions.Regex.Replace(piece, "<wsse:KeyIdentifier.*?</wsse:KeyIdentifier>", $"<wsse:Reference URI=\"#{named[i]}\"/>")));
        var envelope = Forgery.Envelope(Forgery.Timestamp(TestKeys.Now) + items);
        Assert.That(() => parties.Verify(Forgery.Sign(envelope, Secret, ["time", "body"])), Refused.With(SecurityFailure.DecryptionKeyUnavailable));
    }
}
