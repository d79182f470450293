using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Tokens.X509;

/// <summary>A validator of the user's decides in place of anchors, and nothing but its yes is a yes.</summary>
public sealed class CustomDecisionTests
{
    [Test]
    public void Verify_ValidatorSaysYes_TrustsWhoProvedToHoldTheKey()
    {
        // Neither an anchor nor the time is asked: the validator alone decides.
        foreach (var certificate in new[] { TestKeys.Stranger, TestKeys.Expired })
        {
            var validator = new Validator(_ => true);
            using var request = Parties(certificate, validator).Verify();
            Assert.That(((X509VerifiedToken)request.Message.Evidence.Tokens.Single()).TrustDomain, Is.EqualTo("custom"));
            Assert.That(validator.Asked.Single().RawData, Is.EqualTo(certificate.RawData));
        }
    }

    [Test]
    public void Verify_ValidatorSaysNo_FailsWithCertificateNotTrusted() =>
        Assert.That(() => Parties(TestKeys.Client, new Validator(_ => false)).Verify(), Refused.With(SecurityFailure.CertificateNotTrusted));

    [Test]
    public void Verify_ValidatorThrows_FailsWithValidatorFailed() =>
        Assert.That(() => Parties(TestKeys.Client, new Validator(_ => throw new TimeoutException("the directory is down"))).Verify(), Refused.With(SecurityFailure.ValidatorFailed));

    [Test]
    public void Verify_ValidatorSaysYes_StillRefusesAKeyThatMayNotSign() =>
        Assert.That(() => Parties(TestKeys.EncryptOnly, new Validator(_ => true)).Verify(), Refused.With(SecurityFailure.CertificateUsageNotAllowed));

    [Test]
    public void Verify_ValidatorSaysYes_StillRefusesSubjectsThatTheDomainDoesNotName() =>
        Assert.That(() => Parties(TestKeys.Stranger, new Validator(_ => true), subjects: ["CN=other,O=WsSecurity"]).Verify(), Refused.With(SecurityFailure.CertificateSubjectNotAllowed));

    [Test]
    public void Verify_BrokenSignature_NeverAsksTheValidator()
    {
        var validator = new Validator(_ => true);
        var (parties, wire) = Parties(TestKeys.Client, validator);
        var changed = Wire.Change(wire, message => message.Body.Elements().First().Add("x"));
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.DigestMismatch));
        Assert.That(validator.Asked, Is.Empty);
    }

    [Test]
    public void Verify_ValidatorChangesItsMind_IsHeardForEachMessage()
    {
        var answers = new Queue<bool>([true, false]);
        var (parties, first) = Parties(TestKeys.Client, new Validator(_ => answers.Dequeue()));
        parties.Verify(first).Dispose();
        Assert.That(() => parties.Verify(parties.Protect("<second/>")), Refused.With(SecurityFailure.CertificateNotTrusted));
    }

    [Test]
    public void Verify_OtherDomainTrusts_ThoughTheValidatorFailsOrSaysNo([Values] bool fails)
    {
        var (parties, wire) = Parties(TestKeys.Client, new Validator(_ => fails ? throw new TimeoutException() : false));
        parties.ServiceCredentials = parties.ServiceCredentials with
        {
            TrustDomains = [.. parties.ServiceCredentials.TrustDomains, new TrustDomain { Name = "anchored", Anchors = [TestKeys.Ca] }],
        };
        using var request = parties.Verify(wire);
        Assert.That(((X509VerifiedToken)request.Message.Evidence.Tokens.Single()).TrustDomain, Is.EqualTo("anchored"));
    }

    [Test]
    public void Recipient_ValidatorBesideAnchorsOrCertificates_IsRefused()
    {
        var domain = new TrustDomain { Name = "mixed", CertificateValidator = new Validator(_ => true) };
        foreach (var mixed in new[] { domain with { Anchors = [TestKeys.Ca] }, domain with { Certificates = [TestKeys.Client] } })
        {
            Assert.That(
                () => new Recipient(SecurityPolicy.CertificateSignature, new SecurityCredentials { TrustDomains = [mixed] }),
                Throws.ArgumentException.With.Message.Contains("mixed"));
        }
    }

    [Test]
    public void VerifyReply_ValidatorSaysYes_StillDemandsTheServicesName([Values("service", "other")] string name)
    {
        var policy = SecurityPolicy.MutualCertificateDuplex with { RequireSignatureConfirmation = true, AllowSerializedSigningTokenOnReply = true };
        var parties = TestParties.Of(policy);
        parties.ClientCredentials = parties.ClientCredentials with
        {
            ServiceDnsName = name,
            TrustDomains = [new TrustDomain { Name = "custom", CertificateValidator = new Validator(_ => true) }],
        };

        // What the request is encrypted for is one certificate of the service, what signs the reply another.
        var signing = TestKeys.Issue("CN=service,O=WsSecurity", TestKeys.OtherCa);
        parties.ServiceCredentials = parties.ServiceCredentials with { Certificate = signing, EncryptionCertificate = TestKeys.Service };
        var (wire, pending) = parties.Protect(TestParties.Envelope(TestParties.Body11, Presets.Headers));
        using var request = parties.Verify(wire);
        var reply = parties.ProtectReply(request, TestParties.Envelope("<sum xmlns=\"urn:calc\"/>", "<a:RelatesTo>urn:uuid:1</a:RelatesTo>"));

        Assert.That(() => pending.VerifyReply(reply, parties.Context), name == "service" ? Throws.Nothing : Refused.With(SecurityFailure.PeerIdentityMismatch));
    }

    private static Signed Parties(X509Certificate2 signer, Validator validator, string[]? subjects = null)
    {
        var parties = TestParties.Of(SecurityPolicy.CertificateSignature);
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = signer };
        parties.ServiceCredentials = parties.ServiceCredentials with
        {
            TrustDomains = [new TrustDomain { Name = "custom", CertificateValidator = validator, Subjects = subjects ?? [] }],
        };
        return new Signed(parties, parties.Protect());
    }

    private sealed record Signed(TestParties Parties, byte[] Wire)
    {
        public VerifiedRequest Verify() => Parties.Verify(Wire);
    }

    private sealed class Validator(Func<X509Certificate2, bool> isTrusted) : IX509CertificateValidator
    {
        public List<X509Certificate2> Asked { get; } = [];

        public bool IsTrusted(X509Certificate2 certificate)
        {
            Asked.Add(certificate);
            return isTrusted(certificate);
        }
    }
}
