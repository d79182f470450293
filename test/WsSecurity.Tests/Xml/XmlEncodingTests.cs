using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class XmlEncodingTests
{
    [TestCase("<a/>", "utf-8", false, null, "<a/>")]
    [TestCase("<a/>", "utf-8", true, "UTF-8", "<a/>")]
    [TestCase("<a/>", "utf-8", true, "\"utf-8\"", "<a/>")]
    [TestCase("<?xml version='1.0' encoding='UTF-8'?><a/>", "utf-8", false, "utf-8", "<?xml version='1.0' encoding='UTF-8'?><a/>")]
    [TestCase("<a>\u20AC</a>", "utf-16", true, null, "<a>\u20AC</a>")]
    [TestCase("<a>\u20AC</a>", "utf-16", false, null, "<a>\u20AC</a>")]
    [TestCase("<a/>", "utf-16", true, "utf-16", "<a/>")]
    [TestCase("<a/>", "utf-16", false, "utf-16le", "<a/>")]
    [TestCase("<a/>", "utf-16BE", true, "utf-16", "<a/>")]
    [TestCase("<a/>", "utf-16BE", false, "utf-16be", "<a/>")]
    [TestCase("<?xml version='1.0' encoding='UTF-16'?><a/>", "utf-16", true, "utf-16", "<?xml version='1.0' encoding='utf-8' ?><a/>")]
    [TestCase("<?xml version=\"1.0\" encoding=\"utf-16be\" ?><a/>", "utf-16BE", false, null, "<?xml version=\"1.0\" encoding=\"utf-8\"    ?><a/>")]
    public void ToUtf8_WhereAllAgree_GivesUtf8(string xml, string encoding, bool mark, string? charset, string expected)
    {
        ReadOnlyMemory<byte> utf8 = XmlEncoding.ToUtf8(Wire(xml, encoding, mark), charset);
        Assert.That(Encoding.UTF8.GetString(utf8.Span), Is.EqualTo(expected));
        Assert.That(XmlTesting.FailureOf(() => XmlIndex.Scan(utf8, ProcessingLimits.Default).Dispose()), Is.EqualTo(SecurityFailure.None));
    }

    [TestCase("<a/>", "utf-8", false, "utf-16")]
    [TestCase("<a/>", "utf-8", true, "utf-16")]
    [TestCase("<a/>", "utf-8", false, "iso-8859-1")]
    [TestCase("<a/>", "utf-8", false, "us-ascii")]
    [TestCase("<a/>", "utf-8", false, "utf-7")]
    [TestCase("<a/>", "utf-16", true, "utf-8")]
    [TestCase("<a/>", "utf-16", true, "utf-16be")]
    [TestCase("<a/>", "utf-16BE", false, "utf-16le")]
    [TestCase("<?xml version='1.0' encoding='utf-16'?><a/>", "utf-8", false, null)]
    [TestCase("<?xml version='1.0' encoding='iso-8859-1'?><a/>", "utf-8", false, null)]
    [TestCase("<?xml version='1.0' encoding='utf-8'?><a/>", "utf-16", true, null)]
    [TestCase("<?xml version='1.0' encoding='utf-16be'?><a/>", "utf-16", true, null)]
    [TestCase("<a/>", "utf-32", true, null)]
    [TestCase("<a/>", "utf-32", false, null)]
    [TestCase("<a/>", "utf-32BE", false, null)]
    public void ToUtf8_WhereTheyContradict_FailsWithInvalidEncoding(string xml, string encoding, bool mark, string? charset) =>
        Assert.That(
            XmlTesting.FailureOf(() => XmlEncoding.ToUtf8(Wire(xml, encoding, mark), charset)), Is.EqualTo(SecurityFailure.InvalidEncoding));

    [Test]
    public void ToUtf8_BrokenUtf16_FailsWithInvalidEncoding()
    {
        byte[] loneSurrogate = [(byte)'<', 0, 0x00, 0xD8, (byte)'>', 0];
        byte[] oddLength = [.. Encoding.Unicode.GetBytes("<a/>"), 0x20];
        Assert.That(XmlTesting.FailureOf(() => XmlEncoding.ToUtf8(loneSurrogate, null)), Is.EqualTo(SecurityFailure.InvalidEncoding));
        Assert.That(XmlTesting.FailureOf(() => XmlEncoding.ToUtf8(oddLength, null)), Is.EqualTo(SecurityFailure.InvalidEncoding));
    }

    [Test]
    public void ToUtf8_Utf8_IsNotCopied()
    {
        byte[] wire = Wire("<a/>", "utf-8", mark: true);
        ReadOnlyMemory<byte> utf8 = XmlEncoding.ToUtf8(wire, "utf-8");
        Assert.That(MemoryMarshal.TryGetArray(utf8, out ArraySegment<byte> segment), Is.True);
        Assert.That(segment.Array, Is.SameAs(wire));
    }

    private static byte[] Wire(string xml, string encoding, bool mark)
    {
        var coding = Encoding.GetEncoding(encoding);
        return [.. mark ? coding.GetPreamble() : [], .. coding.GetBytes(xml)];
    }
}
