using System.Text;
using System.Xml;
using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Attacks;

/// <summary>
/// Comments that canonicalization skips split a text for who reads it node by node (CVE-2017-11427 and its kin): what is handed on has none.
/// </summary>
public sealed class CommentInjectionTests
{
    [TestCase("<add xmlns=\"urn:calc\"><a>10<!-- -->00</a></add>")]
    [TestCase("<!-- --><add xmlns=\"urn:calc\"><a>1000</a></add>")]
    [TestCase("<add xmlns=\"urn:calc\"><a>1000</a><!-- --></add>")]
    public void VerifyRequest_CommentPutIntoASignedBody_HandsOnTheTextInOnePiece(string body)
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = Encoding.UTF8.GetString(parties.Protect("<add xmlns=\"urn:calc\"><a>1000</a></add>"))
            .Replace("<add xmlns=\"urn:calc\"><a>1000</a></add>", body, StringComparison.Ordinal);
        using var request = parties.Verify(Encoding.UTF8.GetBytes(wire));
        Assert.That(FirstText(request.Message), Is.EqualTo("1000"));
    }

    [Test]
    public void VerifyRequest_CommentInASignedElementOfAnUnsignedBody_HandsOnTheTextInOnePiece()
    {
        var name = new QualifiedName("urn:calc", "a");
        var parties = Presets.Parties(SecurityPolicy.CertificateSignature with { SignedParts = new MessageParts { Elements = [name] } });
        var wire = Encoding.UTF8.GetString(parties.Protect("<add xmlns=\"urn:calc\"><a>1000</a></add>")).Replace(">1000<", ">10<!-- -->00<", StringComparison.Ordinal);
        using var request = parties.Verify(Encoding.UTF8.GetBytes(wire));
        Assert.That(FirstText(request.Message), Is.EqualTo("1000"));
    }

    [TestCase("Action")]
    [TestCase("To")]
    public void VerifyRequest_CommentInASignedHeader_IsReadAsSigned(string header)
    {
        var parties = Presets.Parties("CertificateSignature");
        var wire = Wire.Change(parties.Protect(headers: Presets.Headers), message =>
        {
            var element = message.Find(Wire.Wsa + header);
            element.ReplaceNodes(new XText(element.Value[..5]), new XComment("-"), new XText(element.Value[5..]));
        });
        parties.Context = new MessageContext { Action = "urn:calc/add", EndpointAddress = new Uri("http://service.example/calc") };
        using var request = parties.Verify(wire);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.Message.Action, Is.EqualTo("urn:calc/add"));
            Assert.That(Encoding.UTF8.GetString(System.Buffers.BuffersExtensions.ToArray(request.Message.Envelope)), Does.Not.Contain("<!--"));
        }
    }

    [Test]
    public void VerifyRequest_CommentInTheUsername_IsReadWhole()
    {
        var parties = Presets.Parties("UserNameOverTransport");
        var wire = Wire.Change(parties.Protect(), message => message.Find(Wire.Wsse + "Username").ReplaceNodes(new XText("al"), new XComment("-"), new XText("ice")));
        using var request = parties.Verify(wire);
        Assert.That(request.Message.Principal.Identity!.Name, Is.EqualTo("alice"));
    }

    // As a careless reader does it: the first text node.
    private static string FirstText(VerifiedMessage message)
    {
        using var reader = XmlReader.Create(message.OpenRead());
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Text)
            {
                return reader.Value;
            }
        }

        return string.Empty;
    }
}
