using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.XPath;
using WsSecurity.Xml;

namespace WsSecurity.Fuzzing;

/// <summary>A location path, a line feed, a document: what is accepted selects the elements that the platform's XPath selects.</summary>
internal static class XPathTarget
{
    private static readonly Dictionary<string, string> Namespaces = new() { ["p"] = "urn:p", ["q"] = "urn:q" };

    public static void Read(byte[] octets)
    {
        var end = Math.Max(octets.AsSpan().IndexOf((byte)'\n'), 0);
        var path = LocationPath.Parse(Encoding.UTF8.GetString(octets.AsSpan(0, end)), Namespaces);
        FuzzTarget.Require(path.Equals(LocationPath.Parse(path.Expression, path.Namespaces)), "a path is read again as itself");

        using XmlIndex index = XmlIndex.Scan(octets.AsMemory(Math.Min(end + 1, octets.Length)), ProcessingLimits.Default);
        var selected = path.Select(index).Select(element => Ordinal(index, element)).ToList();
        FuzzTarget.Require(selected.SequenceEqual(Expected(path.Expression, index.Utf8)), "the platform selects the same elements");
    }

    private static int Ordinal(XmlIndex index, WsSecurity.Xml.XmlElement element)
    {
        var ordinal = 0;
        foreach (WsSecurity.Xml.XmlElement each in index.Root.Descendants)
        {
            ordinal += each.Start <= element.Start ? 1 : 0;
        }

        return ordinal;
    }

    private static IEnumerable<int> Expected(string expression, ReadOnlyMemory<byte> utf8)
    {
        var resolver = new XmlNamespaceManager(new NameTable());
        foreach (var (prefix, uri) in Namespaces)
        {
            resolver.AddNamespace(prefix, uri);
        }

        var document = XDocument.Load(new MemoryStream(utf8.ToArray()), LoadOptions.PreserveWhitespace);
        var ordinals = document.Descendants().Select((element, ordinal) => (element, ordinal)).ToDictionary(each => each.element, each => each.ordinal);
        return document.Root!.XPathSelectElements(expression, resolver).Select(element => ordinals[element]).Order();
    }
}
