namespace WsSecurity.Cli.Evidence;

/// <summary>Algorithms by the short part of their URI, for people.</summary>
internal static class AlgorithmNames
{
    public static string Short(string uri) => uri switch
    {
        "http://www.w3.org/2001/10/xml-exc-c14n#" => "exc-c14n",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments" => "exc-c14n with comments",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315" => "c14n",
        "http://www.w3.org/2006/12/xml-c14n11" => "c14n 1.1",
        _ when uri.LastIndexOfAny(['#', '/']) is var cut and >= 0 && cut < uri.Length - 1 => uri[(cut + 1)..],
        _ => uri,
    };
}
