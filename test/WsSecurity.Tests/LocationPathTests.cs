using System.Text;
using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests;

public sealed class LocationPathTests
{
    private const string Document =
        "<s:Envelope xmlns:s='urn:soap' xmlns:o='urn:order'><s:Header><o:Id kind='x'>7</o:Id></s:Header>"
        + "<s:Body><o:Order id='1'><o:Line>a</o:Line><o:Line kind='k'>b</o:Line></o:Order><o:Order id='2'><Line xmlns=''>c</Line><o:Line>d</o:Line></o:Order></s:Body></s:Envelope>";

    private static readonly Dictionary<string, string> Namespaces = new() { ["s"] = "urn:soap", ["o"] = "urn:order", ["unused"] = "urn:unused" };

    [TestCase("/s:Envelope/s:Body", "Body")]
    [TestCase("/*/*[local-name()='Body']", "Body")]
    [TestCase("s:Header/o:Id", "Id")]
    [TestCase("/s:Envelope/s:Header/*", "Id")]
    [TestCase("//o:Line", "a b d")]
    [TestCase("//Line", "c")]
    [TestCase("//o:*[@kind]", "Id b")]
    [TestCase("//o:Line[@kind='k']", "b")]
    [TestCase("//o:Line[not(@kind)]", "a d")]
    [TestCase("//o:Line[1]", "a d")]
    [TestCase("//o:Line[last()]", "b d")]
    [TestCase("//o:Order[2]/o:Line", "d")]
    [TestCase("//o:Order[position()=1]/*[position()!=1]", "b")]
    [TestCase("//o:Order[@id=2]/*", "c d")]
    [TestCase("//o:Order[o:Line='a']/o:Line", "a b")]
    [TestCase("//o:Order[not(Line) and o:Line]/o:Line", "a b")]
    [TestCase("//*[namespace-uri()='' or @kind=\"k\"]", "b c")]
    [TestCase("descendant::o:Line", "a b d")]
    [TestCase("descendant-or-self::s:Envelope/child::s:Header/self::*/o:Id", "Id")]
    [TestCase(".//o:Line[. = 'd']", "d")]
    [TestCase("//Line | s:Header/o:Id", "Id c")]
    [TestCase(" / s:Envelope / s:Body ", "Body")]
    [TestCase("//o:Nothing", "")]
    [TestCase("o:Order", "")]
    [TestCase("/o:Order", "")]
    public void Select_FindsWhatXPathFinds(string expression, string expected)
    {
        using var index = XmlIndex.Scan(Encoding.UTF8.GetBytes(Document), ProcessingLimits.Default);

        var found = LocationPath.Parse(expression, Namespaces).Select(index).Select(element => element.TryGetText(out var text) && text.Length == 1 && char.IsLetter(text[0]) ? text : Encoding.UTF8.GetString(element.LocalName));

        Assert.That(string.Join(' ', found), Is.EqualTo(expected));
    }

    [TestCase("", "character 1: its end")]
    [TestCase("/", "character 2: its end")]
    [TestCase("//", "character 3: its end")]
    [TestCase("//o:Line[", "character 10: its end")]
    [TestCase("//o:Line]", "character 9: ']'")]
    [TestCase("//o:Line[@kind='k]", "character 16: a string without an end")]
    [TestCase("//x:Line", "character 3: the prefix 'x', which is not declared")]
    [TestCase("..", "character 1: the parent axis")]
    [TestCase("//o:Line/..", "character 10: the parent axis")]
    [TestCase("//o:Line/parent::*", "the parent axis")]
    [TestCase("//o:Line/ancestor::o:Order", "character 10: the axis 'ancestor'")]
    [TestCase("//o:Line/following-sibling::*", "the axis 'following-sibling'")]
    [TestCase("/s:Envelope/namespace::*", "the axis 'namespace'")]
    [TestCase("//@kind", "character 3: an attribute, which is no element")]
    [TestCase("//o:Line/text()", "character 10: the node test 'text()'")]
    [TestCase("//comment()", "the node test 'comment()'")]
    [TestCase("//node()", "node test 'node()' on an axis of more than elements")]
    [TestCase("id('body')", "character 1: the function 'id()'")]
    [TestCase("//o:Line[contains(., 'a')]", "the function 'contains()'")]
    [TestCase("//o:Line[count(*)=1]", "the function 'count()'")]
    [TestCase("//o:Line[//o:Order]", "an absolute path in a predicate")]
    [TestCase("//o:Line[o:a=o:b]", "a comparison of two paths")]
    [TestCase("//o:Line[position()]", "a predicate without a comparison")]
    [TestCase("//o:Line['a']", "a predicate without a comparison")]
    [TestCase("//o:Line[position()<2]", "character 20: '<'")]
    [TestCase("//o:Line[1+1]", "'+'")]
    [TestCase("$here", "character 1: '$'")]
    [TestCase("(//o:Line)[1]", "character 1: '('")]
    [TestCase("/s:Envelope/s:Body o:Order", "character 20: 'o'")]
    public void Parse_WhatIsNotSupported_SaysWhatAndWhere(string expression, string expected) =>
        Assert.That(() => LocationPath.Parse(expression, Namespaces), Throws.InstanceOf<FormatException>().With.Message.Contains(expected));

    [Test]
    public void Parse_BeyondTheBounds_IsRefused()
    {
        Assert.That(() => LocationPath.Parse(string.Concat(Enumerable.Repeat("/a", 65))), Throws.InstanceOf<FormatException>().With.Message.Contains("64 steps"));
        Assert.That(() => LocationPath.Parse("/a[" + new string('(', 5000)), Throws.InstanceOf<FormatException>().With.Message.Contains("2048 characters"));
        Assert.That(() => LocationPath.Parse("/a[" + new string('(', 1000)), Throws.InstanceOf<FormatException>().With.Message.Contains("nested deeper"));
        Assert.That(() => LocationPath.Parse(string.Concat(Enumerable.Repeat("a[", 60))), Throws.InstanceOf<FormatException>().With.Message.Contains("nested deeper"));
    }

    [Test]
    public void Equals_ComparesExpressionAndTheNamespacesThatItUses()
    {
        var path = LocationPath.Parse("//o:Line", Namespaces);

        Assert.That(path.Namespaces.Keys, Is.EqualTo(new[] { "o" }));
        Assert.That(LocationPath.Parse(" //o:Line", new Dictionary<string, string> { ["o"] = "urn:order" }), Is.EqualTo(path));
        Assert.That(LocationPath.Parse("//o:Line", new Dictionary<string, string> { ["o"] = "urn:other" }), Is.Not.EqualTo(path));
        Assert.That(path.ToString(), Is.EqualTo("//o:Line (o=urn:order)"));
    }

    // Each of the elements would be asked for all that is below it.
    [Test]
    public void Select_PathThatGrowsWithTheSquareOfTheDocument_StopsAtABound()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 200));
        var document = "<e>" + string.Concat(Enumerable.Repeat(deep + string.Concat(Enumerable.Repeat("</a>", 200)), 100)) + "</e>";
        using var index = XmlIndex.Scan(Encoding.UTF8.GetBytes(document), ProcessingLimits.Default);

        Assert.That(() => LocationPath.Parse("//a[.//b]").Select(index), Refused.With(SecurityFailure.PathTooCostly));
        Assert.That(LocationPath.Parse("//a//a//a//b | //a/a[a]/a").Select(index), Has.Count.EqualTo(100 * 198));
    }
}
