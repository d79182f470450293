namespace WsSecurity.Xml;

/// <summary>Joins the <c>xml:base</c> values of omitted ancestors (Canonical XML 1.1, section 2.4).</summary>
internal static class XmlBase
{
    /// <summary>
    /// RFC 3986, section 5.2, over a base that need not be absolute: two relative paths join into a relative path, and the
    /// fragment is dropped.
    /// </summary>
    public static string Join(string baseValue, string reference)
    {
        Parts b = Parts.Of(baseValue);
        Parts r = Parts.Of(reference);
        if (b.Path == ".." || b.Path.EndsWith("/..", StringComparison.Ordinal))
        {
            b = b with { Path = b.Path + "/" };
        }

        Parts joined = r switch
        {
            { Scheme: not null } => r with { Path = RemoveDotSegments(r.Path) },
            { Authority: not null } => r with { Scheme = b.Scheme, Path = RemoveDotSegments(r.Path) },
            { Path: "" } => b with { Query = r.Query ?? b.Query },
            { Path: ['/', ..] } => b with { Path = RemoveDotSegments(r.Path), Query = r.Query },
            _ => b with { Path = RemoveDotSegments(Merge(b, r.Path)), Query = r.Query },
        };
        return joined.Recompose();
    }

    // RFC 3986, section 5.2.3.
    private static string Merge(Parts b, string path) => b.Authority is not null && b.Path.Length == 0
        ? "/" + path
        : b.Path[..(b.Path.LastIndexOf('/') + 1)] + path;

    // RFC 3986, section 5.2.4, which here keeps leading ".." segments of relative paths, collapses slashes, and closes a trailing "..".
    internal static string RemoveDotSegments(string path)
    {
        bool rooted = path.StartsWith('/');
        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool directory = path.EndsWith('/') || segments is [.., "." or ".."];
        var kept = new List<string>();
        foreach (string segment in segments)
        {
            if (segment == ".." && kept is [.., not ".."])
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (segment != "." && (segment != ".." || !rooted))
            {
                kept.Add(segment);
            }
        }

        string result = (rooted ? "/" : "") + string.Join('/', kept);
        return directory && kept.Count > 0 ? result + "/" : result;
    }

    private sealed record Parts(string? Scheme, string? Authority, string Path, string? Query)
    {
        // RFC 3986, appendix B.
        public static Parts Of(string reference)
        {
            int fragment = reference.IndexOf('#', StringComparison.Ordinal);
            string rest = fragment < 0 ? reference : reference[..fragment];
            string? query = null;
            if (rest.IndexOf('?', StringComparison.Ordinal) is >= 0 and int mark)
            {
                query = rest[(mark + 1)..];
                rest = rest[..mark];
            }

            string? scheme = null;
            if (rest.AsSpan().IndexOfAny(":/") is > 0 and int colon && rest[colon] == ':')
            {
                scheme = rest[..colon];
                rest = rest[(colon + 1)..];
            }

            string? authority = null;
            if (rest.StartsWith("//", StringComparison.Ordinal))
            {
                int slash = rest.IndexOf('/', 2);
                authority = slash < 0 ? rest[2..] : rest[2..slash];
                rest = slash < 0 ? "" : rest[slash..];
            }

            return new Parts(scheme, authority, rest, query);
        }

        // RFC 3986, section 5.3.
        public string Recompose() =>
            (Scheme is null ? "" : Scheme + ":") + (Authority is null ? "" : "//" + Authority) + Path + (Query is null ? "" : "?" + Query);
    }
}
