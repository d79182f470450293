using NUnit.Framework;
using WsSecurity.ServiceModel.Encoding;

namespace WsSecurity.ServiceModel.Tests.Encoding;

internal sealed class CharacterEncodingTests
{
    [TestCase("text/xml; charset=utf-8", true, "utf-8")]
    [TestCase("TEXT/XML;charset=\"UTF-8\"", true, "UTF-8")]
    [TestCase("application/soap+xml; charset=utf-16; action=\"urn:a\"", true, "utf-16")]
    [TestCase("text/xml", true, null)]
    [TestCase("text/xml; charset=iso-8859-1", false, "iso-8859-1")]
    [TestCase("application/soap+msbin1", false, null)]
    [TestCase("multipart/related; type=\"application/xop+xml\"; boundary=b", false, null)]
    [TestCase("nonsense", false, null)]
    [TestCase(null, false, null)]
    public void IsText_ByMediaTypeAndCharset(string? contentType, bool expected, string? expectedCharset)
    {
        Assert.That(CharacterEncoding.IsText(contentType, out var charset), Is.EqualTo(expected));
        Assert.That(charset, Is.EqualTo(expectedCharset));
    }

    [TestCase("text/xml; charset=utf-8", true)]
    [TestCase("application/soap+xml; charset=utf-16", false)]
    [TestCase("text/xml", false)]
    public void IsUtf8Text_OnlyWhereItSaysSo(string contentType, bool expected) => Assert.That(CharacterEncoding.IsUtf8Text(contentType), Is.EqualTo(expected));
}
