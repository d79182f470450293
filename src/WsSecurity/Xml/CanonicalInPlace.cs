namespace WsSecurity.Xml;

/// <summary>Decides whether the octets of an element are already its exclusive canonical form.</summary>
internal static class CanonicalInPlace
{
    /// <summary>Whether the digest may be taken over the octets as they stand.</summary>
    public static bool Is(XmlElement apex, PrefixList prefixes)
    {
        ref XmlRow row = ref apex.Row;
        if ((row.Flags & XmlRowFlags.CanonicalInPlace) == 0 || apex.Index.Namespaces.HasRelativeUri)
        {
            return false;
        }

        return (prefixes.IsEmpty && (row.Flags & XmlRowFlags.UnusedDeclaration) == 0) || AgreesWithPrefixList(apex, prefixes);
    }

    // What the list names must be declared by the apex itself if it is in scope, and what the apex declares must be used or listed.
    private static bool AgreesWithPrefixList(XmlElement apex, PrefixList prefixes)
    {
        NamespaceTable namespaces = apex.Index.Namespaces;
        var listed = new HashSet<int>(prefixes.Prefixes.Select(namespaces.FindPrefix));
        var used = new HashSet<int> { namespaces.PrefixOf(apex.Row.Namespace) };
        var declared = new HashSet<int>();
        var tag = new XmlTagReader(apex.Index.Source, apex.Row);
        while (tag.Read())
        {
            if (tag.IsDeclaration)
            {
                tag.Declaration(namespaces, out int prefix);
                declared.Add(prefix);
            }
            else if (tag.PrefixLength > 0)
            {
                used.Add(namespaces.FindPrefix(tag.Prefix));
            }
        }

        if (!declared.All(prefix => used.Contains(prefix) || listed.Contains(prefix)))
        {
            return false;
        }

        listed.ExceptWith(declared);
        XmlElement ancestor = apex.Parent;
        while (!ancestor.IsNone && listed.Count > 0)
        {
            var outer = new XmlTagReader(apex.Index.Source, ancestor.Row);
            while (outer.Read())
            {
                if (outer.IsDeclaration)
                {
                    outer.Declaration(namespaces, out int prefix);
                    if (listed.Contains(prefix))
                    {
                        return false;
                    }
                }
            }

            ancestor = ancestor.Parent;
        }

        return true;
    }
}
