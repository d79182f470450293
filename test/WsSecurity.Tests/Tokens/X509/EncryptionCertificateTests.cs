using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Tokens.X509;

/// <summary>Parties whose certificates for signing and for encryption are two, and messages for several recipients.</summary>
public sealed class EncryptionCertificateTests
{
    [Test]
    public void Exchange_TwoCertificatesOnBothSides_EachIsUsedForItsPurpose([Values] MessageProtectionOrder order)
    {
        var parties = Parties(SecurityPolicy.MutualCertificateDuplex with { MessageProtectionOrder = order });
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        Assert.That(Thumbprints(wire), Is.EqualTo(new[] { Thumbprint(TestKeys.ServiceDecrypts) }));

        using var request = parties.Verify(wire);
        Assert.That(((X509VerifiedToken)request.Message.Evidence.Tokens.Single()).Certificate.RawData, Is.EqualTo(TestKeys.SignOnly.RawData));

        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum/>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));
        Assert.That(Thumbprints(reply), Does.Contain(Thumbprint(TestKeys.SignOnlysOther)).And.None.EqualTo(Thumbprint(TestKeys.SignOnly)));
        Assert.That(pending.VerifyReply(reply, parties.Context).Evidence.Tokens.OfType<X509VerifiedToken>().Single().Certificate.RawData, Is.EqualTo(TestKeys.ServiceSigns.RawData));
    }

    [Test]
    public void ProtectReply_SignerWithoutAnother_IsTheOneToDecrypt()
    {
        var parties = Parties(SecurityPolicy.MutualCertificateDuplex);
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = TestKeys.Client, EncryptionCertificate = null };
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum/>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));
        Assert.That(() => pending.VerifyReply(reply, parties.Context), Throws.Nothing);
    }

    [Test]
    public void VerifyReply_SignedByTheEncryptionCertificate_Refuses()
    {
        var parties = Parties(SecurityPolicy.CertificateSignature with { AllowSerializedSigningTokenOnReply = true });
        using var signing = TestKeys.Issue("CN=service encryption,O=WsSecurity", TestKeys.Ca);
        parties.ClientCredentials = parties.ClientCredentials with { PeerEncryptionCertificates = [TestKeys.Public(signing)] };
        parties.ServiceCredentials = parties.ServiceCredentials with { Certificate = signing };
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum/>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));
        Assert.That(() => pending.VerifyReply(reply, parties.Context), Refused.With(SecurityFailure.PeerIdentityMismatch));
    }

    // Several recipients

    [Test]
    public void VerifyRequest_EncryptedForSeveral_EachOfThemReadsIt([Values] MessageProtectionOrder order, [Values(0, 1)] int recipient)
    {
        var parties = Parties(SecurityPolicy.MutualCertificateDuplex with { MessageProtectionOrder = order });
        X509Certificate2[] recipients = [TestKeys.ServiceDecrypts, TestKeys.Service];
        parties.ClientCredentials = parties.ClientCredentials with { PeerEncryptionCertificates = [.. recipients.Select(TestKeys.Public)] };
        parties.ServiceCredentials = parties.ServiceCredentials with { EncryptionCertificate = recipients[recipient] };
        var wire = parties.Protect(headers: Presets.Headers);
        Assert.That(Wire.Of(wire).Security.Elements(Wire.Xenc + "EncryptedKey").Count(), Is.EqualTo(2));
        using var request = parties.Verify(wire);
        Assert.That(request.Message.Evidence.EncryptedParts.Select(part => part.Path), Does.Contain("/Envelope/Body"));
    }

    [Test]
    public void VerifyRequest_EncryptedForOthersAlone_Refuses()
    {
        var parties = Parties(SecurityPolicy.MutualCertificateDuplex);
        parties.ClientCredentials = parties.ClientCredentials with { PeerEncryptionCertificates = [TestKeys.Public(TestKeys.Service), TestKeys.Public(TestKeys.Client)] };
        Assert.That(() => parties.Verify(parties.Protect()), Refused.With(SecurityFailure.DecryptionKeyUnavailable));
    }

    [Test]
    public void VerifyRequest_KeyOfSomebodyElseHidesAPart_Refuses()
    {
        // One part is for another recipient alone: it could say anything, and nobody here would know.
        var parties = Parties(SecurityPolicy.MutualCertificateDuplex with { EncryptedParts = new MessageParts { Body = true, Headers = [new QualifiedName("urn:extra")] } });
        parties.ClientCredentials = parties.ClientCredentials with { PeerEncryptionCertificates = [TestKeys.Public(TestKeys.Service), TestKeys.Public(TestKeys.ServiceDecrypts)] };
        var wire = Wire.Change(parties.Protect(headers: Presets.Headers + "<x:secret xmlns:x=\"urn:extra\">1</x:secret>"), message =>
            message.Security.Elements(Wire.Xenc + "EncryptedKey").Last().Descendants(Wire.Xenc + "DataReference").First().Remove());
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.DecryptionKeyUnavailable));
    }

    [Test]
    public void Initiator_SeveralRecipientsOfASharedKey_IsRefusedWhenItIsMade()
    {
        var credentials = Presets.Parties("AnonymousForCertificate").ClientCredentials with { PeerEncryptionCertificates = [TestKeys.Public(TestKeys.Service), TestKeys.Public(TestKeys.ServiceDecrypts)] };
        Assert.That(() => new Initiator(SecurityPolicy.AnonymousForCertificate, credentials), Throws.ArgumentException.With.Message.Contains("PeerEncryptionCertificates can be one only"));
    }

    private static TestParties Parties(SecurityPolicy policy)
    {
        var parties = Presets.Parties(policy);
        parties.ClientCredentials = parties.ClientCredentials with
        {
            Certificate = TestKeys.SignOnly,
            EncryptionCertificate = TestKeys.SignOnlysOther,
            PeerCertificates = [TestKeys.Public(TestKeys.ServiceSigns)],
            PeerEncryptionCertificates = [TestKeys.Public(TestKeys.ServiceDecrypts)],
        };
        parties.ServiceCredentials = parties.ServiceCredentials with
        {
            Certificate = TestKeys.ServiceSigns,
            EncryptionCertificate = TestKeys.ServiceDecrypts,
            PeerCertificates = [],
            PeerEncryptionCertificates = [TestKeys.Public(TestKeys.SignOnlysOther)],
        };
        return parties;
    }

    private static IEnumerable<string> Thumbprints(byte[] wire) =>
        Wire.Of(wire).Security.Elements(Wire.Xenc + "EncryptedKey").SelectMany(key => key.Descendants(Wire.Wsse + "KeyIdentifier")).Select(identifier => identifier.Value);

    private static string Thumbprint(X509Certificate2 certificate) => Convert.ToBase64String(certificate.GetCertHash(HashAlgorithmName.SHA1));
}
