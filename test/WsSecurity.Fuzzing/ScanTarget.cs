using System.Xml;
using WsSecurity.Xml;
using XmlElement = WsSecurity.Xml.XmlElement;

namespace WsSecurity.Fuzzing;

/// <summary>Scans a document; what is accepted the platform's reader must accept too, and every element must lie inside of its parent.</summary>
internal static class ScanTarget
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit };

    public static void Read(byte[] octets)
    {
        ReadOnlyMemory<byte> utf8 = XmlEncoding.ToUtf8(octets, charset: null);
        using XmlIndex index = XmlIndex.Scan(utf8, ProcessingLimits.Default);

        using (var reader = XmlReader.Create(new MemoryStream(utf8.ToArray()), Settings))
        {
            while (reader.Read())
            {
            }
        }

        foreach (XmlElement element in index.Root.Descendants)
        {
            XmlElement parent = element.Parent;
            FuzzTarget.Require(
                parent.ContentStart <= element.Start && element.End <= parent.ContentEnd && element.ContentStart <= element.ContentEnd,
                "an element lies inside of its parent");
            FuzzTarget.Require(index.ElementAt(element.Start) == element, "an element is found where it starts");
            _ = element.NamespaceUri.Length + element.GetText().Length + element.NamespacesInScope().Count;
            foreach (WsSecurity.Xml.XmlAttribute attribute in element.Attributes)
            {
                _ = attribute.GetValue().Length + attribute.NamespaceUri.Length;
            }
        }

        XmlIndex.CheckBalanced(index.Root.Octets.Span, exactlyOneElement: true);
    }
}
