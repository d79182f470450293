using System.Text;

namespace WsSecurity.Xml;

/// <summary>
/// The prefixes that an element takes from around it. In a plaintext they are no part of the ciphertext, so a signature over that does not show them:
/// whoever binds them anew changes what every such name means.
/// </summary>
internal static class OuterPrefixes
{
    /// <summary>The prefixes of names and <c>xsi:type</c> values that the element and its content use and do not declare; empty for a default namespace.</summary>
    public static HashSet<string> Of(XmlElement element)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);

        // What is canonical where it stands declares whatever it uses.
        if ((element.Row.Flags & (XmlRowFlags.CanonicalInPlace | XmlRowFlags.TypeBoundOutside)) == XmlRowFlags.CanonicalInPlace)
        {
            return found;
        }

        Collect(element, element, found);
        foreach (var descendant in element.Descendants)
        {
            Collect(descendant, element, found);
        }

        return found;
    }

    /// <summary>Whether exclusive canonicalization renders the binding of a prefix somewhere between an element and the apex that is around it.</summary>
    public static bool IsRendered(string prefix, XmlElement element, XmlElement apex)
    {
        for (var outer = element; outer != apex;)
        {
            outer = outer.Parent;
            if (outer.IsNone)
            {
                return false;
            }

            if (UsesVisibly(outer, prefix))
            {
                return true;
            }

            if (Declares(outer, prefix))
            {
                return false;
            }
        }

        return false;
    }

    private static void Collect(XmlElement element, XmlElement root, HashSet<string> found)
    {
        var prefix = Encoding.UTF8.GetString(element.Prefix);
        if (prefix.Length > 0 || element.NamespaceUri.Length > 0)
        {
            Add(prefix, element, root, found);
        }

        foreach (var attribute in element.Attributes)
        {
            if (!attribute.Prefix.IsEmpty)
            {
                Add(Encoding.UTF8.GetString(attribute.Prefix), element, root, found);
            }

            if (attribute.Is("type", "http://www.w3.org/2001/XMLSchema-instance"))
            {
                var type = attribute.GetValue().Trim();
                Add(type[..Math.Max(type.IndexOf(':', StringComparison.Ordinal), 0)], element, root, found);
            }
        }
    }

    private static void Add(string prefix, XmlElement element, XmlElement root, HashSet<string> found)
    {
        if (prefix == "xml" || found.Contains(prefix) || (prefix.Length == 0 && string.IsNullOrEmpty(element.LookupNamespace(prefix))))
        {
            return;
        }

        for (var current = element; !Declares(current, prefix); current = current.Parent)
        {
            if (current == root)
            {
                found.Add(prefix);
                return;
            }
        }
    }

    private static bool UsesVisibly(XmlElement element, string prefix)
    {
        var sought = Encoding.UTF8.GetBytes(prefix);
        if (element.Prefix.SequenceEqual(sought))
        {
            return true;
        }

        foreach (var attribute in element.Attributes)
        {
            if (sought.Length > 0 && attribute.Prefix.SequenceEqual(sought))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Declares(XmlElement element, string prefix)
    {
        var tag = new XmlTagReader(element.Index.Source, element.Row);
        while (tag.Read())
        {
            if (tag.IsDeclaration && (tag.PrefixLength == 0 ? prefix.Length == 0 : tag.LocalName.SequenceEqual(Encoding.UTF8.GetBytes(prefix))))
            {
                return true;
            }
        }

        return false;
    }
}
