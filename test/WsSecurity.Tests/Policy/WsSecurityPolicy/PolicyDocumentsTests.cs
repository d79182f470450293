using System.Net;
using NUnit.Framework;
using WsSecurity.Tests.Policy.Configuration;
using static WsSecurity.Tests.Policy.WsSecurityPolicy.PolicyXml;

namespace WsSecurity.Tests.Policy.WsSecurityPolicy;

/// <summary>Documents that others import or refer to.</summary>
internal sealed class PolicyDocumentsTests
{
    private const string Id = "xmlns:u='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd' u:Id='P'";

    private static readonly string PolicyFile = Wrap(Transport() + Username).Replace("<wsp:Policy ", $"<wsp:Policy {Id} ", StringComparison.Ordinal);

    private BindingFile _folder = null!;

    [SetUp]
    public void Open() => _folder = new BindingFile();

    [TearDown]
    public void Close() => _folder.Dispose();

    [Test]
    public void FromWsdl_BindingOfAnImportedDocument_IsRead()
    {
        Write("service.wsdl", Definitions("<w:import namespace='urn:bindings' location='sub/bindings.wsdl'/>", "urn:service"));
        Write("sub/bindings.wsdl", Definitions("<w:import namespace='urn:types' location='../types.wsdl'/>" + Binding("", "t:Type", "xmlns:t='urn:types'"), "urn:bindings"));
        Write("types.wsdl", Definitions($"<w:portType name='Type'>{Wrap(Transport() + Username)}<w:operation name='O'><w:input/></w:operation></w:portType>", "urn:types"));
        Assert.That(FromFile("service.wsdl").AuthenticationMode, Is.EqualTo(AuthenticationMode.UserNameOverTransport));
    }

    [TestCase("<wsp:PolicyReference xmlns:wsp='http://www.w3.org/ns/ws-policy' URI='policies.xml#P'/>", "")]
    [TestCase("", "xmlns:wsp='http://www.w3.org/ns/ws-policy' wsp:PolicyURIs='policies.xml#P'")]
    public void FromWsdl_PolicyOfAnotherDocument_IsRead(string reference, string attribute)
    {
        Write("service.wsdl", Definitions(Binding(reference, "t:Type", attribute), "urn:service"));
        Write("policies.xml", PolicyFile);
        Assert.That(FromFile("service.wsdl").AuthenticationMode, Is.EqualTo(AuthenticationMode.UserNameOverTransport));
    }

    [TestCase("../policies.xml#P")]
    [TestCase("file:///etc/passwd#P")]
    [TestCase("https://service.example/policies.xml#P")]
    [TestCase("missing.xml#P")]
    public void ReadAll_PolicyThatIsNotBesideTheDocument_IsRefused(string uri)
    {
        Write("sub/service.wsdl", Definitions(Binding($"<wsp:PolicyReference xmlns:wsp='{Wsp15}' URI='{uri}'/>", "t:Type"), "urn:service"));
        Write("policies.xml", PolicyFile);
        var import = PolicyImport.ReadAll(Path.Combine(_folder.Folder, "sub/service.wsdl")).Single();
        Assert.That(import.Refusal?.Unsupported, Has.Some.Contains($"names the policy '{uri}', which is not in the document"));
    }

    [Test]
    public void ReadAll_PolicyUriThatIsNotThere_RefusesThatEndpointAlone()
    {
        Write("service.wsdl", Definitions(
            Binding(string.Empty, "t:Type", $"xmlns:wsp='{Wsp15}' wsp:PolicyURIs='#other'") + Binding(Wrap(Transport() + Username), "t:Type").Replace("name='B'", "name='C'", StringComparison.Ordinal), "urn:service"));
        Assert.That(PolicyImport.ReadAll(Path.Combine(_folder.Folder, "service.wsdl")).Select(import => import.IsImported), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void ReadAll_DocumentsThatImportEachOther_AreReadOnce()
    {
        Write("a.wsdl", Definitions("<w:import location='b.wsdl'/>" + Binding(Wrap(Transport() + Username), "t:Type"), "urn:a"));
        Write("b.wsdl", Definitions("<w:import location='a.wsdl'/>", "urn:b"));
        Assert.That(PolicyImport.ReadAll(Path.Combine(_folder.Folder, "a.wsdl")), Has.Count.EqualTo(1));
    }

    [Test]
    public void ReadAll_StreamWithImports_SaysThatTheyWereNotRead()
    {
        var import = Read(Definitions("<w:import location='types.wsdl'/>" + Binding(Wrap(Transport() + Username), "t:Type"), "urn:service"));
        Assert.That(import.Explanation, Has.Some.Contains("'types.wsdl' was not read"));
    }

    [Test]
    public void ReadAll_EndpointWhosePoliciesAreNotAboutSecurity_HasNone()
    {
        const string addressing = "<wsp:Policy xmlns:wsp='http://www.w3.org/ns/ws-policy' xmlns:a='http://www.w3.org/2007/05/addressing/metadata'><a:Addressing><wsp:Policy/></a:Addressing></wsp:Policy>";
        Write("service.wsdl", Definitions(Binding(addressing, "t:Type"), "urn:service"));
        Assert.That(PolicyImport.ReadAll(Path.Combine(_folder.Folder, "service.wsdl")), Is.Empty);
    }

    // Addresses

    [Test]
    public async Task FromWsdlAsync_Address_ReadsWhatIsOfTheSameOrigin()
    {
        using var site = new Site
        {
            ["https://service.example/orders?wsdl"] = Definitions("<w:import location='https://service.example/orders?wsdl=1'/><w:import location='https://elsewhere.example/'/>", "urn:service"),
            ["https://service.example/orders?wsdl=1"] = Definitions(Binding(Wrap(Transport() + Username), "t:Type"), "urn:bindings"),
        };
        using var client = new HttpClient(site, disposeHandler: false);
        var imports = await PolicyImport.ReadAllAsync(new Uri("https://service.example/orders?wsdl"), client);
        var policy = await SecurityPolicy.FromWsdlAsync(new Uri("https://service.example/orders?wsdl"), client, "B");

        Assert.That(policy.AuthenticationMode, Is.EqualTo(AuthenticationMode.UserNameOverTransport));
        Assert.That(imports.Single().Explanation, Has.Some.Contains("'https://elsewhere.example/' was not read"));
        Assert.That(site.Asked, Has.None.Contains("elsewhere"));
    }

    [Test]
    public void FromWsdlAsync_AddressThatHasNothing_Throws()
    {
        using var site = new Site();
        using var client = new HttpClient(site, disposeHandler: false);
        Assert.That(() => SecurityPolicy.FromWsdlAsync(new Uri("https://service.example/"), client), Throws.InstanceOf<HttpRequestException>());
    }

    private SecurityPolicy FromFile(string name) => SecurityPolicy.FromWsdl(Path.Combine(_folder.Folder, name));

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder.Folder, name))!);
        _folder.Write(name, content);
    }

    private static string Definitions(string content, string target) => $"<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' targetNamespace='{target}'>{content}</w:definitions>";

    private static string Binding(string policy, string type, string attributes = "") =>
        $"<w:binding name='B' type='{type}' {attributes}>{policy}<w:operation name='O'><w:input/></w:operation></w:binding>";

    private sealed class Site : HttpMessageHandler
    {
        private readonly Dictionary<string, string> _pages = new(StringComparer.Ordinal);

        public List<string> Asked { get; } = [];

        public string this[string address]
        {
            set => _pages[address] = value;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var address = request.RequestUri!.ToString();
            Asked.Add(address);
            return Task.FromResult(_pages.TryGetValue(address, out var page)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(page) }
                : new HttpResponseMessage(HttpStatusCode.NotFound));
        }
    }
}
