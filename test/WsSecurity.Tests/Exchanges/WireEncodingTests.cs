using System.Text;
using NUnit.Framework;
using WsSecurity.Tests.Attacks;

namespace WsSecurity.Tests.Exchanges;

/// <summary>Byte order marks, UTF-16 and charsets that lie.</summary>
public sealed class WireEncodingTests
{
    private static readonly Encoding[] Encodings = [new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true), new UnicodeEncoding(false, false), new UnicodeEncoding(true, false)];

    [Test]
    public void VerifyRequest_AnyEncodingThatSoapAllows_Accepts()
    {
        foreach (var preset in Presets.All)
        {
            foreach (var encoding in Encodings)
            {
                var parties = Presets.Parties(preset);
                var text = Encoding.UTF8.GetString(parties.Protect("<a xmlns=\"urn:x\">grün \U0001F600</a>"));
                byte[] wire = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
                using var request = parties.Verify(wire);
                using var reader = new StreamReader(request.Message.OpenRead());
                Assert.That(reader.ReadToEnd(), Does.Contain("grün \U0001F600"), $"{preset}, {encoding.WebName}");
            }
        }
    }

    [Test]
    public void ProtectRequest_Utf16WithDeclaration_WritesUtf8()
    {
        var parties = Presets.Parties("CertificateSignature");
        var plain = "<?xml version=\"1.0\" encoding=\"utf-16\"?>" + Encoding.UTF8.GetString(TestParties.Envelope("<a>grün</a>"));
        var wire = parties.Protect([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(plain)]).Wire;
        Assert.That(wire.Take(3), Is.Not.EqualTo(Encoding.UTF8.GetPreamble()));
        Assert.That(() => parties.Verify(wire), Throws.Nothing);
    }

    [TestCase("utf-8", true)]
    [TestCase("UTF-8", true)]
    [TestCase("\"utf-8\"", true)]
    [TestCase("utf-16", false)]
    [TestCase("iso-8859-1", false)]
    [TestCase("us-ascii", false)]
    [TestCase("utf-7", false)]
    public void VerifyRequest_Charset_MustBeThatOfTheOctets(string charset, bool accepted)
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect();
        parties.Context = new MessageContext { Charset = charset };
        Assert.That(() => parties.Verify(wire), accepted ? Throws.Nothing : Refused.With(SecurityFailure.InvalidEncoding));
    }

    [TestCase("<?xml version=\"1.0\" encoding=\"utf-16\"?>")]
    [TestCase("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>")]
    public void VerifyRequest_DeclarationThatLies_Refuses(string declaration)
    {
        var parties = Presets.Parties("CertificateSignature");
        byte[] wire = [.. Encoding.ASCII.GetBytes(declaration), .. parties.Protect()];
        Assert.That(() => parties.Verify(wire), Refused.With(SecurityFailure.InvalidEncoding));
    }

    [TestCase(new byte[] { 0xC3, 0x28 })]
    [TestCase(new byte[] { 0xED, 0xA0, 0x80 })]
    [TestCase(new byte[] { 0xC0, 0xBC })]
    public void VerifyRequest_NoUtf8_Refuses(byte[] octets)
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect();
        var at = wire.AsSpan().IndexOf("</s:Body>"u8);
        byte[] changed = [.. wire[..at], .. octets, .. wire[at..]];
        Assert.That(() => parties.Verify(changed), Refused.With(SecurityFailure.InvalidEncoding));
    }

    [Test]
    public void VerifyRequest_NothingAtAll_Refuses()
    {
        foreach (var wire in new byte[][] { [], [0xEF, 0xBB, 0xBF], " "u8.ToArray(), "x"u8.ToArray(), [0xFF, 0xFE], [0] })
        {
            Assert.That(() => Presets.Parties("CertificateSignature").Verify(wire), Throws.InstanceOf<WsSecurityException>());
        }
    }

    [Test]
    public void VerifyRequest_TruncatedAnywhere_Refuses()
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = parties.Protect(headers: Presets.Headers);
        for (var length = 0; length < wire.Length; length += 13)
        {
            Assert.That(() => parties.Verify(wire[..length]), Refused.With(SecurityFailure.MalformedXml));
        }
    }
}
