using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Tokens.X509;

/// <summary>Bare keys: taken only where the policy has them, and only as a name for a certificate that is known and accepted.</summary>
public sealed class KeyValueTests
{
    private static readonly SecurityPolicy Policy = SecurityPolicy.CertificateSignature with { KeyReference = KeyReference.KeyValue };

    [Test]
    public void VerifyRequest_KeyOfAPinnedCertificate_IsThatCertificate([Values] bool isElliptic)
    {
        var parties = Parties(isElliptic ? TestKeys.EcClient : TestKeys.Client);
        var wire = parties.Protect();
        Assert.That(Wire.Of(wire).Find(Wire.Ds + "KeyInfo").Elements().Single().Name, Is.EqualTo(Wire.Ds + "KeyValue"));
        using var request = parties.Verify(wire);
        Assert.That(((X509VerifiedToken)request.Message.Evidence.Tokens.Single()).TrustDomain, Is.EqualTo("pinned"));
    }

    [Test]
    public void Exchange_EncryptedForAKeyValue_BothWays()
    {
        var parties = Presets.Parties(SecurityPolicy.MutualCertificateDuplex with { KeyReference = KeyReference.KeyValue });
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum/>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));
        Assert.That(() => pending.VerifyReply(reply, parties.Context), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_DerEncodedKeyValue_IsTheSameKey()
    {
        var parties = Parties(TestKeys.Client);
        var der = new XElement(XNamespace.Get("http://www.w3.org/2009/xmldsig11#") + "DEREncodedKeyValue", Convert.ToBase64String(TestKeys.Client.PublicKey.ExportSubjectPublicKeyInfo()));
        var wire = Wire.Change(parties.Protect(), message => message.Find(Wire.Ds + "KeyInfo").ReplaceNodes(der));
        Assert.That(() => parties.Verify(wire), Throws.Nothing);
    }

    [Test]
    public void VerifyRequest_PolicyWithoutKeyValue_Refuses()
    {
        var parties = Parties(TestKeys.Client);
        parties.ServicePolicy = SecurityPolicy.CertificateSignature;
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.KeyValueNotTrusted));
    }

    [Test]
    public void VerifyRequest_KeyOfNoKnownCertificate_Refuses()
    {
        // Of a certificate of the anchor, even: nothing says so.
        var parties = Parties(TestKeys.Client);
        parties.ServiceCredentials = parties.ServiceCredentials with { TrustDomains = [new TrustDomain { Name = "tests", Anchors = [TestKeys.Ca] }] };
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.KeyValueNotTrusted));
    }

    [Test]
    public void VerifyRequest_CertificateSentBesideTheKey_DoesNotMakeItKnown()
    {
        var parties = Parties(TestKeys.Client);
        parties.ServiceCredentials = parties.ServiceCredentials with { TrustDomains = [new TrustDomain { Name = "tests", Anchors = [TestKeys.Ca] }] };
        var wire = Wire.Change(parties.Protect(), message => message.Security.AddFirst(XElement.Parse(Forgery.Token(TestKeys.Client, "extra"))));
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.KeyValueNotTrusted));
    }

    [Test]
    public void VerifyRequest_KnownCertificateThatNoDomainAccepts_Refuses()
    {
        var parties = Parties(TestKeys.Stranger);
        parties.ServiceCredentials = parties.ServiceCredentials with
        {
            PeerCertificates = [TestKeys.Public(TestKeys.Stranger)],
            TrustDomains = [new TrustDomain { Name = "tests", Anchors = [TestKeys.Ca] }],
        };
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    [TestCase("<KeyValue xmlns='http://www.w3.org/2000/09/xmldsig#'/>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<KeyValue xmlns='http://www.w3.org/2000/09/xmldsig#'><RSAKeyValue><Modulus>?</Modulus></RSAKeyValue></KeyValue>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<KeyValue xmlns='http://www.w3.org/2000/09/xmldsig#'><DSAKeyValue/></KeyValue>", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("<KeyValue xmlns='http://www.w3.org/2000/09/xmldsig#'><e:ECKeyValue xmlns:e='http://www.w3.org/2009/xmldsig11#'><e:NamedCurve URI='urn:oid:x'/><e:PublicKey>BAAA</e:PublicKey></e:ECKeyValue></KeyValue>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<KeyValue xmlns='http://www.w3.org/2000/09/xmldsig#'><e:ECKeyValue xmlns:e='http://www.w3.org/2009/xmldsig11#'><e:ECParameters/><e:PublicKey>BAAA</e:PublicKey></e:ECKeyValue></KeyValue>", SecurityFailure.UnsupportedSecurityToken)]
    public void VerifyRequest_KeyValueOfAnyShape_IsRefusedByName(string value, SecurityFailure failure)
    {
        var parties = Parties(TestKeys.Client);
        var wire = Wire.Change(parties.Protect(), message => message.Find(Wire.Ds + "KeyInfo").ReplaceNodes(XElement.Parse(value)));
        Assert.That(() => parties.Verify(wire), Refused.With(failure));
    }

    [Test]
    public void Recipient_ProtectTokensWithKeyValue_IsRefusedWhenItIsMade() =>
        Assert.That(() => new Recipient(Policy with { ProtectTokens = true }, Parties(TestKeys.Client).ServiceCredentials), Throws.ArgumentException.With.Message.Contains("KeyValue"));

    private static TestParties Parties(X509Certificate2 signer)
    {
        var parties = Presets.Parties(Policy);
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = signer };
        parties.ServiceCredentials = parties.ServiceCredentials with
        {
            PeerCertificates = [],
            TrustDomains = [new TrustDomain { Name = "pinned", Certificates = [TestKeys.Public(TestKeys.EcClient), TestKeys.Public(TestKeys.Client)] }],
        };
        return parties;
    }
}
