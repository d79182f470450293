using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;
using WsSecurity.Tests.Vectors;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>The policies and WSDLs of Apache CXF and WSS4J: each imports, or is refused with what is not supported.</summary>
[VectorFixture]
internal sealed partial class PolicyVectorTests
{
    private static readonly string[] Folders = ["cxf-systests", "cxf-wss4j", "wss4j/policy-model", "wss4j/policy-stax"];

    // Deleting one of these may change neither the policy nor its explanation: the default is stated, everything of the kind is accepted anyway, the transport protects the
    // parts (or the WSDL attaches them nowhere), or another certificate of the policy states the same.
    private static readonly string[] WithoutEffect =
    [
        "/Wss10", "AsymmetricBinding/Layout", "SymmetricBinding/Layout", "TransportBinding/Layout", "AsymmetricBinding/SignBeforeEncrypting",
        "AsymmetricBinding/OnlySignEntireHeadersAndBody", "SymmetricBinding/OnlySignEntireHeadersAndBody",
        "UsernameToken/WssUsernameToken10", "UsernameToken/WssUsernameToken11", "X509Token/WssX509V3Token10", "KerberosToken/WssGssKerberosV5ApReqToken11",
        "IssuedToken/RequireInternalReference",
        "Wss10/MustSupportRefIssuerSerial", "Wss10/MustSupportRefKeyIdentifier", "Wss11/MustSupportRefEncryptedKey",
        "Wss11/MustSupportRefIssuerSerial", "Wss11/MustSupportRefKeyIdentifier", "Wss11/MustSupportRefThumbprint",
        "definitions/Trust13", "Trust13/MustSupportIssuedTokens", "Trust13/RequireClientEntropy", "Trust13/RequireServerEntropy", "definitions/Wss11",
        "EncryptedParts/Body", "SignedParts/Body", "SignedParts/Header", "definitions/EncryptedParts", "definitions/SignedParts",
        "X509Token/RequireIssuerSerialReference",
    ];

    private readonly List<(string File, PolicyImport Import)> _imports = [];

    [OneTimeSetUp]
    public void ReadAll()
    {
        foreach (var file in FindAllDocuments())
        {
            _imports.AddRange(PolicyImport.ReadAll(file).Select(import => (file, import)));
        }
    }

    [Test]
    public void ReadAll_EveryRefusal_NamesAssertionsByTheirPath()
    {
        foreach (var (file, import) in _imports.Where(entry => !entry.Import.IsImported))
        {
            Assert.That(import.Refusal!.Unsupported, Is.Not.Empty.And.All.Match(PathAndReason()), $"{file} {import.Name}");
        }
    }

    // The counts are the state of things: who supports more raises them.
    [Test]
    public void ReadAll_ForeignPolicies_ThisManyImport()
    {
        foreach (var reason in _imports.Where(entry => !entry.Import.IsImported).GroupBy(entry => Reason(entry.Import.Refusal!)).OrderByDescending(reasons => reasons.Count()))
        {
            TestContext.Out.WriteLine($"{reason.Count(),4} refused for {reason.Key}");
        }

        Assert.That(Count(_imports), Is.EqualTo((1261, 820)), "policies, imported");
    }

    [Test]
    public void ReadAll_ForeignWsdlEndpoints_ThisManyImport()
    {
        var endpoints = _imports.Where(entry => entry.File.EndsWith(".wsdl", StringComparison.Ordinal)).ToList();
        Assert.That(Count(endpoints), Is.EqualTo((927, 650)), "endpoints, imported");

        var documents = endpoints.GroupBy(entry => entry.File).ToList();
        var whole = documents.Count(document => document.All(entry => entry.Import.IsImported));
        var part = documents.Count(document => document.Any(entry => entry.Import.IsImported));
        Assert.That((documents.Count, whole, part), Is.EqualTo((145, 81, 120)), "WSDLs with policies, of which all, and any endpoint imports");
        Assert.That(documents.Count(document => document.All(entry => entry.Import.Refusal?.Unsupported.Any(NamesNegotiation) == true)), Is.EqualTo(11), "WSDLs that negotiate at every endpoint");
    }

    [Test]
    public void ReadAll_CxfsUsernameTokensThatAreKeys_AllImportAndAreExchanged()
    {
        // Three have the service's certificate travel with requests, which is refused for a reason of its own.
        var wsdl = File.ReadAllText(SharedVectors.Require("cxf-systests/ws-security/ws/ut/DoubleItUtDerived.wsdl"));
        using var reader = new StringReader(ServiceCertificate().Replace(wsdl, "$1Never"));
        var imports = PolicyImport.ReadAll(reader);
        Assert.That(imports, Has.Count.EqualTo(7).And.All.Property(nameof(PolicyImport.IsImported)).True);
        foreach (var import in imports)
        {
            // Two have no Timestamp, and so nothing by which replays could be told.
            var policy = import.Policy! with { DetectReplays = import.Policy!.IncludeTimestamp };
            var parties = TestParties.Of(policy);
            parties.Context = new MessageContext { IsTransportProtected = policy.AuthenticationMode == AuthenticationMode.UserNameOverTransport };
            Assert.That(() => parties.Verify(parties.Protect()).Dispose(), Throws.Nothing, import.Name);
        }
    }

    [Test]
    public void ReadAll_ForeignPolicyWithoutOneOfItsAssertions_IsAnotherPolicyOrRefused()
    {
        var silent = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in _imports.GroupBy(entry => entry.File).Where(file => file.Count() == 1 && file.Single().Import.IsImported && !HasAlternatives(file.Single().Import)))
        {
            var document = XElement.Load(file.Key);
            for (var i = 0; i < document.Descendants().Count(); i++)
            {
                var copy = new XElement(document);
                var element = copy.Descendants().ElementAt(i);
                if (!element.Name.NamespaceName.Contains("securitypolicy", StringComparison.Ordinal))
                {
                    continue;
                }

                var name = $"{element.Ancestors().Select(outer => outer.Name.LocalName).FirstOrDefault(outer => outer is not ("Policy" or "All" or "ExactlyOne"))}/{element.Name.LocalName}";
                element.Remove();
                using var reader = new StringReader(copy.ToString());
                var import = PolicyImport.ReadAll(reader).SingleOrDefault();
                if (file.Single().Import.Policy == import?.Policy && file.Single().Import.Explanation.Count == import?.Explanation.Count)
                {
                    silent.Add(name);
                }
            }
        }

        Assert.That(string.Join(", ", silent.Except(WithoutEffect)), Is.Empty);
    }

    private static bool NamesNegotiation(string refusal) =>
        new[] { "sp:SecureConversationToken", "sp:SpnegoContextToken", "mssp:SslContextToken" }.Any(token => refusal.Contains(token, StringComparison.Ordinal));

    private static bool HasAlternatives(PolicyImport import) => import.Explanation.Any(sentence => sentence.Contains("alternatives", StringComparison.Ordinal));

    private static (int All, int Imported) Count(List<(string File, PolicyImport Import)> imports) =>
        (imports.Count, imports.Count(entry => entry.Import.IsImported));

    public static IEnumerable<string> FindAllDocuments() => Folders.SelectMany(FindDocuments).Order(StringComparer.Ordinal);

    private static IEnumerable<string> FindDocuments(string folder) =>
        Directory.EnumerateFiles(SharedVectors.Require(folder), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".wsdl" or ".xml" && !file.Contains("/messages/", StringComparison.Ordinal));

    // The first assertion, without what stands around it and its line.
    private static string Reason(PolicyImportException refusal) => LastName().Match(refusal.Unsupported[0]).Groups["name"].Value;

    [GeneratedRegex(@"^\S*?(?<name>[\w:.-]+?)( \(line \d+\))?: ", RegexOptions.ExplicitCapture)]
    private static partial Regex LastName();

    [GeneratedRegex("(<sp:X509Token sp:IncludeToken=\"[^\"]+/)AlwaysToRecipient")]
    private static partial Regex ServiceCertificate();

    [GeneratedRegex(@"^(\{[^}]+\})?[\w:.-]+(/(\{[^}]+\})?[\w:.-]+)*( \(line \d+\))?: .+$")]
    private static partial Regex PathAndReason();
}
