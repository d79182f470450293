using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class XmlBaseTests
{
    // Canonical XML 1.1, section 2.4.
    [TestCase("abc/", "../", "")]
    [TestCase("../", "../", "../../")]
    [TestCase("..", "..", "../../")]
    [TestCase("..", "x", "../x")]
    [TestCase("", "x", "x")]
    [TestCase("a/b", "", "a/b")]

    // RFC 3986, section 5.4, over the base http://a/b/c/d;p?q; fragments are dropped.
    [TestCase("http://a/b/c/d;p?q", "g:h", "g:h")]
    [TestCase("http://a/b/c/d;p?q", "g", "http://a/b/c/g")]
    [TestCase("http://a/b/c/d;p?q", "./g/", "http://a/b/c/g/")]
    [TestCase("http://a/b/c/d;p?q", "/g", "http://a/g")]
    [TestCase("http://a/b/c/d;p?q", "//g", "http://g")]
    [TestCase("http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y")]
    [TestCase("http://a/b/c/d;p?q", "g?y#s", "http://a/b/c/g?y")]
    [TestCase("http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q")]
    [TestCase("http://a/b/c/d;p?q", "../..", "http://a/")]
    [TestCase("http://a/b/c/d;p?q", "../../../../g", "http://a/g")]
    [TestCase("http://a", "g", "http://a/g")]
    public void Join_TwoValues_FollowsTheSpecification(string outer, string inner, string expected) =>
        Assert.That(XmlBase.Join(outer, inner), Is.EqualTo(expected));
}
