using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>RSASSA-PSS with parameters (RFC 9231 section 2.3.9): those of the algorithm without parameters pass, all others are refused.</summary>
public sealed class PssParametersTests
{
    private const string Sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    private const string Sha384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";

    private static readonly XNamespace Pss = "http://www.w3.org/2007/05/xmldsig-more#";

    // The peer signs SignedInfo with its parameters in it, so the change is no change of what was signed but for the test's own signature.
    [TestCase(null, null, null, null)]
    [TestCase(Sha256, Sha256, "32", "1")]
    [TestCase(Sha256, null, "32", null)]
    public void Read_ParametersOfTheAlgorithm_AreTheAlgorithm(string? digest, string? mask, string? salt, string? trailer) =>
        Assert.That(() => Verify(Parameters(digest, mask, salt, trailer)), Refused.With(SecurityFailure.SignatureInvalid), "Read, found allowed, and not what was signed.");

    [TestCase(Sha256, Sha384, "32", "1")]
    [TestCase(Sha256, Sha256, "20", "1")]
    [TestCase(Sha256, Sha256, "0", "1")]
    [TestCase(Sha256, Sha256, "32", "2")]
    [TestCase("http://www.w3.org/2000/09/xmldsig#sha1", null, null, null)]
    [TestCase(Sha384, Sha384, "48", "1", Description = "An algorithm that the policy does not list.")]
    public void Read_OtherParameters_AreRefused(string? digest, string? mask, string? salt, string? trailer) =>
        Assert.That(() => Verify(Parameters(digest, mask, salt, trailer)), Refused.With(SecurityFailure.SignatureAlgorithmNotAllowed));

    [Test]
    public void Read_ParametersOfAnotherKind_AreRefused() =>
        Assert.That(() => Verify(new XElement(Wire.Ds + "HMACOutputLength", 8)), Refused.With(SecurityFailure.SignatureAlgorithmNotAllowed));

    private static XElement Parameters(string? digest, string? mask, string? salt, string? trailer) => new(
        Pss + "RSAPSSParams",
        digest is null ? null : new XElement(Wire.Ds + "DigestMethod", new XAttribute("Algorithm", digest)),
        mask is null ? null : new XElement(Pss + "MaskGenerationFunction", new XAttribute("Algorithm", Pss.NamespaceName + "MGF1"), new XElement(Wire.Ds + "DigestMethod", new XAttribute("Algorithm", mask))),
        salt is null ? null : new XElement(Pss + "SaltLength", salt),
        trailer is null ? null : new XElement(Pss + "TrailerField", trailer));

    private static void Verify(XElement parameters)
    {
        var parties = TestParties.Of(SecurityPolicy.CertificateSignature with { SignatureAlgorithms = [SignatureAlgorithmName.RsaPssSha256] });
        parties.Verify(Wire.Change(parties.Protect(), wire =>
        {
            var method = wire.Find(Wire.Ds + "SignatureMethod");
            method.SetAttributeValue("Algorithm", Pss.NamespaceName + "rsa-pss");
            method.Add(parameters);
        }));
    }
}
