using System.Text;
using WsSecurity.Soap;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>Says where an element stands, for evidence and messages; SOAP's own elements go without their namespace.</summary>
internal static class ElementPath
{
    public static string Of(XmlElement element)
    {
        var path = new StringBuilder();
        for (var current = element; !current.IsNone; current = current.Parent)
        {
            path.Insert(0, Step(current));
        }

        return path.ToString();
    }

    private static string Step(XmlElement element)
    {
        var name = Encoding.UTF8.GetString(element.LocalName);
        var uri = element.NamespaceUri;
        return uri is SoapNamespaces.Soap11 or SoapNamespaces.Soap12 || uri.Length == 0 ? $"/{name}" : $"/{{{uri}}}{name}";
    }
}
