using NUnit.Framework;
using WsSecurity.Tests.Vectors;
using WsSecurity.Xml;

namespace WsSecurity.Tests.Xml;

/// <summary>Canonical forms that others published, octet for octet.</summary>
[VectorFixture]
internal sealed class CanonicalizationVectorTests
{
    private const string Examples = "santuario/org/apache/xml/security/c14n/";
    private const string C14n11 = "santuario/org/w3c/www/interop/c14n11/";

    // Apache Santuario's examples of both specifications. Those with a document type are left out, and those whose xml:space is no xml:space.
    [TestCase("in/32_input.xml", "in/32_c14n.xml", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "", "")]
    [TestCase("in/32_input.xml", "in/32_c14n.xml", "http://www.w3.org/2006/12/xml-c14n11", "", "")]
    [TestCase("in/default_ns_redefinition_input.xml", "in/default_ns_redefinition_c14n.xml", "http://www.w3.org/2001/10/xml-exc-c14n#", "Object", "")]
    [TestCase("inExcl/example2_2_1.xml", "inExcl/example2_2_1_c14nized.xml", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "elem2", "")]
    [TestCase("inExcl/example2_2_1.xml", "inExcl/example2_2_c14nized_exclusive.xml", "http://www.w3.org/2001/10/xml-exc-c14n#", "elem2", "")]
    [TestCase("inExcl/example2_4.xml", "inExcl/example2_4_c14nized.xml", "http://www.w3.org/2001/10/xml-exc-c14n#", "elem2", "")]
    [TestCase("inExcl/plain-soap-1.1.xml", "inExcl/plain-soap-c14nized.xml", "http://www.w3.org/2001/10/xml-exc-c14n#", "Body", "env ns0 xsi wsu")]
    public void Canonicalize_SantuarioExample_GivesItsForm(string input, string expected, string method, string apex, string prefixes)
    {
        using XmlIndex index = Load(Examples + input);
        string canonical = XmlTesting.Canonical(
            CanonicalizationMethod.Find(method)!, apex.Length == 0 ? index.Root : index.Find(apex), prefixes);
        Assert.That(canonical, Is.EqualTo(File.ReadAllText(SharedVectors.Require(Examples + expected))));
    }

    // The interoperability tests of Canonical XML 1.1, those that select whole elements.
    [TestCase("xmlbase-prop", 2, "e1")]
    [TestCase("xmlbase-prop", 3, "e11")]
    [TestCase("xmlbase-prop", 4, "e111")]
    [TestCase("xmlbase-prop", 5, "e21")]
    [TestCase("xmlbase-prop", 6, "e3")]
    [TestCase("xmlid", 1, "e1")]
    [TestCase("xmlid", 2, "e11 e12")]
    [TestCase("xmllang", 1, "e1")]
    [TestCase("xmllang", 2, "e2")]
    [TestCase("xmllang", 3, "e11")]
    [TestCase("xmllang", 4, "e11 e12")]
    public void Canonicalize_InteroperabilityTestOfCanonicalXml11_GivesItsForm(string name, int number, string elements)
    {
        using XmlIndex index = Load($"{C14n11}{name}-input.xml");
        IEnumerable<string> canonical = elements.Split(' ').Select(element => XmlTesting.Canonical(CanonicalizationMethod.Inclusive11, index.Find(element)));
        Assert.That(string.Concat(canonical), Is.EqualTo(File.ReadAllText(SharedVectors.Require($"{C14n11}{name}-{number}.output"))));
    }

    [Test]
    public void Canonicalize_InteroperabilityTestThatOmitsAnElement_GivesItsForm()
    {
        using XmlIndex index = Load($"{C14n11}xmlbase-prop-input.xml");
        string canonical = XmlTesting.Canonical(CanonicalizationMethod.Inclusive11, index.Root, omitted: index.Find("e2"));
        Assert.That(canonical, Is.EqualTo(File.ReadAllText(SharedVectors.Require($"{C14n11}xmlbase-prop-1.output"))));
    }

    // Canonical XML 1.1, appendix A.
    [Test]
    public void RemoveDotSegments_EveryRowOfTheAppendix_GivesItsResult()
    {
        string[] inputs = File.ReadAllLines(SharedVectors.Require(C14n11 + "appendixa/inputs.txt"));
        string[] outputs = File.ReadAllLines(SharedVectors.Require(C14n11 + "appendixa/outputs.txt"));
        Assert.That(inputs.Select(XmlBase.RemoveDotSegments).ToArray(), Is.EqualTo(outputs));
    }

    private static XmlIndex Load(string path) =>
        XmlIndex.Scan(XmlEncoding.ToUtf8(File.ReadAllBytes(SharedVectors.Require(path)), charset: null), ProcessingLimits.Default);
}
