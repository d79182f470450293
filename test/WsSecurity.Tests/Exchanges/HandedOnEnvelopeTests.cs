using System.Buffers;
using System.Text;
using System.Xml.Linq;
using NUnit.Framework;

namespace WsSecurity.Tests.Exchanges;

/// <summary>What the application gets of a signed message.</summary>
public sealed class HandedOnEnvelopeTests
{
    // Exclusive canonicalization drops each of these declarations, as no name shows it.
    [TestCase("<e:a xmlns:e=\"urn:e\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:x=\"urn:x\" i:type=\"x:T\"/>", "x", "urn:x")]
    [TestCase("<e:a xmlns:e=\"urn:e\"><e:code xmlns:x=\"urn:x\">x:Name</e:code></e:a>", "x", "urn:x")]
    [TestCase("<e:a xmlns:e=\"urn:e\"><e:code xmlns=\"urn:x\">Name</e:code></e:a>", "", "urn:x")]
    public void VerifyRequest_PrefixUsedInAValue_HandsItsDeclarationOn(string body, string prefix, string uri)
    {
        var parties = TestParties.Of(SecurityPolicy.CertificateSignature);

        using var request = parties.Verify(parties.Protect(body));

        var envelope = XDocument.Parse(Encoding.UTF8.GetString(request.Message.Envelope.ToArray()));
        var innermost = envelope.Descendants().Last();
        var found = prefix.Length == 0 ? innermost.GetDefaultNamespace() : innermost.GetNamespaceOfPrefix(prefix);
        Assert.That(found?.NamespaceName, Is.EqualTo(uri));
    }
}
