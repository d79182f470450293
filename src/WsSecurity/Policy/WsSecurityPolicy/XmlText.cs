using System.Xml.Linq;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>Elements of others that are kept as they are, each by itself.</summary>
internal static class XmlText
{
    /// <summary>An element as text, with the declarations from around it that a name in its values may need.</summary>
    public static string Of(XElement element)
    {
        var copy = new XElement(element);
        var values = copy.DescendantNodesAndSelf().OfType<XText>().Select(text => text.Value)
            .Concat(copy.DescendantsAndSelf().Attributes().Where(attribute => !attribute.IsNamespaceDeclaration).Select(attribute => attribute.Value)).ToList();
        foreach (var declaration in element.Ancestors().SelectMany(outer => outer.Attributes()).Where(attribute => attribute.IsNamespaceDeclaration && attribute.Name.LocalName != "xmlns"))
        {
            if (copy.Attribute(declaration.Name) is null && values.Exists(value => value.TrimStart().StartsWith($"{declaration.Name.LocalName}:", StringComparison.Ordinal)))
            {
                copy.Add(new XAttribute(declaration));
            }
        }

        return copy.ToString(SaveOptions.DisableFormatting);
    }

    /// <exception cref="NotSupportedException">It is no element.</exception>
    public static XElement Read(string text, string property)
    {
        try
        {
            return PolicyDocument.ReadElement(text);
        }
        catch (System.Xml.XmlException exception)
        {
            throw new NotSupportedException($"WS-SecurityPolicy cannot say {property}: '{text}' is no element ({exception.Message}).", exception);
        }
    }
}
