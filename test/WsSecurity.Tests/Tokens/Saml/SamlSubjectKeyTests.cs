using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Tests.Tokens.Saml;

/// <summary>Every way in which an issuer names the public key of a subject, who then signs by it.</summary>
public sealed class SamlSubjectKeyTests
{
    private const string Dsig11 = "xmlns:e=\"http://www.w3.org/2009/xmldsig11#\"";
    private const string Reference = "<w:SecurityTokenReference xmlns:w=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\">";
    private const string Thumbprint = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1";
    private const string KeyIdentifier = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509SubjectKeyIdentifier";

    private static readonly SecurityPolicy BySubject = SecurityPolicy.CertificateSignature with { InitiatorToken = SecurityTokenType.Saml };
    private static readonly SecurityPolicy ByCertificate = SamlTesting.With(SecurityPolicy.CertificateSignature, SupportingTokenKind.Signed);

    private static IEnumerable<TestCaseData> Forms()
    {
        foreach (var policy in new[] { BySubject, ByCertificate })
        {
            var named = policy == BySubject ? "signed by the assertion's key" : "signed by a certificate";
            yield return Case("certificate", TestKeys.Client, X509Certificate(TestKeys.Client));
            yield return Case("certificate, described", TestKeys.Client, $"<d:X509Data>{IssuerSerial(TestKeys.Service)}<d:X509SubjectName>CN=x</d:X509SubjectName><d:X509Certificate>{Base64(TestKeys.Client.RawData)}</d:X509Certificate></d:X509Data>");
            yield return Case("RSA key value", TestKeys.Client, RsaKeyValue(TestKeys.Client));
            yield return Case("EC key value", TestKeys.EcClient, EcKeyValue(TestKeys.EcClient));
            yield return Case("DER, RSA", TestKeys.Client, Der(TestKeys.Client));
            yield return Case("DER, EC", TestKeys.EcClient, Der(TestKeys.EcClient));
            yield return Case("issuer and serial", TestKeys.Client, $"<d:X509Data>{IssuerSerial(TestKeys.Client)}</d:X509Data>");
            yield return Case("key identifier", TestKeys.Client, $"<d:X509Data><d:X509SKI>{Base64(Ski(TestKeys.Client))}</d:X509SKI></d:X509Data>");
            yield return Case("thumbprint", TestKeys.Client, $"{Reference}<w:KeyIdentifier ValueType=\"{Thumbprint}\">{Base64(SHA1.HashData(TestKeys.Client.RawData))}</w:KeyIdentifier></w:SecurityTokenReference>");
            yield return Case("reference by key identifier", TestKeys.Client, $"{Reference}<w:KeyIdentifier ValueType=\"{KeyIdentifier}\">{Base64(Ski(TestKeys.Client))}</w:KeyIdentifier></w:SecurityTokenReference>");

            TestCaseData Case(string name, X509Certificate2 subject, string key) => new TestCaseData(policy, subject, key).SetArgDisplayNames(name, named);
        }
    }

    [TestCaseSource(nameof(Forms))]
    public void Verify_SubjectByItsKey_IsConfirmed(SecurityPolicy policy, X509Certificate2 subject, string key)
    {
        using var request = Verify(policy, subject, key);
        Assert.That(request.Message.Evidence.Tokens.OfType<SamlVerifiedToken>().Single().ConfirmationMethod, Is.EqualTo(SamlConfirmationMethod.HolderOfKey));
    }

    [TestCaseSource(nameof(Forms))]
    public void Verify_SomebodyElse_Refuses(SecurityPolicy policy, X509Certificate2 subject, string key)
    {
        var thief = TestKeys.Issue("CN=thief,O=WsSecurity", TestKeys.Ca);
        var failure = policy == ByCertificate ? SecurityFailure.SubjectConfirmationFailed
            : subject.GetRSAPublicKey() is null ? SecurityFailure.SignatureAlgorithmNotAllowed
            : SecurityFailure.SignatureInvalid;
        Assert.That(() => Verify(policy, thief, key), Refused.With(failure));
    }

    // Any authority can write that serial number, and that key identifier; so the domain that names the issuer must know the certificate.
    [Test]
    public void Verify_NameThatAnotherAuthorityCanWrite_CountsOnlyInTheIssuersDomain()
    {
        string[] keys = [$"<d:X509Data>{IssuerSerial(TestKeys.Client)}</d:X509Data>", $"<d:X509Data><d:X509SKI>{Base64(Ski(TestKeys.Client))}</d:X509SKI></d:X509Data>"];
        using (Assert.EnterMultipleScope())
        {
            foreach (var key in keys)
            {
                Assert.That(() => Verify(BySubject, TestKeys.Client, key, isOneDomain: false), Refused.With(SecurityFailure.CertificateNotTrusted));
                Assert.That(() => Verify(ByCertificate, TestKeys.Client, key, isOneDomain: false), Refused.With(SecurityFailure.SubjectConfirmationFailed));
            }
        }
    }

    [TestCase("<d:KeyName>alice</d:KeyName>", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("<d:KeyValue><e:ECKeyValue " + Dsig11 + "><e:NamedCurve URI=\"urn:oid:1.2.3\"/><e:PublicKey>BAAA</e:PublicKey></e:ECKeyValue></d:KeyValue>", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("<d:KeyValue><e:ECKeyValue " + Dsig11 + "><e:ECParameters/><e:PublicKey>BAAA</e:PublicKey></e:ECKeyValue></d:KeyValue>", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("<d:KeyValue><e:ECKeyValue " + Dsig11 + "><e:NamedCurve URI=\"urn:oid:1.2.840.10045.3.1.7\"/><e:PublicKey>AgAA</e:PublicKey></e:ECKeyValue></d:KeyValue>", SecurityFailure.InvalidSecurityToken)]
    [TestCase("<e:DEREncodedKeyValue " + Dsig11 + ">AAAA</e:DEREncodedKeyValue>", SecurityFailure.InvalidSecurityToken)]
    [TestCase(Reference + "<w:Reference URI=\"#X509\"/></w:SecurityTokenReference>", SecurityFailure.UnsupportedSecurityToken)]
    [TestCase("<d:X509Data/>", SecurityFailure.InvalidSecurityToken)]
    public void Verify_KeyThatIsNone_Refuses(string key, SecurityFailure failure) => Assert.That(() => Verify(BySubject, TestKeys.Client, key), Refused.With(failure));

    // A point that is not of the curve, by one bit.
    [Test]
    public void Verify_PointBesideTheCurve_FailsWithInvalidSecurityToken()
    {
        var point = Point(TestKeys.EcClient);
        point[^1] ^= 1;
        Assert.That(() => Verify(BySubject, TestKeys.EcClient, EcKeyValue(point)), Refused.With(SecurityFailure.InvalidSecurityToken));
    }

    private static VerifiedRequest Verify(SecurityPolicy policy, X509Certificate2 sender, string key, bool isOneDomain = true)
    {
        var parties = SamlTesting.Parties(policy, SamlTesting.Sign(SamlTesting.Written(SamlTesting.ByKey(key))));
        parties.ClientCredentials = parties.ClientCredentials with { Certificate = sender };
        var domains = parties.ServiceCredentials.TrustDomains;
        parties.ServiceCredentials = parties.ServiceCredentials with
        {
            TrustDomains = isOneDomain ? [domains[1] with { Anchors = domains[0].Anchors }] : domains,
        };
        return parties.Verify(parties.Protect());
    }

    private static string X509Certificate(X509Certificate2 certificate) => $"<d:X509Data><d:X509Certificate>{Base64(certificate.RawData)}</d:X509Certificate></d:X509Data>";

    private static string IssuerSerial(X509Certificate2 certificate) =>
        $"<d:X509IssuerSerial><d:X509IssuerName>{DistinguishedName.Format(certificate.IssuerName)}</d:X509IssuerName><d:X509SerialNumber>{new CertificateEntry(certificate).SerialNumber}</d:X509SerialNumber></d:X509IssuerSerial>";

    private static string RsaKeyValue(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey()!;
        var parameters = rsa.ExportParameters(false);
        return $"<d:KeyValue><d:RSAKeyValue><d:Modulus>{Base64(parameters.Modulus!)}</d:Modulus><d:Exponent>{Base64(parameters.Exponent!)}</d:Exponent></d:RSAKeyValue></d:KeyValue>";
    }

    private static byte[] Point(X509Certificate2 certificate)
    {
        using var ecdsa = certificate.GetECDsaPublicKey()!;
        var point = ecdsa.ExportParameters(false).Q;
        return [4, .. point.X!, .. point.Y!];
    }

    private static string EcKeyValue(X509Certificate2 certificate) => EcKeyValue(Point(certificate));

    private static string EcKeyValue(byte[] point) =>
        $"<d:KeyValue><e:ECKeyValue {Dsig11}><e:NamedCurve URI=\"urn:oid:1.2.840.10045.3.1.7\"/><e:PublicKey>{Base64(point)}</e:PublicKey></e:ECKeyValue></d:KeyValue>";

    private static string Der(X509Certificate2 certificate) =>
        $"<e:DEREncodedKeyValue {Dsig11}>{Base64(certificate.PublicKey.ExportSubjectPublicKeyInfo())}</e:DEREncodedKeyValue>";

    private static byte[] Ski(X509Certificate2 certificate) => new CertificateEntry(certificate).SubjectKeyIdentifier!;

    private static string Base64(byte[] octets) => Convert.ToBase64String(octets);
}
