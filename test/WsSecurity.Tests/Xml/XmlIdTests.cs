using System.Text;
using NUnit.Framework;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class XmlIdTests
{
    private const string Wsu = "xmlns:u='http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'";

    [TestCase($"<t {Wsu} u:Id='i'/>")]
    [TestCase("<t xmlns='http://www.w3.org/2000/09/xmldsig#' Id='i'/>")]
    [TestCase("<t xmlns='http://www.w3.org/2001/04/xmlenc#' Id='i'/>")]
    [TestCase("<t xmlns='http://www.w3.org/2009/xmlenc11#' Id='i'/>")]
    [TestCase("<t xmlns='urn:oasis:names:tc:SAML:2.0:assertion' ID='i'/>")]
    [TestCase("<Assertion xmlns='urn:oasis:names:tc:SAML:1.0:assertion' AssertionID='i'/>")]
    [TestCase("<p:Assertion xmlns:p='urn:oasis:names:tc:SAML:1.0:assertion' AssertionID='i'/>")]
    public void FindById_AttributeThatWsSecurityResolves_Finds(string element)
    {
        using XmlIndex index = XmlTesting.Scan($"<r>{element}</r>");
        Assert.That(index.FindById("i"), Is.EqualTo(index.Root.FirstChild));
    }

    [TestCase("<t Id='i'/>")]
    [TestCase("<t ID='i'/>")]
    [TestCase("<t id='i'/>")]
    [TestCase("<t xml:id='i'/>")]
    [TestCase("<t AssertionID='i'/>")]
    [TestCase($"<t {Wsu} u:ID='i'/>")]
    [TestCase("<t xmlns:p='urn:x' p:Id='i'/>")]
    [TestCase("<t xmlns='http://www.w3.org/2000/09/xmldsig#' ID='i'/>")]
    [TestCase("<t xmlns='urn:oasis:names:tc:SAML:2.0:assertion' Id='i'/>")]
    [TestCase("<t xmlns='urn:oasis:names:tc:SAML:1.0:assertion' AssertionID='i'/>")]
    [TestCase("<XAssertion xmlns='urn:oasis:names:tc:SAML:1.0:assertion' AssertionID='i'/>")]
    [TestCase("<t xmlns:d='http://www.w3.org/2000/09/xmldsig#' d:Id='i'/>")]
    public void FindById_AnyOtherAttribute_FindsNothing(string element)
    {
        using XmlIndex index = XmlTesting.Scan($"<r>{element}</r>");
        Assert.That(index.FindById("i").IsNone, Is.True);
    }

    [TestCase("u:Id")]
    [TestCase("Id")]
    [TestCase("ID")]
    [TestCase("id")]
    [TestCase("AssertionID")]
    [TestCase("xml:id")]
    public void FindById_ValueOnAnotherElementToo_FailsWithDuplicateId(string attribute)
    {
        foreach (string elements in new[] { $"<t u:Id='i'/><x {attribute}='i'/>", $"<x {attribute}='&#105;'/><t u:Id='i'/>" })
        {
            using XmlIndex index = XmlTesting.Scan($"<r {Wsu}>{elements}</r>");
            Assert.That(XmlTesting.FailureOf(() => index.FindById("i")), Is.EqualTo(SecurityFailure.DuplicateId));
        }
    }

    [Test]
    public void FindById_ValueTwiceOnOneElement_Finds()
    {
        using XmlIndex index = XmlTesting.Scan($"<t {Wsu} u:Id='i' Id='i' id='i'/>");
        Assert.That(index.FindById("i"), Is.EqualTo(index.Root));
    }

    [Test]
    public void FindById_DuplicatesThatNobodyReferences_DoNotMatter()
    {
        using XmlIndex index = XmlTesting.Scan($"<r {Wsu} u:Id='i'><x Id='j'/><x Id='j'/></r>");
        Assert.That(index.FindById("i"), Is.EqualTo(index.Root));
        Assert.That(index.FindById("j").IsNone, Is.True);
    }

    [Test]
    public void FindById_ValueThatNeedsNormalization_ComparesNormalized()
    {
        using XmlIndex index = XmlTesting.Scan($"<r {Wsu} u:Id='a\tb&amp;&#x20AC;'/>");
        Assert.That(index.FindById("a b&\u20AC"), Is.EqualTo(index.Root));
        Assert.That(index.FindById("a\tb&amp;&#x20AC;").IsNone, Is.True);
    }

    [Test]
    public void FindById_AmongManyIds_FindsTheRightOne()
    {
        const int Rows = 5000;
        var xml = new StringBuilder($"<r {Wsu}>");
        for (int i = 0; i < Rows; i++)
        {
            xml.Append("<x u:Id='id-").Append(i).Append("' id='row-").Append(i).Append("'/>");
        }

        using XmlIndex index = XmlTesting.Scan(xml.Append("</r>").ToString());
        for (int i = 0; i < Rows; i += 7)
        {
            Assert.That(index.FindById($"id-{i}").GetAttribute("id"), Is.EqualTo($"row-{i}"));
            Assert.That(index.FindById($"row-{i}").IsNone, Is.True);
        }
    }
}
