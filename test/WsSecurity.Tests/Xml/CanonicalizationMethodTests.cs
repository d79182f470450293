using System.Text;
using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

/// <summary>One claim a rule of Canonical XML 1.0 and 1.1 and of Exclusive XML Canonicalization 1.0; where others disagree, the rule decides.</summary>
[TestFixture]
internal sealed class CanonicalizationMethodTests
{
    private static readonly CanonicalizationMethod Exclusive = CanonicalizationMethod.Exclusive;

    [TestCase("http://www.w3.org/2001/10/xml-exc-c14n#")]
    [TestCase("http://www.w3.org/2001/10/xml-exc-c14n#WithComments")]
    [TestCase("http://www.w3.org/TR/2001/REC-xml-c14n-20010315")]
    [TestCase("http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments")]
    [TestCase("http://www.w3.org/2006/12/xml-c14n11")]
    [TestCase("http://www.w3.org/2006/12/xml-c14n11#WithComments")]
    public void Find_KnownUri_GivesTheMethod(string uri)
    {
        CanonicalizationMethod? method = CanonicalizationMethod.Find(uri);
        Assert.That(method?.Uri, Is.EqualTo(uri));
        Assert.That(method?.WithComments, Is.EqualTo(uri.EndsWith("WithComments", StringComparison.Ordinal)));
    }

    [TestCase("")]
    [TestCase("http://www.w3.org/2001/10/xml-exc-c14n")]
    [TestCase("http://www.w3.org/TR/1999/REC-xpath-19991116")]
    public void Find_AnyOtherUri_GivesNothing(string uri) => Assert.That(CanonicalizationMethod.Find(uri), Is.Null);

    [TestCase("<a  b = '1'   c=\"2\" ></a >", "<a b=\"1\" c=\"2\"></a>")]
    [TestCase("<a/>", "<a></a>")]
    [TestCase("<a b='\"&quot;&apos;&gt;>&lt;&amp;'/>", "<a b=\"&quot;&quot;'>>&lt;&amp;\"></a>")]
    [TestCase("<a b='\t\n\r\r\n'/>", "<a b=\"    \"></a>")]
    [TestCase("<a b='&#9;&#xA;&#13;&#32;'/>", "<a b=\"&#x9;&#xA;&#xD; \"></a>")]
    [TestCase("<a c='' b='' xml:lang='' xmlns:z='u' z:a='' xmlns:y='v' y:a=''/>",
        "<a xmlns:y=\"v\" xmlns:z=\"u\" b=\"\" c=\"\" xml:lang=\"\" z:a=\"\" y:a=\"\"></a>")]
    public void Canonicalize_StartTag_IsWrittenOneWay(string xml, string expected) => AssertAll(xml.Replace("'u'", "'urn:u'").Replace("'v'", "'urn:v'"),
        expected.Replace("\"u\"", "\"urn:u\"").Replace("\"v\"", "\"urn:v\""));

    [TestCase("<a>\r\n\r \n&#13;&#xD;</a>", "<a>\n\n \n&#xD;&#xD;</a>")]
    [TestCase("<a>&#60;&#38;&#62;></a>", "<a>&lt;&amp;&gt;&gt;</a>")]
    [TestCase("<a>&quot;&apos;\"'&#9;&#10;</a>", "<a>\"'\"'\t\n</a>")]
    [TestCase("<a>&#x20AC;&#128512;</a>", "<a>\u20AC\U0001F600</a>")]
    [TestCase("<a>1<![CDATA[<b>&amp;]]\r\n]]>2<![CDATA[]]></a>", "<a>1&lt;b&gt;&amp;amp;]]\n2</a>")]
    [TestCase("<a>1<b/>\r\n<c>></c>\r<d/>&#62;</a>", "<a>1<b></b>\n<c>&gt;</c>\n<d></d>&gt;</a>")]
    public void Canonicalize_Text_IsWrittenOneWay(string xml, string expected) => AssertAll(xml, expected);

    [Test]
    public void Canonicalize_Comments_StandOnlyWhereTheMethodKeepsThem()
    {
        using XmlIndex index = XmlTesting.Scan("<a>1<!-- x\r\n> --><b/><!----></a>");
        foreach (CanonicalizationMethod method in CanonicalizationMethod.All)
        {
            Assert.That(
                XmlTesting.Canonical(method, index.Root),
                Is.EqualTo(method.WithComments ? "<a>1<!-- x\n> --><b></b><!----></a>" : "<a>1<b></b></a>"));
        }
    }

    [Test]
    public void CanonicalizeDocument_CommentsAroundTheRoot_StandOnLinesOfTheirOwn()
    {
        using XmlIndex index = XmlTesting.Scan("<?xml version='1.0'?>\r\n<!--1--> <!--2\r\n--><a/>\n\n<!--3--><!--4-->\n");
        foreach (CanonicalizationMethod method in CanonicalizationMethod.All)
        {
            using var sink = new OctetSequenceBuilder(index.Utf8);
            method.CanonicalizeDocument(index, PrefixList.Empty, omitted: default, sink);
            Assert.That(
                Encoding.UTF8.GetString(sink.ToSequence()),
                Is.EqualTo(method.WithComments ? "<!--1-->\n<!--2\n-->\n<a></a>\n<!--3-->\n<!--4-->" : "<a></a>"));
        }
    }

    [TestCase("<e:E xmlns:e='urn:e' xmlns:x='urn:x'><e:b x:y='1'><x:c/></e:b></e:E>",
        "<e:b xmlns:e=\"urn:e\" xmlns:x=\"urn:x\" x:y=\"1\"><x:c></x:c></e:b>")]
    [TestCase("<e:E xmlns:e='urn:e' xmlns:x='urn:x'><e:b><x:c/><x:d/></e:b></e:E>",
        "<e:b xmlns:e=\"urn:e\"><x:c xmlns:x=\"urn:x\"></x:c><x:d xmlns:x=\"urn:x\"></x:d></e:b>")]
    [TestCase("<b xmlns='urn:a' xmlns:unused='urn:u'><c xmlns='urn:a'/></b>", "<b xmlns=\"urn:a\"><c></c></b>")]
    [TestCase("<E xmlns='urn:a'><b xmlns=''><c xmlns=''/></b></E>", "<b><c></c></b>")]
    [TestCase("<E><b xmlns='urn:a'><c xmlns=''><d xmlns=''/></c></b></E>", "<b xmlns=\"urn:a\"><c xmlns=\"\"><d></d></c></b>")]
    [TestCase("<b xmlns='urn:a'><p:c xmlns='' xmlns:p='urn:p'><d/></p:c></b>",
        "<b xmlns=\"urn:a\"><p:c xmlns:p=\"urn:p\"><d xmlns=\"\"></d></p:c></b>")]
    [TestCase("<b xmlns:p='urn:1'><p:c xmlns:p='urn:2'/><p:d/></b>", "<b><p:c xmlns:p=\"urn:2\"></p:c><p:d xmlns:p=\"urn:1\"></p:d></b>")]
    [TestCase("<b xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='de'/>", "<b xml:lang=\"de\"></b>")]
    [TestCase("<b xmlns='http://x/?a&amp;b&#x9;&quot;'/>", "<b xmlns=\"http://x/?a&amp;b&#x9;&quot;\"></b>")]
    public void Canonicalize_Exclusive_ShowsNamespacesWhereTheyAreUsed(string xml, string expected)
    {
        using XmlIndex index = XmlTesting.Scan(xml);
        Assert.That(XmlTesting.Canonical(Exclusive, index.Find("b")), Is.EqualTo(expected));
    }

    [TestCase("", "<b></b>")]
    [TestCase("x", "<b xmlns:x=\"urn:x\"></b>")]
    [TestCase("y x nosuch x", "<b xmlns:x=\"urn:x\" xmlns:y=\"urn:y\"></b>")]
    public void Canonicalize_PrefixList_ShowsWhatIsListed(string prefixes, string expected)
    {
        using XmlIndex index = XmlTesting.Scan("<E xmlns:x='urn:x' xmlns:y='urn:y'><b/></E>");
        Assert.That(XmlTesting.Canonical(Exclusive, index.Find("b"), prefixes), Is.EqualTo(expected));
    }

    [Test]
    public void Canonicalize_PrefixListWithDefault_ShowsTheDefaultNamespaceAtTheApexAndItsEnd()
    {
        using XmlIndex index = XmlTesting.Scan("<E xmlns='urn:d' xmlns:p='urn:p'><p:b><p:c xmlns=''/></p:b></E>");
        Assert.That(
            XmlTesting.Canonical(Exclusive, index.Find("b"), "#default"),
            Is.EqualTo("<p:b xmlns=\"urn:d\" xmlns:p=\"urn:p\"><p:c xmlns=\"\"></p:c></p:b>"));
    }

    [Test]
    public void Canonicalize_PrefixListWithRedeclaration_ShowsItInclusively()
    {
        using XmlIndex index = XmlTesting.Scan("<E xmlns:p='urn:1'><b><c xmlns:p='urn:2'/><d xmlns:p='urn:1'/></b></E>");
        Assert.That(
            XmlTesting.Canonical(Exclusive, index.Find("b"), "p"),
            Is.EqualTo("<b xmlns:p=\"urn:1\"><c xmlns:p=\"urn:2\"></c><d></d></b>"));
    }

    [Test]
    public void Canonicalize_PrefixList_MeansNothingToInclusive()
    {
        using XmlIndex index = XmlTesting.Scan("<E xmlns:x='urn:x' xmlns:y='urn:y'><b xmlns:z='urn:z'/></E>");
        Assert.That(
            XmlTesting.Canonical(CanonicalizationMethod.Inclusive10, index.Find("b"), "x"),
            Is.EqualTo("<b xmlns:x=\"urn:x\" xmlns:y=\"urn:y\" xmlns:z=\"urn:z\"></b>"));
    }

    [Test]
    public void Canonicalize_XmlAttributesOfAncestors_AreInheritedByEachMethodsRule()
    {
        using XmlIndex index = XmlTesting.Scan(
            "<E xml:lang='de' xml:id='1' xml:base='http://h/x/' xml:space='default' xml:other='o'><F xml:lang='fr' xml:base='y/'><b xml:space='preserve' z=''/></F></E>");
        XmlElement b = index.Find("b");
        Assert.That(XmlTesting.Canonical(Exclusive, b), Is.EqualTo("<b z=\"\" xml:space=\"preserve\"></b>"));
        Assert.That(
            XmlTesting.Canonical(CanonicalizationMethod.Inclusive10, b),
            Is.EqualTo("<b z=\"\" xml:base=\"y/\" xml:id=\"1\" xml:lang=\"fr\" xml:other=\"o\" xml:space=\"preserve\"></b>"));
        Assert.That(
            XmlTesting.Canonical(CanonicalizationMethod.Inclusive11, b),
            Is.EqualTo("<b z=\"\" xml:base=\"http://h/x/y/\" xml:lang=\"fr\" xml:space=\"preserve\"></b>"));
    }

    [TestCase("<E xml:base='foo/bar'><F xml:base='..'><F xml:base='..'><b xml:base='x'/></F></F></E>", "<b xml:base=\"../x\"></b>")]
    [TestCase("<E xml:base='abc/'><b xml:base='../'/></E>", "<b></b>")]
    [TestCase("<E><b xml:base='../'/></E>", "<b xml:base=\"../\"></b>")]
    [TestCase("<E xml:base='http://h/?a&amp;b'><b/></E>", "<b xml:base=\"http://h/?a&amp;b\"></b>")]
    public void Canonicalize_Inclusive11_JoinsBases(string xml, string expected)
    {
        using XmlIndex index = XmlTesting.Scan(xml);
        Assert.That(XmlTesting.Canonical(CanonicalizationMethod.Inclusive11, index.Find("b")), Is.EqualTo(expected));
    }

    [TestCase("<a xmlns:p='relative' p:x=''/>")]
    [TestCase("<a xmlns='../up'/>")]
    [TestCase("<a xmlns:p='relative'/>")]
    [TestCase("<x><a><b xmlns:p='#fragment'/></a></x>")]
    [TestCase("<a xmlns='1:x'/>")]
    public void Canonicalize_RelativeNamespaceUri_Fails(string xml)
    {
        using XmlIndex index = XmlTesting.Scan(xml);
        foreach (CanonicalizationMethod method in CanonicalizationMethod.All)
        {
            Assert.That(
                XmlTesting.FailureOf(() => XmlTesting.Canonical(method, index.Find("a"))), Is.EqualTo(SecurityFailure.RelativeNamespaceUri), method.Uri);
        }
    }

    [Test]
    public void Canonicalize_RelativeNamespaceUriOutsideOfTheSubtree_FailsOnlyWhereItIsShown()
    {
        using XmlIndex index = XmlTesting.Scan("<E xmlns:p='relative'><a/></E>");
        Assert.That(XmlTesting.Canonical(Exclusive, index.Find("a")), Is.EqualTo("<a></a>"));
        Assert.That(
            XmlTesting.FailureOf(() => XmlTesting.Canonical(CanonicalizationMethod.Inclusive10, index.Find("a"))),
            Is.EqualTo(SecurityFailure.RelativeNamespaceUri));
    }

    [Test]
    public void Canonicalize_OmittedElementOutsideOfTheApex_ChangesNothing()
    {
        using XmlIndex index = XmlTesting.Scan("<E><a>x</a><b/></E>");
        Assert.That(XmlTesting.Canonical(Exclusive, index.Find("a"), omitted: index.Find("b")), Is.EqualTo("<a>x</a>"));
    }

    [Test]
    public void CanonicalizeContent_UnknownDeclarationsOfTheCaller_AreOverruledWhereUsed()
    {
        using XmlIndex index = XmlTesting.Scan("<E xmlns:p='urn:p'><b>1<p:c/>2<d/>&#62;</b></E>");
        using var sink = new OctetSequenceBuilder(index.Utf8);
        Exclusive.CanonicalizeContent(
            index.Find("b"), [new("p", "urn:other"), new("q", "urn:q"), new("", "urn:default")], PrefixList.Empty, sink);
        Assert.That(
            Encoding.UTF8.GetString(sink.ToSequence()), Is.EqualTo("1<p:c xmlns:p=\"urn:p\"></p:c>2<d xmlns=\"\"></d>&gt;"));
    }

    [TestCase("<b/>", false)]
    [TestCase("<b i:type='p:t'/>", true)]
    [TestCase("<b i:type=' p:t '/>", true)]
    [TestCase("<b i:type='&#112;:t'/>", true)]
    [TestCase("<b><c i:type='p:t'/></b>", true)]
    [TestCase("<b xmlns:p='urn:p' i:type='p:t'/>", false)]
    [TestCase("<b xmlns:p='urn:p'><c i:type='p:t'/></b>", false)]
    [TestCase("<p:b i:type='p:t'/>", false)]
    [TestCase("<b p:x=''><c><d i:type='p:t'/></c></b>", false)]
    [TestCase("<b><p:c/><d i:type='p:t'/></b>", true)]
    [TestCase("<b i:type='nosuch:t'/>", true)]
    [TestCase("<b i:type='xml:t'/>", false)]
    [TestCase("<b i:type='t'/>", false)]
    [TestCase("<p:b i:type='t'/>", true)]
    [TestCase("<p:b xmlns='' i:type='t'/>", false)]
    [TestCase("<b type='p:t' p:type='p:t'/>", false)]
    public void DependsOnOuterPrefix_TypeOfThisForm_IsJudged(string element, bool expected)
    {
        using XmlIndex index = XmlTesting.Scan(
            $"<E xmlns='urn:d' xmlns:p='urn:p' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>{element}</E>");
        XmlElement apex = index.Root.FirstChild;
        Assert.That(CanonicalizationMethod.DependsOnOuterPrefix(apex, PrefixList.Empty), Is.EqualTo(expected));
        Assert.That(CanonicalizationMethod.DependsOnOuterPrefix(index.Root, PrefixList.Empty), Is.EqualTo(element.Contains("nosuch", StringComparison.Ordinal)));
    }

    [TestCase("p", false)]
    [TestCase("q", true)]
    [TestCase("#default", true)]
    public void DependsOnOuterPrefix_ListedPrefix_IsCovered(string prefixes, bool expected)
    {
        using XmlIndex index = XmlTesting.Scan(
            "<E xmlns='urn:d' xmlns:p='urn:p' xmlns:q='urn:q' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><b i:type='p:t'/></E>");
        Assert.That(CanonicalizationMethod.DependsOnOuterPrefix(index.Find("b"), PrefixList.Parse(prefixes)), Is.EqualTo(expected));
    }

    [TestCase("<b xmlns:c='urn:c' xmlns:i='urn:i' i:type='c:string'/>", "<b xmlns:c=\"urn:c\" xmlns:i=\"urn:i\" i:type=\"c:string\"></b>")]
    [TestCase("<b><d xmlns:c='urn:c'>c:x</d><e xmlns:c='urn:c'/></b>", "<b><d xmlns:c=\"urn:c\">c:x</d><e xmlns:c=\"urn:c\"></e></b>")]
    [TestCase("<b xmlns:c='urn:c'><d xmlns:c='urn:c'/></b>", "<b xmlns:c=\"urn:c\"><d></d></b>")]
    [TestCase("<b xmlns='urn:d'><p:c xmlns='' xmlns:p='urn:p'>t</p:c></b>", "<b xmlns=\"urn:d\"><p:c xmlns=\"\" xmlns:p=\"urn:p\">t</p:c></b>")]
    [TestCase("<b><o:c/><!-- c --></b>", "<b><o:c xmlns:o=\"urn:o\"></o:c></b>")]
    public void WriteReadable_DeclarationsInside_AreKept(string element, string expected)
    {
        using XmlIndex index = XmlTesting.Scan($"<E xmlns:o='urn:o'>{element}</E>");
        using var sink = new OctetSequenceBuilder(index.Utf8);
        Exclusive.WriteReadable(index.Find("b"), PrefixList.Empty, sink);
        string readable = Encoding.UTF8.GetString(sink.ToSequence());
        Assert.That(readable, Is.EqualTo(expected));

        using XmlIndex again = XmlTesting.Scan(readable);
        Assert.That(XmlTesting.Canonical(Exclusive, again.Root), Is.EqualTo(XmlTesting.Canonical(Exclusive, index.Find("b"))), "the digest is the same");
    }

    [Test]
    public void Canonicalize_ThousandsOfDeclarations_StaysLinear()
    {
        // Each of 2,000 elements redeclares 20 prefixes below an apex that lists 200: work by the product of all three would not end.
        var limits = ProcessingLimits.Default with { MaxNamespaces = 60_000, MaxAttributes = 1000 };
        string outer = string.Concat(Enumerable.Range(0, 200).Select(i => $" xmlns:p{i}='urn:{i}'"));
        string inner = string.Concat(Enumerable.Range(0, 20).Select(i => $" xmlns:p{i}='urn:x{i}'"));
        string list = string.Join(' ', Enumerable.Range(0, 200).Select(i => $"p{i}"));
        using XmlIndex index = XmlTesting.Scan($"<r{outer}>{string.Concat(Enumerable.Repeat($"<p1:e{inner}><p2:f/></p1:e>", 2000))}</r>", limits);
        Assert.That(XmlTesting.Canonical(Exclusive, index.Root, list), Has.Length.GreaterThan(500_000));
        Assert.That(XmlTesting.Canonical(CanonicalizationMethod.Inclusive10, index.Root), Has.Length.GreaterThan(500_000));
    }

    private static void AssertAll(string xml, string expected)
    {
        using XmlIndex index = XmlTesting.Scan(xml);
        foreach (CanonicalizationMethod method in CanonicalizationMethod.All)
        {
            Assert.That(XmlTesting.Canonical(method, index.Root), Is.EqualTo(expected), method.Uri);
            using XmlIndex again = XmlTesting.Scan(expected);
            Assert.That(XmlTesting.Canonical(method, again.Root), Is.EqualTo(expected), method.Uri);
        }
    }
}
