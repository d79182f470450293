using System.Runtime.CompilerServices;
using System.Text;

namespace WsSecurity.Xml;

/// <summary>Namespaces that the engine itself has to recognize while it scans.</summary>
internal enum KnownNamespace : byte
{
    None,
    Xml,
    XmlSchemaInstance,
    WsSecurityUtility,
    XmlSignature,
    XmlEncryption,
    XmlEncryption11,
    Saml11,
    Saml20,
}

/// <summary>
/// The prefixes and the pairs of prefix and namespace that a document declares, each interned once, with the scope that is
/// in force while the document is being scanned.
/// </summary>
internal sealed class NamespaceTable
{
    public const string XmlUri = "http://www.w3.org/XML/1998/namespace";
    public const string XmlnsUri = "http://www.w3.org/2000/xmlns/";

    /// <summary>The prefix id of the default namespace.</summary>
    public const int DefaultPrefix = 0;

    /// <summary>The prefix id of <c>xml</c>.</summary>
    public const int XmlPrefix = 1;

    /// <summary>The pair of no prefix and no namespace.</summary>
    public const int NoNamespace = 0;

    /// <summary>The pair of <c>xml</c> and its namespace.</summary>
    public const int XmlNamespace = 1;

    public const int NotBound = -1;

    private readonly ReadOnlyMemory<byte> _source;
    private readonly int _maxPairs;
    private Prefix[] _prefixes = new Prefix[8];
    private Pair[] _pairs = new Pair[8];
    private int[] _prefixBuckets = new int[16];
    private int[] _pairBuckets = new int[16];
    private CacheLine _recent;

    public NamespaceTable(ReadOnlyMemory<byte> source, int maxPairs)
    {
        _source = source;
        _maxPairs = maxPairs;
        _prefixes[DefaultPrefix] = new Prefix { Pair = NoNamespace, LastPair = NoNamespace };
        _prefixes[XmlPrefix] = new Prefix { Pair = XmlNamespace, LastPair = XmlNamespace, Hash = Hash("xml"u8) };
        _pairs[NoNamespace] = new Pair { Uri = "" };
        _pairs[XmlNamespace] = new Pair { Prefix = XmlPrefix, Uri = XmlUri, Known = KnownNamespace.Xml };
        PrefixCount = PairCount = 2;
        Link(_prefixBuckets, ref _prefixes[XmlPrefix].Next, _prefixes[XmlPrefix].Hash, XmlPrefix);
    }

    public int PrefixCount { get; private set; }

    public int PairCount { get; private set; }

    /// <summary>A relative namespace URI is declared somewhere, so that some canonicalizations must fail.</summary>
    public bool HasRelativeUri { get; private set; }

    /// <summary>What is in force for a prefix during the scan.</summary>
    public ref Prefix this[int prefix] => ref _prefixes[prefix];

    public int PrefixOf(int pair) => _pairs[pair].Prefix;

    public KnownNamespace KnownOf(int pair) => _pairs[pair].Known;

    public bool IsRelative(int pair) => _pairs[pair].Relative;

    public ReadOnlySpan<byte> PrefixOctets(int prefix) => prefix switch
    {
        DefaultPrefix => [],
        XmlPrefix => "xml"u8,
        _ => _source.Span.Slice(_prefixes[prefix].Start, _prefixes[prefix].Length),
    };

    public ReadOnlySpan<byte> UriOctets(int pair)
    {
        ref Pair entry = ref _pairs[pair];
        return pair switch
        {
            NoNamespace => [],
            XmlNamespace => "http://www.w3.org/XML/1998/namespace"u8,
            _ => entry.Owned ?? _source.Span.Slice(entry.UriStart, entry.UriLength),
        };
    }

    public string Uri(int pair) => _pairs[pair].Uri ??= Encoding.UTF8.GetString(UriOctets(pair));

    public bool UriEquals(int pair, string uri)
    {
        ref Pair entry = ref _pairs[pair];
        if (entry.Uri is null)
        {
            if (!Matches(UriOctets(pair), uri))
            {
                return false;
            }

            // The caller's constant: the next comparison is one of references.
            entry.Uri = uri;
        }

        return (object)entry.Uri == uri || entry.Uri == uri;
    }

    /// <summary>The id of a prefix that the document declares, or <see cref="NotBound"/>.</summary>
    public int FindPrefix(ReadOnlySpan<byte> prefix)
    {
        if (prefix.IsEmpty)
        {
            return DefaultPrefix;
        }

        ref int recent = ref _recent[(prefix[0] ^ (prefix[^1] << 1) ^ (prefix.Length << 2)) & (CacheLine.Size - 1)];
        if (recent != 0 && PrefixOctets(recent).SequenceEqual(prefix))
        {
            return recent;
        }

        int hash = Hash(prefix);
        for (int id = _prefixBuckets[hash & (_prefixBuckets.Length - 1)] - 1; id >= 0; id = _prefixes[id].Next - 1)
        {
            if (_prefixes[id].Hash == hash && PrefixOctets(id).SequenceEqual(prefix))
            {
                recent = id;
                return id;
            }
        }

        return NotBound;
    }

    public int FindPrefix(string prefix)
    {
        Span<byte> octets = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(prefix, octets, out int length)
            ? FindPrefix(octets[..length])
            : FindPrefix(Encoding.UTF8.GetBytes(prefix));
    }

    /// <summary>The pair of a prefix and a normalized URI, or <see cref="NotBound"/> when the document does not declare it.</summary>
    public int FindPair(int prefix, ReadOnlySpan<byte> uri)
    {
        if (uri.IsEmpty && prefix == DefaultPrefix)
        {
            return NoNamespace;
        }

        int last = _prefixes[prefix].LastPair;
        if (last > 0 && UriOctets(last).SequenceEqual(uri))
        {
            return last;
        }

        int hash = Hash(uri, prefix);
        for (int id = _pairBuckets[hash & (_pairBuckets.Length - 1)] - 1; id >= 0; id = _pairs[id].Next - 1)
        {
            if (_pairs[id].Hash == hash && _pairs[id].Prefix == prefix && UriOctets(id).SequenceEqual(uri))
            {
                return id;
            }
        }

        return NotBound;
    }

    /// <summary>The id of the prefix at this place of the source, interned.</summary>
    public int InternPrefix(int start, int length)
    {
        ReadOnlySpan<byte> prefix = _source.Span.Slice(start, length);
        int id = FindPrefix(prefix);
        if (id != NotBound)
        {
            return id;
        }

        if (PrefixCount == _prefixes.Length)
        {
            Array.Resize(ref _prefixes, PrefixCount * 2);
            _prefixBuckets = new int[_prefixes.Length * 2];
            for (int i = XmlPrefix; i < PrefixCount; i++)
            {
                Link(_prefixBuckets, ref _prefixes[i].Next, _prefixes[i].Hash, i);
            }
        }

        id = PrefixCount++;
        _prefixes[id] = new Prefix { Start = start, Length = length, Pair = NotBound, Hash = Hash(prefix) };
        Link(_prefixBuckets, ref _prefixes[id].Next, _prefixes[id].Hash, id);
        return id;
    }

    /// <summary>The id of the pair of a prefix and a namespace declaration's value, interned.</summary>
    public int InternPair(int prefix, int valueStart, int valueLength)
    {
        ReadOnlySpan<byte> value = _source.Span.Slice(valueStart, valueLength);
        byte[]? owned = null;
        if (XmlText.IsNormalizationNeeded(value))
        {
            owned = XmlText.NormalizeValue(value);
            value = owned;
        }

        int id = FindPair(prefix, value);
        if (id == NotBound)
        {
            id = AddPair(prefix, value, new Pair { Prefix = prefix, UriStart = valueStart, UriLength = valueLength, Owned = owned });
        }

        _prefixes[prefix].LastPair = id;
        return id;
    }

    private int AddPair(int prefix, ReadOnlySpan<byte> uri, Pair pair)
    {
        if (PairCount - 2 >= _maxPairs)
        {
            XmlFailure.Throw(SecurityFailure.TooManyNamespaces, $"More than {_maxPairs} distinct namespace declarations", pair.UriStart);
        }

        if (PairCount == _pairs.Length)
        {
            Array.Resize(ref _pairs, PairCount * 2);
            _pairBuckets = new int[_pairs.Length * 2];
            for (int i = XmlNamespace + 1; i < PairCount; i++)
            {
                Link(_pairBuckets, ref _pairs[i].Next, _pairs[i].Hash, i);
            }
        }

        int id = PairCount++;
        pair.Hash = Hash(uri, prefix);
        pair.Known = Recognize(uri);
        pair.Relative = IsRelative(uri);
        HasRelativeUri |= pair.Relative;
        _pairs[id] = pair;
        Link(_pairBuckets, ref _pairs[id].Next, pair.Hash, id);
        return id;
    }

    private static void Link(int[] buckets, ref int next, int hash, int id)
    {
        ref int bucket = ref buckets[hash & (buckets.Length - 1)];
        next = bucket;
        bucket = id + 1;
    }

    // HashCode is seeded once per process, so that nobody can prepare names that collide.
    private static int Hash(ReadOnlySpan<byte> octets, int seed = 0)
    {
        var hash = new HashCode();
        hash.Add(seed);
        hash.AddBytes(octets);
        return hash.ToHashCode();
    }

    private static bool Matches(ReadOnlySpan<byte> octets, string text) =>
        Ascii.Equals(octets, text) || (octets.Length >= text.Length && Encoding.UTF8.GetString(octets) == text);

    // RFC 3986, section 4.3: what has no scheme is a relative reference.
    private static bool IsRelative(ReadOnlySpan<byte> uri)
    {
        if (uri.IsEmpty)
        {
            return false;
        }

        int colon = uri.IndexOf((byte)':');
        if (colon <= 0 || !char.IsAsciiLetter((char)uri[0]))
        {
            return true;
        }

        foreach (byte octet in uri[..colon])
        {
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'+' or (byte)'-' or (byte)'.'))
            {
                return true;
            }
        }

        return false;
    }

    private static KnownNamespace Recognize(ReadOnlySpan<byte> uri)
    {
        if (uri.SequenceEqual("http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"u8))
        {
            return KnownNamespace.WsSecurityUtility;
        }

        if (uri.SequenceEqual("http://www.w3.org/2000/09/xmldsig#"u8))
        {
            return KnownNamespace.XmlSignature;
        }

        if (uri.SequenceEqual("http://www.w3.org/2001/04/xmlenc#"u8))
        {
            return KnownNamespace.XmlEncryption;
        }

        if (uri.SequenceEqual("http://www.w3.org/2009/xmlenc11#"u8))
        {
            return KnownNamespace.XmlEncryption11;
        }

        if (uri.SequenceEqual("urn:oasis:names:tc:SAML:1.0:assertion"u8))
        {
            return KnownNamespace.Saml11;
        }

        if (uri.SequenceEqual("urn:oasis:names:tc:SAML:2.0:assertion"u8))
        {
            return KnownNamespace.Saml20;
        }

        return uri.SequenceEqual("http://www.w3.org/2001/XMLSchema-instance"u8) ? KnownNamespace.XmlSchemaInstance : KnownNamespace.None;
    }

    /// <summary>One prefix, and what it means at the place that the scan has reached.</summary>
    internal struct Prefix
    {
        public int Start;
        public int Length;
        public int Hash;
        public int Next;

        /// <summary>The pair in force, or <see cref="NotBound"/>.</summary>
        public int Pair;

        /// <summary>The depth of the element that declares the pair in force.</summary>
        public int Depth;

        /// <summary>The pair that was declared last, in force or not: most redeclarations repeat it.</summary>
        public int LastPair;

        /// <summary>The row that used the prefix visibly last.</summary>
        public int UsedByRow;
    }

    private struct Pair
    {
        public int Prefix;
        public int UriStart;
        public int UriLength;
        public int Hash;
        public int Next;
        public byte[]? Owned;
        public string? Uri;
        public KnownNamespace Known;
        public bool Relative;
    }

    [InlineArray(Size)]
    private struct CacheLine
    {
        public const int Size = 16;
        private int _element;
    }
}
