using System.Text;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Policy;

/// <summary>Finds the elements that a policy's parts name, in an envelope.</summary>
internal static class PartSelection
{
    /// <summary>The header blocks that are named; never a Security header, which is not a part.</summary>
    public static IEnumerable<XmlElement> Headers(SoapEnvelope envelope, MessageParts parts, XmlElement securityHeader)
    {
        if (parts.Headers.Count == 0 || envelope.Header.IsNone)
        {
            return [];
        }

        var found = new List<XmlElement>();
        foreach (var block in envelope.Header.Children)
        {
            if (block != securityHeader && !block.Is("Security"u8, Wsse.Namespace) && IsNamed(block, parts.Headers))
            {
                found.Add(block);
            }
        }

        return found;
    }

    /// <summary>The elements below the Body that are named.</summary>
    public static IEnumerable<XmlElement> Elements(SoapEnvelope envelope, MessageParts parts)
    {
        if (parts.Elements.Count == 0)
        {
            return [];
        }

        var found = new List<XmlElement>();
        foreach (var element in envelope.Body.Descendants)
        {
            if (IsNamed(element, parts.Elements))
            {
                found.Add(element);
            }
        }

        return found;
    }

    private static bool IsNamed(XmlElement element, IReadOnlyList<QualifiedName> names)
    {
        foreach (var name in names)
        {
            if (element.NamespaceUri == name.Namespace && (name.Name is null || Encoding.UTF8.GetString(element.LocalName) == name.Name))
            {
                return true;
            }
        }

        return false;
    }
}
