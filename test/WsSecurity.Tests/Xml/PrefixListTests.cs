using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class PrefixListTests
{
    [TestCase(null, "")]
    [TestCase("", "")]
    [TestCase(" \t\r\n", "")]
    [TestCase("a", "a")]
    [TestCase("  b\ta #default\nb ", "b a #default")]
    public void Parse_AnyWhiteSpace_KeepsEachPrefixOnce(string? value, string expected)
    {
        var list = PrefixList.Parse(value);
        Assert.That(list.ToString(), Is.EqualTo(expected));
        Assert.That(list.IsEmpty, Is.EqualTo(expected.Length == 0));
    }

    [Test]
    public void Parse_Default_IsTheEmptyPrefix() => Assert.That(PrefixList.Parse("#default").Prefixes, Is.EqualTo(new[] { "" }));
}
