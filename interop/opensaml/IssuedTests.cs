using System.Security.Claims;
using System.Text;
using System.Xml.Linq;

namespace WsSecurity.Interop.OpenSaml;

/// <summary>What we issue OpenSAML verifies, and refuses once it is changed; what we encrypt xmlsec1 decrypts.</summary>
public sealed class IssuedTests
{
    private static IEnumerable<SamlAssertionDescription> Descriptions()
    {
        foreach (var version in Enum.GetValues<SamlVersion>())
        {
            var bearer = new SamlAssertionDescription
            {
                Version = version,
                Subject = "alice & <bob>",
                SubjectFormat = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
                Audiences = [Tokens.Audience],
                OneTimeUse = true,
                AuthenticationMethod = "urn:oasis:names:tc:SAML:1.0:am:password",
                Claims = [new Claim(ClaimTypes.Role, "clerk"), new Claim(ClaimTypes.Role, "ä \" €")],
            };
            yield return bearer;
            yield return bearer with { ConfirmationMethod = SamlConfirmationMethod.SenderVouches, Claims = [] };
            yield return bearer with { ConfirmationMethod = SamlConfirmationMethod.HolderOfKey, SubjectCertificate = Peer.Recorded.Certificate("client") };
            yield return bearer with { ConfirmationMethod = SamlConfirmationMethod.HolderOfKey, ProofKeyRecipient = Peer.Recorded.Certificate("service") };
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Issue_ForOpenSaml_HasASignatureThatFits(SamlAssertionDescription description)
    {
        var assertion = Issuer().Issue(description).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Verify(assertion), Is.Zero);
            Assert.That(Verify(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(assertion).Replace("alice", "carol", StringComparison.Ordinal))), Is.Not.Zero);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Issue_Encrypted_IsDecryptedByXmlsec1AndVerifiedByOpenSaml(SamlAssertionDescription description)
    {
        var encrypted = Issuer().Issue(description with { EncryptionCertificate = Peer.Recorded.Certificate("service") }).ToArray();
        var (exit, output) = WithFile(encrypted, path => Peer.Run(
            "xmlsec1", "--decrypt", "--privkey-pem", $"{Path.Combine(Peer.Recorded.Keys, "service.key")},{Path.Combine(Peer.Recorded.Keys, "service.pem")}", path));
        Assert.That(exit, Is.Zero, output);
        var end = output.LastIndexOf('>') + 1;
        var assertion = XDocument.Parse(output[output.IndexOf("<saml", StringComparison.Ordinal)..end], LoadOptions.PreserveWhitespace)
            .Descendants().First(element => element.Name.LocalName == "Assertion");
        Assert.That(Verify(Encoding.UTF8.GetBytes(assertion.ToString(SaveOptions.DisableFormatting))), Is.Zero);
    }

    private static IEnumerable<TestCaseData> Cases() => Peer.TakesPart
        ? Descriptions().Select(description => new TestCaseData(description).SetArgDisplayNames(
            $"{description.Version}, {description.ConfirmationMethod}{(description.ProofKeyRecipient is null ? "" : ", proof key")}"))
        : [new TestCaseData(new object?[] { null }).Ignore(Peer.Missing!)];

    // The keys of the repository, so that a case needs none of this run.
    private static SamlAssertionIssuer Issuer() => new(Tokens.Issuer, Peer.Recorded.Certificate("issuer"));

    private static int Verify(byte[] assertion) =>
        WithFile(assertion, path => Peer.Run("samlsign", "-c", Path.Combine(Peer.Recorded.Keys, "issuer.pem"), "-f", path)).Exit;

    private static T WithFile<T>(byte[] content, Func<string, T> use)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, content);
            return use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
