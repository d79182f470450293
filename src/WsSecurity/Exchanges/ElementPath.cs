using System.Text;
using WsSecurity.Soap;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>Says where an element stands, for evidence and messages; SOAP's own elements go without their namespace.</summary>
internal static class ElementPath
{
    public static string Of(XmlElement element)
    {
        var steps = new Stack<XmlElement>();
        for (var current = element; !current.IsNone; current = current.Parent)
        {
            steps.Push(current);
        }

        var path = new StringBuilder(64);
        foreach (var step in steps)
        {
            Append(path, step);
        }

        return path.ToString();
    }

    private static void Append(StringBuilder path, XmlElement element)
    {
        path.Append('/');
        var uri = element.NamespaceUri;
        if (uri.Length > 0 && uri is not (SoapNamespaces.Soap11 or SoapNamespaces.Soap12))
        {
            path.Append('{').Append(uri).Append('}');
        }

        path.Append(Encoding.UTF8.GetString(element.LocalName));
    }
}
