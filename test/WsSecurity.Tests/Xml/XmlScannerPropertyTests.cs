using System.Text;
using System.Xml;
using NUnit.Framework;
using WsSecurity.Xml;
using XmlElement = WsSecurity.Xml.XmlElement;

namespace WsSecurity.Tests.Xml;

[TestFixture]
internal sealed class XmlScannerPropertyTests
{
    private const int Documents = 20_000;

    [Test]
    public void Scan_MutatedDocuments_AcceptsWhatThePlatformReaderAccepts()
    {
        int accepted = 0;
        for (int seed = 0; seed < Documents; seed++)
        {
            byte[] octets = new DocumentMutator(seed).Mutate(new DocumentGenerator(seed % 4000).Generate());
            SecurityFailure failure = XmlTesting.FailureOf(() => XmlIndex.Scan(octets, ProcessingLimits.Default).Dispose());
            bool expected = XmlTesting.PlatformAccepts(octets);
            accepted += expected ? 1 : 0;
            if (failure == SecurityFailure.None != expected)
            {
                Assert.Fail($"Seed {seed}: {failure}, but the platform {(expected ? "accepts" : "refuses")}:\n{Encoding.UTF8.GetString(octets)}");
            }
        }

        // A mutator that breaks everything would prove nothing.
        Assert.That(accepted, Is.InRange(Documents / 20, Documents * 19 / 20));
    }

    [Test]
    public void Scan_RandomDocuments_SeesTheInfosetOfThePlatformReader([Values] DocumentStyle style)
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            string xml = new DocumentGenerator(seed, style).Generate();
            using XmlIndex index = XmlTesting.Scan(xml);
            var document = new XmlDocument { PreserveWhitespace = true };
            using (var reader = XmlReader.Create(
                new MemoryStream(Encoding.UTF8.GetBytes(xml)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit }))
            {
                document.Load(reader);
            }

            Assert.That(Describe(index.Root), Is.EqualTo(Describe(document.DocumentElement!)), $"seed {seed}\n{xml}");
        }
    }

    private static string Describe(XmlElement element)
    {
        var text = new StringBuilder();
        text.Append('{').Append(element.NamespaceUri).Append('}').Append(Encoding.UTF8.GetString(element.QualifiedName));
        var attributes = new List<string>();
        foreach (WsSecurity.Xml.XmlAttribute attribute in element.Attributes)
        {
            attributes.Add($"{{{attribute.NamespaceUri}}}{Encoding.UTF8.GetString(attribute.LocalName)}='{attribute.GetValue()}'");
        }

        attributes.Sort(StringComparer.Ordinal);
        text.AppendJoin(' ', attributes);
        IEnumerable<string> scope = element.NamespacesInScope().Select(declaration => $"{declaration.Prefix}={declaration.Uri}");
        text.Append('[').AppendJoin(' ', scope.Order(StringComparer.Ordinal)).Append("](").Append(element.GetText()).Append(')');
        foreach (XmlElement child in element.Children)
        {
            Assert.That(child.Parent, Is.EqualTo(element));
            text.Append(Describe(child));
        }

        return text.Append('/').ToString();
    }

    private static string Describe(System.Xml.XmlElement element)
    {
        var text = new StringBuilder();
        text.Append('{').Append(element.NamespaceURI).Append('}').Append(element.Name);
        var attributes = new List<string>();
        foreach (System.Xml.XmlAttribute attribute in element.Attributes)
        {
            if (attribute.NamespaceURI != "http://www.w3.org/2000/xmlns/")
            {
                attributes.Add($"{{{attribute.NamespaceURI}}}{attribute.LocalName}='{attribute.Value}'");
            }
        }

        attributes.Sort(StringComparer.Ordinal);
        text.AppendJoin(' ', attributes);
        IDictionary<string, string> namespaces = element.CreateNavigator()!.GetNamespacesInScope(XmlNamespaceScope.ExcludeXml);
        IEnumerable<string> scope = namespaces.Where(entry => entry.Key.Length > 0 || entry.Value.Length > 0).Select(entry => $"{entry.Key}={entry.Value}");
        text.Append('[').AppendJoin(' ', scope.Order(StringComparer.Ordinal)).Append("](").Append(element.InnerText).Append(')');
        foreach (System.Xml.XmlElement child in element.ChildNodes.OfType<System.Xml.XmlElement>())
        {
            text.Append(Describe(child));
        }

        return text.Append('/').ToString();
    }
}
