using System.Text;
using System.Xml;
using WsSecurity.Xml;
using XmlElement = WsSecurity.Xml.XmlElement;

namespace WsSecurity.Tests.Xml;

/// <summary>What the tests of the XML layer share.</summary>
internal static class XmlTesting
{
    public static XmlIndex Scan(string xml, ProcessingLimits? limits = null) =>
        XmlIndex.Scan(Encoding.UTF8.GetBytes(xml), limits ?? ProcessingLimits.Default);

    public static SecurityFailure FailureOf(Action action)
    {
        try
        {
            action();
            return SecurityFailure.None;
        }
        catch (WsSecurityException exception)
        {
            return exception.Failure;
        }
    }

    public static XmlElement Find(this XmlIndex index, string localName)
    {
        byte[] name = Encoding.UTF8.GetBytes(localName);
        for (int row = 0; row < index.Count; row++)
        {
            var element = new XmlElement(index, row);
            if (element.LocalName.SequenceEqual(name))
            {
                return element;
            }
        }

        throw new ArgumentException($"There is no element '{localName}'.");
    }

    /// <summary>The canonical form, in whichever way the method takes.</summary>
    public static string Canonical(CanonicalizationMethod method, XmlElement apex, string prefixes = "", XmlElement omitted = default)
    {
        using var sink = new OctetSequenceBuilder(apex.Index.Utf8);
        method.Canonicalize(apex, PrefixList.Parse(prefixes), omitted, sink);
        return Encoding.UTF8.GetString(sink.ToSequence());
    }

    /// <summary>The canonical form, always by the writer.</summary>
    public static string Written(CanonicalizationMethod method, XmlElement apex, string prefixes = "", XmlElement omitted = default)
    {
        using var sink = new OctetSequenceBuilder(apex.Index.Utf8);
        method.WriteCanonical(apex, PrefixList.Parse(prefixes), omitted, sink);
        return Encoding.UTF8.GetString(sink.ToSequence());
    }

    /// <summary>
    /// Whether the reader of the platform accepts a document that has neither a document type nor processing instructions, but for what it
    /// lets through against its specifications.
    /// </summary>
    public static bool PlatformAccepts(byte[] utf8)
    {
        // It skips a byte order mark, which is not the scanner's business, and overlooks a character that the end cuts off.
        if (utf8.AsSpan().StartsWith("\uFEFF"u8) || !System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return false;
        }

        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(utf8), settings);
            while (reader.Read())
            {
                bool refused = reader.NodeType switch
                {
                    XmlNodeType.ProcessingInstruction => true,
                    XmlNodeType.XmlDeclaration => reader.GetAttribute("version") != "1.0",

                    // Namespaces in XML 1.0 (third edition), section 3: no element has the prefix xmlns.
                    XmlNodeType.Element => reader.Prefix == "xmlns",
                    _ => false,
                };
                if (refused)
                {
                    return false;
                }
            }

            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
