using System.Text;
using System.Xml;
using NUnit.Framework;
using WsSecurity.Xml;
using XmlElement = WsSecurity.Xml.XmlElement;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class XmlScannerTests
{
    private static readonly ProcessingLimits Tight = ProcessingLimits.Default with
    {
        MaxMessageSize = 1000, MaxDepth = 3, MaxElements = 4, MaxAttributes = 2, MaxNamespaces = 2, MaxNameLength = 5,
    };

    [TestCase("<a/>")]
    [TestCase("<a></a >")]
    [TestCase(" \r\n<!-- c --><a/><!----> \t")]
    [TestCase("<?xml version='1.0'?><a/>")]
    [TestCase("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone='no' ?>\n<a/>")]
    [TestCase("<a> > ] ]] &#93;]> \" ' </a>")]
    [TestCase("<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x1F600;&#0000065;</a>")]
    [TestCase("<a b='\"' c=\"'\" d=\">\"/>")]
    [TestCase("<a\tb\n=\r\n'c'\r/>")]
    [TestCase("<a xmlns='u' xmlns:p='v' p:b='1' b='2'><p:c xmlns=''/></a>")]
    [TestCase("<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang=''/>")]
    [TestCase("<xml:a/>")]
    [TestCase("<a xml:space=' preserve '/>")]
    [TestCase("<a><![CDATA[<&]]]]><![CDATA[>]]></a>")]
    [TestCase("<\u00FCber \u4E00=''>\u007F\u0085\U0010FFFF</\u00FCber>")]
    [TestCase("<a xmlns:p='u'><b xmlns:q='u'/></a>")]
    public void Scan_WellFormedDocument_Accepts(string xml)
    {
        Assert.That(XmlTesting.FailureOf(() => XmlTesting.Scan(xml).Dispose()), Is.EqualTo(SecurityFailure.None));
        Assert.That(XmlTesting.PlatformAccepts(Encoding.UTF8.GetBytes(xml)), Is.True, "the platform's reader");
    }

    [TestCase("")]
    [TestCase("  ")]
    [TestCase("<a>")]
    [TestCase("<a")]
    [TestCase("<")]
    [TestCase("<a/><b/>")]
    [TestCase("text<a/>")]
    [TestCase("<a/>text")]
    [TestCase("<a/>&#32;")]
    [TestCase("<![CDATA[]]><a/>")]
    [TestCase("</a>")]
    [TestCase("<a></b>")]
    [TestCase("<a></ab>")]
    [TestCase("<a></a b>")]
    [TestCase("<a></ a>")]
    [TestCase("< a/>")]
    [TestCase("<1a/>")]
    [TestCase("<a:b:c xmlns:a='u'/>")]
    [TestCase("<:a/>")]
    [TestCase("<a:/>")]
    [TestCase("<a / >")]
    [TestCase("<a b/>")]
    [TestCase("<a b=c/>")]
    [TestCase("<a b='c/>")]
    [TestCase("<a b='<'/>")]
    [TestCase("<a b='c'd='e'/>")]
    [TestCase("<a b='1' b='2'/>")]
    [TestCase("<a =''/>")]
    [TestCase("<a b='&'/>")]
    [TestCase("<a b='\u0001'/>")]
    [TestCase("<a>&</a>")]
    [TestCase("<a>&nbsp;</a>")]
    [TestCase("<a>&lt</a>")]
    [TestCase("<a>&#;</a>")]
    [TestCase("<a>&#x;</a>")]
    [TestCase("<a>&#xG;</a>")]
    [TestCase("<a>&#X41;</a>")]
    [TestCase("<a>&#0;</a>")]
    [TestCase("<a>&#xD800;</a>")]
    [TestCase("<a>&#xD83D;&#xDE00;</a>")]
    [TestCase("<a>&#xFFFE;</a>")]
    [TestCase("<a>&#x110000;</a>")]
    [TestCase("<a>&#99999999999999999999;</a>")]
    [TestCase("<a>]]></a>")]
    [TestCase("<a>\0</a>")]
    [TestCase("<a>\u001F</a>")]
    [TestCase("<a><![CDATA[\u0002]]></a>")]
    [TestCase("<a><![CDATA[ </a>")]
    [TestCase("<a><!-- -- --></a>")]
    [TestCase("<a><!-- ---></a>")]
    [TestCase("<a><!-- </a>")]
    [TestCase("<a><!-- \u0003 --></a>")]
    [TestCase("<a><!ELEMENT></a>")]
    [TestCase("<?xml version='1.1'?><a/>")]
    [TestCase("<?xml version='1.0' standalone='maybe'?><a/>")]
    [TestCase("<?xml version='1.0' standalone='yes' encoding='utf-8'?><a/>")]
    [TestCase("<?xml encoding='utf-8'?><a/>")]
    [TestCase("<a xml:space='other'/>")]
    public void Scan_NotWellFormed_FailsWithMalformedXml(string xml)
    {
        Assert.That(XmlTesting.FailureOf(() => XmlTesting.Scan(xml)), Is.EqualTo(SecurityFailure.MalformedXml));
        Assert.That(XmlTesting.PlatformAccepts(Encoding.UTF8.GetBytes(xml)), Is.False, "the platform's reader");
    }

    [TestCase("<p:a/>")]
    [TestCase("<a p:b=''/>")]
    [TestCase("<r><a xmlns:p='u'/><p:b/></r>")]
    [TestCase("<a xmlns:p='u' xmlns:p='v'/>")]
    [TestCase("<a xmlns='u' xmlns='u'/>")]
    [TestCase("<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>")]
    [TestCase("<a xmlns:p='&#117;' xmlns:q='u' c='' p:b='' d='' q:b=''/>")]
    [TestCase("<a xmlns:p=''/>")]
    [TestCase("<a xmlns:xmlns='u'/>")]
    [TestCase("<a xmlns:xml='u'/>")]
    [TestCase("<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>")]
    [TestCase("<a xmlns='http://www.w3.org/XML/1998/namespace'/>")]
    [TestCase("<a xmlns:p='http://www.w3.org/2000/xmlns/'/>")]
    [TestCase("<a xmlns='http://www.w3.org/2000/xmlns/'/>")]
    [TestCase("<xmlns:a/>")]
    public void Scan_NamespaceConstraintBroken_FailsWithMalformedXml(string xml)
    {
        Assert.That(XmlTesting.FailureOf(() => XmlTesting.Scan(xml)), Is.EqualTo(SecurityFailure.MalformedXml));
        Assert.That(XmlTesting.PlatformAccepts(Encoding.UTF8.GetBytes(xml)), Is.False, "the platform's reader");
    }

    [TestCase("<!DOCTYPE a><a/>", SecurityFailure.DocumentTypeNotAllowed)]
    [TestCase("<a><!DOCTYPE a></a>", SecurityFailure.DocumentTypeNotAllowed)]
    [TestCase("<?pi?><a/>", SecurityFailure.ProcessingInstructionNotAllowed)]
    [TestCase("<a/><?pi?>", SecurityFailure.ProcessingInstructionNotAllowed)]
    [TestCase("<a><?pi x?></a>", SecurityFailure.ProcessingInstructionNotAllowed)]
    [TestCase(" <?xml version='1.0'?><a/>", SecurityFailure.ProcessingInstructionNotAllowed)]
    [TestCase("<?xml version='1.0' encoding='iso-8859-1'?><a/>", SecurityFailure.InvalidEncoding)]
    public void Scan_WhatSoapForbids_FailsWithItsReason(string xml, SecurityFailure failure) =>
        Assert.That(XmlTesting.FailureOf(() => XmlTesting.Scan(xml)), Is.EqualTo(failure));

    // Overlong forms, surrogates, beyond Unicode, cut off, lone continuation, U+FFFE, U+FFFF.
    [TestCase(new byte[] { 0xC0, 0xBC })]
    [TestCase(new byte[] { 0xE0, 0x80, 0xBC })]
    [TestCase(new byte[] { 0xED, 0xA0, 0x80 })]
    [TestCase(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [TestCase(new byte[] { 0xE2, 0x82 })]
    [TestCase(new byte[] { 0x80 })]
    [TestCase(new byte[] { 0xFF })]
    [TestCase(new byte[] { 0xEF, 0xBF, 0xBE })]
    [TestCase(new byte[] { 0xEF, 0xBF, 0xBF })]
    public void Scan_OctetsThatAreNoUtf8_FailsWithInvalidEncoding(byte[] octets)
    {
        byte[] document = [.. "<a>\u20AC"u8, .. octets, .. "</a>"u8];
        var exception = Assert.Throws<WsSecurityException>(() => XmlIndex.Scan(document, ProcessingLimits.Default));
        Assert.That(exception!.Failure, Is.EqualTo(SecurityFailure.InvalidEncoding));
        Assert.That(exception.Message, Does.Contain("octet 6"));
    }

    [Test]
    public void Scan_EveryNameCharacter_AgreesWithThePlatform()
    {
        for (int code = 0x21; code <= 0xFFFF; code++)
        {
            if (char.IsSurrogate((char)code) || code is '<' or '>' or '/' or '=' or ':' or '"' or '\'' or '&')
            {
                continue;
            }

            char character = (char)code;
            Assert.That(Accepts($"<{character}/>"), Is.EqualTo(XmlConvert.IsStartNCNameChar(character)), $"U+{code:X4} begins a name");
            Assert.That(Accepts($"<a{character}/>"), Is.EqualTo(XmlConvert.IsNCNameChar(character)), $"U+{code:X4} in a name");
            Assert.That(Accepts($"<a b{character}=''/>"), Is.EqualTo(XmlConvert.IsNCNameChar(character)), $"U+{code:X4} in an attribute's name");
        }

        static bool Accepts(string xml) => XmlTesting.FailureOf(() => XmlTesting.Scan(xml).Dispose()) == SecurityFailure.None;
    }

    [TestCase("<a><b><c/></b></a>", SecurityFailure.None)]
    [TestCase("<a><b><c><d/></c></b></a>", SecurityFailure.NestingTooDeep)]
    [TestCase("<a><b/><b/><b/></a>", SecurityFailure.None)]
    [TestCase("<a><b/><b/><b/><b/></a>", SecurityFailure.TooManyElements)]
    [TestCase("<a b='' xmlns='u'/>", SecurityFailure.None)]
    [TestCase("<a b='' xmlns='u' c=''/>", SecurityFailure.TooManyAttributes)]
    [TestCase("<a xmlns='u'><b xmlns='v'/><b xmlns='u'/></a>", SecurityFailure.None)]
    [TestCase("<a xmlns='u'><b xmlns='v'/><b xmlns='w'/></a>", SecurityFailure.TooManyNamespaces)]
    [TestCase("<abcde abcde=''/>", SecurityFailure.None)]
    [TestCase("<abcdef/>", SecurityFailure.NameTooLong)]
    [TestCase("<a abcdef=''/>", SecurityFailure.NameTooLong)]
    [TestCase("<a xmlns:bcd='u'/>", SecurityFailure.NameTooLong)]
    public void Scan_Limit_HoldsAtItsEdge(string xml, SecurityFailure failure) =>
        Assert.That(XmlTesting.FailureOf(() => XmlTesting.Scan(xml, Tight).Dispose()), Is.EqualTo(failure));

    [Test]
    public void Scan_LongerThanPermitted_FailsWithMessageTooLarge()
    {
        Assert.That(XmlTesting.FailureOf(() => XmlTesting.Scan("<a>" + new string('x', 993) + "</a>", Tight).Dispose()), Is.EqualTo(SecurityFailure.None));
        Assert.That(XmlTesting.FailureOf(() => XmlTesting.Scan("<a>" + new string('x', 994) + "</a>", Tight)), Is.EqualTo(SecurityFailure.MessageTooLarge));
    }

    [Test]
    public void Scan_SecretContent_NeverStandsInTheMessage()
    {
        var exception = Assert.Throws<WsSecurityException>(() => XmlTesting.Scan("<a password='hunter2'>hunter2</hunter2>"));
        Assert.That(exception!.Message, Does.Not.Contain("hunter2"));
    }

    [Test]
    public void Scan_MoreRowsThanAChunk_KeepsThemAll()
    {
        const int Rows = 40_000;
        using XmlIndex index = XmlTesting.Scan("<r>" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"<x n='{i}'/>")) + "</r>");
        Assert.That(index.Count, Is.EqualTo(Rows + 1));
        int number = 0;
        foreach (XmlElement child in index.Root.Children)
        {
            Assert.That(child.GetAttribute("n"), Is.EqualTo($"{number++}"));
        }

        Assert.That(number, Is.EqualTo(Rows));
    }

    [Test]
    public void Scan_HostilePrefixes_StayApart()
    {
        // Prefixes that share their first and last letter and their length meet in one line of the lookup's cache.
        string declarations = string.Concat(Enumerable.Range(100, 100).Select(i => $" xmlns:a{i}z='urn:{i}'"));
        string elements = string.Concat(Enumerable.Range(100, 100).Select(i => $"<a{i}z:e/>"));
        using XmlIndex index = XmlTesting.Scan($"<r{declarations}>{elements}</r>");
        int number = 100;
        foreach (XmlElement child in index.Root.Children)
        {
            Assert.That(child.NamespaceUri, Is.EqualTo($"urn:{number++}"));
        }
    }
}
