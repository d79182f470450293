using System.Text;
using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class XmlElementTests
{
    [Test]
    public void Offsets_OfEveryForm_PointAtTags()
    {
        const string Xml = "<a x = '>'  ><b/><p:c xmlns:p='u'>t</p:c ></a>";
        using XmlIndex index = XmlTesting.Scan(Xml);
        XmlElement b = index.Find("b");
        XmlElement c = index.Find("c");
        Assert.That(Xml[index.Root.Start..index.Root.ContentStart], Is.EqualTo("<a x = '>'  >"));
        Assert.That(Xml[index.Root.ContentEnd..index.Root.End], Is.EqualTo("</a>"));
        Assert.That(Xml[b.Start..b.End], Is.EqualTo("<b/>"));
        Assert.That((b.ContentStart, b.ContentEnd), Is.EqualTo((b.End, b.End)));
        Assert.That(Xml[c.ContentStart..c.ContentEnd], Is.EqualTo("t"));
        Assert.That(Xml[c.ContentEnd..c.End], Is.EqualTo("</p:c >"));
        Assert.That((c.Depth, index.Root.Depth), Is.EqualTo((2, 1)));
    }

    [Test]
    public void Names_OfPrefixedElement_AreSplitAndResolved()
    {
        using XmlIndex index = XmlTesting.Scan("<p:a xmlns:p='urn:x&amp;y'><b/></p:a>");
        Assert.That(Encoding.UTF8.GetString(index.Root.QualifiedName), Is.EqualTo("p:a"));
        Assert.That(Encoding.UTF8.GetString(index.Root.Prefix), Is.EqualTo("p"));
        Assert.That(Encoding.UTF8.GetString(index.Root.LocalName), Is.EqualTo("a"));
        Assert.That(index.Root.NamespaceUri, Is.EqualTo("urn:x&y"));
        Assert.That(index.Root.Is("a"u8, "urn:x&y"), Is.True);
        Assert.That(index.Root.Is("a"u8, "urn:x"), Is.False);
        Assert.That(index.Root.Is("p:a"u8, "urn:x&y"), Is.False);
        Assert.That(index.Root.FirstChild.Is("b"u8, ""), Is.True);
        Assert.That(index.Root.FirstChild.Is("xb"u8, ""), Is.False);
    }

    [Test]
    public void Navigation_OverSiblingsAndLevels_FindsThem()
    {
        using XmlIndex index = XmlTesting.Scan("<a><b><c/></b>text<d/></a>");
        XmlElement b = index.Root.FirstChild;
        Assert.That(b.NextSibling, Is.EqualTo(index.Find("d")));
        Assert.That(b.NextSibling.NextSibling.IsNone, Is.True);
        Assert.That(b.FirstChild.Parent, Is.EqualTo(b));
        Assert.That(b.FirstChild.NextSibling.IsNone, Is.True);
        Assert.That(index.Root.Parent.IsNone, Is.True);
        Assert.That(index.Root.NextSibling.IsNone, Is.True);
        Assert.That(b.IsDescendantOf(index.Root), Is.True);
        Assert.That(index.Root.IsDescendantOf(b), Is.False);
        Assert.That(b.IsDescendantOf(b), Is.False);
        var names = new List<string>();
        foreach (XmlElement descendant in index.Root.Descendants)
        {
            names.Add(Encoding.UTF8.GetString(descendant.LocalName));
        }

        Assert.That(names, Is.EqualTo(new[] { "b", "c", "d" }));
    }

    [Test]
    public void Parent_BehindManySiblings_IsFound()
    {
        using XmlIndex index = XmlTesting.Scan("<r>" + string.Concat(Enumerable.Repeat("<x><y/><y/></x>", 500)) + "<last><z/></last></r>");
        Assert.That(index.Find("last").Parent, Is.EqualTo(index.Root));
        Assert.That(index.Find("z").Parent, Is.EqualTo(index.Find("last")));
    }

    [Test]
    public void None_FollowedFurther_StaysNone()
    {
        XmlElement none = default;
        Assert.That(none.IsNone && none.Parent.IsNone && none.FirstChild.IsNone && none.NextSibling.IsNone, Is.True);
        Assert.That(none.Child("a"u8, "").IsNone, Is.True);
        Assert.That(none.GetAttribute("a"), Is.Null);
        Assert.That(none.Is("a"u8, ""), Is.False);
        Assert.That(none.TryGetText(out _) || none.TryGetBase64(out _) || none.TryDecodeBase64([], out _), Is.False);
        Assert.That(() => none.Start, Throws.InvalidOperationException);
        foreach (XmlElement child in none.Children)
        {
            Assert.Fail($"None has a child at {child.Start}.");
        }
    }

    [Test]
    public void GetAttribute_ByExpandedName_GivesTheNormalizedValue()
    {
        using XmlIndex index = XmlTesting.Scan("<a xmlns:p='u' b=' 1\t\r\n&#9;&lt;&#x20AC; ' p:b='2' xml:lang='de'><c xmlns='u' b='3'/></a>");
        Assert.That(index.Root.GetAttribute("b"), Is.EqualTo(" 1  \t<\u20AC "));
        Assert.That(index.Root.GetAttribute("b", "u"), Is.EqualTo("2"));
        Assert.That(index.Root.GetAttribute("lang", "http://www.w3.org/XML/1998/namespace"), Is.EqualTo("de"));
        Assert.That(index.Root.GetAttribute("p", "http://www.w3.org/2000/xmlns/"), Is.Null, "a declaration is no attribute");
        Assert.That(index.Root.GetAttribute("c"), Is.Null);
        Assert.That(index.Find("c").GetAttribute("b", "u"), Is.Null, "the default namespace is not that of attributes");
    }

    [TestCase("<a>x<!-- c -->y<![CDATA[<z>\r\n]]>&amp;\r\n\r&#13;</a>", "xy<z>\n&\n\n\r")]
    [TestCase("<a/>", "")]
    [TestCase("<a>\u20AC</a>", "\u20AC")]
    public void TryGetText_WithoutChildElements_ResolvesEverything(string xml, string expected)
    {
        using XmlIndex index = XmlTesting.Scan(xml);
        Assert.That(index.Root.TryGetText(out string text), Is.True);
        Assert.That(text, Is.EqualTo(expected));
    }

    [Test]
    public void TryGetText_WithChildElement_Refuses()
    {
        using XmlIndex index = XmlTesting.Scan("<a>x<b/></a>");
        Assert.That(index.Root.TryGetText(out string text), Is.False);
        Assert.That(text, Is.Empty);
    }

    [Test]
    public void GetText_WithChildElements_ConcatenatesAll()
    {
        using XmlIndex index = XmlTesting.Scan("<a>1<b>2<c/>3</b><!--</b>--><d><![CDATA[</d>4]]></d >5</a>");
        Assert.That(index.Root.GetText(), Is.EqualTo("123</d>45"));
    }

    [TestCase("AQID", new byte[] { 1, 2, 3 })]
    [TestCase("", new byte[0])]
    [TestCase("  A\tQ\r\nI\nD ", new byte[] { 1, 2, 3 })]
    [TestCase("AQIDBA==", new byte[] { 1, 2, 3, 4 })]
    [TestCase("AQIDB\nA=\n=\n", new byte[] { 1, 2, 3, 4 })]
    [TestCase("AQ&#xD;\nID&#13;", new byte[] { 1, 2, 3 })]
    [TestCase("A<!-- c -->Q<![CDATA[I]]>D", new byte[] { 1, 2, 3 })]
    public void TryGetBase64_ValidText_Decodes(string text, byte[] expected)
    {
        using XmlIndex index = XmlTesting.Scan($"<a>{text}</a>");
        Assert.That(index.Root.TryGetBase64(out byte[] octets), Is.True);
        Assert.That(octets, Is.EqualTo(expected));
    }

    [TestCase("AQI")]
    [TestCase("A")]
    [TestCase("AQ=D")]
    [TestCase("AQ==AQID")]
    [TestCase("AQ==\nAQID")]
    [TestCase("AQI-")]
    [TestCase("AQID\u00A0")]
    [TestCase("=")]
    [TestCase("<b/>")]
    public void TryGetBase64_InvalidText_Refuses(string text)
    {
        using XmlIndex index = XmlTesting.Scan($"<a>{text}</a>");
        Assert.That(index.Root.TryGetBase64(out byte[] octets), Is.False);
        Assert.That(octets, Is.Empty);
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(64)]
    [TestCase(75)]
    [TestCase(76)]
    public void TryDecodeBase64_LinesOfAnyLength_FitTheBuffer(int lineLength)
    {
        byte[] octets = new byte[1000];
        new Random(lineLength).NextBytes(octets);
        string text = string.Join("\r\n", Convert.ToBase64String(octets).Chunk(lineLength).Select(line => new string(line)));
        using XmlIndex index = XmlTesting.Scan($"<a>{text}</a>");
        byte[] buffer = new byte[index.Root.MaxBase64Length];
        Assert.That(index.Root.TryDecodeBase64(buffer, out int written), Is.True);
        Assert.That(buffer[..written], Is.EqualTo(octets));
        Assert.That(index.Root.TryDecodeBase64(buffer.AsSpan(0, 999), out _), Is.False, "one octet too small");
    }

    [Test]
    public void Namespaces_InScope_FollowRedeclarations()
    {
        using XmlIndex index = XmlTesting.Scan("<a xmlns='u' xmlns:p='v' xmlns:q='w'><b xmlns='' xmlns:p='x'><c/></b></a>");
        XmlElement c = index.Find("c");
        Assert.That(c.NamespacesInScope(), Is.EquivalentTo(new NamespaceDeclaration[] { new("p", "x"), new("q", "w") }));
        Assert.That(c.LookupNamespace("p"), Is.EqualTo("x"));
        Assert.That(c.LookupNamespace("q"), Is.EqualTo("w"));
        Assert.That(c.LookupNamespace(""), Is.Empty);
        Assert.That(c.LookupNamespace("xml"), Is.EqualTo("http://www.w3.org/XML/1998/namespace"));
        Assert.That(c.LookupNamespace("nosuch"), Is.Null);
        Assert.That(index.Root.LookupNamespace(""), Is.EqualTo("u"));
    }

    [Test]
    public void ElementAt_StartOfTag_FindsItAndNothingElse()
    {
        using XmlIndex index = XmlTesting.Scan("<a><b/><c>x</c></a>");
        Assert.That(index.ElementAt(0), Is.EqualTo(index.Root));
        Assert.That(index.ElementAt(3), Is.EqualTo(index.Find("b")));
        Assert.That(index.ElementAt(7), Is.EqualTo(index.Find("c")));
        Assert.That(index.ElementAt(4).IsNone && index.ElementAt(-1).IsNone && index.ElementAt(1000).IsNone, Is.True);
    }
}
