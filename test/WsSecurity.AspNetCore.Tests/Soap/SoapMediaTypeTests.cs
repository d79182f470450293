using NUnit.Framework;
using WsSecurity.AspNetCore.Soap;

namespace WsSecurity.AspNetCore.Tests.Soap;

public sealed class SoapMediaTypeTests
{
    [TestCase("text/xml", SoapVersion.Soap11, null, null)]
    [TestCase("TEXT/XML; Charset=UTF-8", SoapVersion.Soap11, "UTF-8", null)]
    [TestCase("text/xml;charset=\"utf-8\"", SoapVersion.Soap11, "utf-8", null)]
    [TestCase("text/xml; action=\"urn:ignored\"", SoapVersion.Soap11, null, null)]
    [TestCase("application/soap+xml; charset=utf-8; action=\"urn:a\"", SoapVersion.Soap12, "utf-8", "urn:a")]
    [TestCase("application/soap+xml; action=urn-a", SoapVersion.Soap12, null, "urn-a")]
    [TestCase("application/soap+xml; action=\"\"", SoapVersion.Soap12, null, null)]
    public void TryParse_SoapMediaTypes_AreRead(string contentType, SoapVersion version, string? charset, string? action)
    {
        Assert.That(SoapMediaType.TryParse(contentType, out var mediaType), Is.True);
        Assert.That(mediaType, Is.EqualTo(new SoapMediaType(version, charset, action)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("xml")]
    [TestCase("application/xml")]
    [TestCase("application/xop+xml")]
    [TestCase("text/xml, application/soap+xml")]
    public void TryParse_OtherMediaTypes_AreRefused(string? contentType)
    {
        Assert.That(SoapMediaType.TryParse(contentType, out _), Is.False);
    }

    [TestCase("urn:a")]
    [TestCase("urn:\"quoted\" \\ and")]
    public void ToContentType_Action_ReadsBackAsItWas(string action)
    {
        var mediaType = new SoapMediaType(SoapVersion.Soap12, "utf-8", action);

        Assert.That(SoapMediaType.TryParse(mediaType.ToContentType(), out var again), Is.True);
        Assert.That(again, Is.EqualTo(mediaType));
    }
}
