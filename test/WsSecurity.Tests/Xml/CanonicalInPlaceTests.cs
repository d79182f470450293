using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class CanonicalInPlaceTests
{
    [TestCase("<b></b>")]
    [TestCase("<b x=\"&amp;&lt;&quot;&#x9;&#xA;&#xD;>'\">&amp;&lt;&gt;&#xD;\"'\t\n</b>")]
    [TestCase("<b xmlns=\"urn:a\" xmlns:p=\"urn:p\" a=\"\" b=\"\" p:a=\"\"><p:c></p:c><d xmlns=\"\"></d></b>")]
    [TestCase("<p:b xmlns:p=\"urn:p\"><c xmlns=\"urn:c\"></c><c xmlns=\"urn:c\"></c></p:b>")]
    [TestCase("<p:b xmlns:p=\"urn:o\"></p:b>")]
    public void Is_CanonicalOctets_AreTakenAsTheyAre(string element) => Assert.That(InPlace(element), Is.True);

    [TestCase("<b/>")]
    [TestCase("<b ></b>")]
    [TestCase("<b></b >")]
    [TestCase("<b  x=\"\"></b>")]
    [TestCase("<b\tx=\"\"></b>")]
    [TestCase("<b x =\"\"></b>")]
    [TestCase("<b x= \"\"></b>")]
    [TestCase("<b x=''></b>")]
    [TestCase("<b x=\"&gt;\"></b>")]
    [TestCase("<b x=\"&#9;\"></b>")]
    [TestCase("<b x=\"\t\"></b>")]
    [TestCase("<b y=\"\" x=\"\"></b>")]
    [TestCase("<b x=\"\" xmlns=\"urn:a\"></b>")]
    [TestCase("<q:b xmlns:q=\"urn:q\" xmlns:p=\"urn:p\" p:x=\"\"></q:b>")]
    [TestCase("<b>></b>")]
    [TestCase("<b>\r</b>")]
    [TestCase("<b>&#13;</b>")]
    [TestCase("<b>&quot;</b>")]
    [TestCase("<b><![CDATA[]]></b>")]
    [TestCase("<b><!----></b>")]
    [TestCase("<b><c/></b>")]
    [TestCase("<b xmlns=\"\"></b>")]
    [TestCase("<b xmlns:p=\"urn:p\"></b>")]
    [TestCase("<b><c xmlns:p=\"urn:p\"></c></b>")]
    [TestCase("<b xmlns=\"urn:a\"><c xmlns=\"urn:a\"></c></b>")]
    [TestCase("<o:b></o:b>")]
    [TestCase("<b><c o:x=\"\"></c></b>")]
    [TestCase("<b xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"></b>")]
    [TestCase("<b xmlns=\"relative\"></b>")]
    public void Is_AnythingElse_IsWritten(string element) => Assert.That(InPlace(element), Is.False);

    [TestCase("<b xmlns:p=\"urn:p\"></b>", "p", true)]
    [TestCase("<b xmlns:p=\"urn:p\"></b>", "q", false)]
    [TestCase("<b xmlns:p=\"urn:p\" p:x=\"\"></b>", "q nosuch", true)]
    [TestCase("<b></b>", "o", false)]
    [TestCase("<b xmlns:o=\"urn:o\"></b>", "o", true)]
    [TestCase("<o:b xmlns:o=\"urn:o\"></o:b>", "", true)]
    [TestCase("<p:b xmlns=\"urn:d\" xmlns:p=\"urn:p\"></p:b>", "#default", true)]
    [TestCase("<p:b xmlns=\"urn:d\" xmlns:p=\"urn:p\"></p:b>", "", false)]
    public void Is_WithPrefixList_FollowsIt(string element, string prefixes, bool expected) => Assert.That(InPlace(element, prefixes), Is.EqualTo(expected));

    [Test]
    public void Is_ElementOfTheSubtreeThatRedeclares_IsItselfInPlace()
    {
        using XmlIndex index = XmlTesting.Scan("<b xmlns=\"urn:a\"><c xmlns=\"urn:a\"></c></b>");
        Assert.That(CanonicalInPlace.Is(index.Root, PrefixList.Empty), Is.False, "the declaration repeats one of the subtree");
        Assert.That(CanonicalInPlace.Is(index.Find("c"), PrefixList.Empty), Is.True, "the same declaration repeats nothing");
    }

    private static bool InPlace(string element, string prefixes = "")
    {
        using XmlIndex index = XmlTesting.Scan($"<E xmlns:o='urn:o'>{element}</E>");
        XmlElement apex = index.Root.FirstChild;
        var list = PrefixList.Parse(prefixes);
        bool inPlace = CanonicalInPlace.Is(apex, list);
        if (inPlace)
        {
            Assert.That(XmlTesting.Written(CanonicalizationMethod.Exclusive, apex, prefixes), Is.EqualTo(element));
        }

        return inPlace;
    }
}
