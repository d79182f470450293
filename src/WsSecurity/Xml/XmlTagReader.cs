namespace WsSecurity.Xml;

/// <summary>Reads the attributes and declarations of a start tag that the scan has found well-formed.</summary>
internal ref struct XmlTagReader
{
    private readonly ReadOnlySpan<byte> _source;
    private int _position;

    public XmlTagReader(ReadOnlySpan<byte> source, in XmlRow row)
    {
        _source = source;
        _position = row.Start + 1 + row.NameLength;
    }

    public int NameStart { get; private set; }

    public int NameLength { get; private set; }

    /// <summary>Octets of the prefix, without its colon.</summary>
    public int PrefixLength { get; private set; }

    public int ValueStart { get; private set; }

    public int ValueLength { get; private set; }

    /// <summary>After <see cref="Read"/> has returned <see langword="false"/>: the octet after the start tag.</summary>
    public readonly int ContentStart => _position;

    public readonly ReadOnlySpan<byte> Prefix => _source.Slice(NameStart, PrefixLength);

    public readonly ReadOnlySpan<byte> LocalName
    {
        get
        {
            int skipped = PrefixLength == 0 ? 0 : PrefixLength + 1;
            return _source.Slice(NameStart + skipped, NameLength - skipped);
        }
    }

    public readonly ReadOnlySpan<byte> RawValue => _source.Slice(ValueStart, ValueLength);

    public readonly bool IsDeclaration => PrefixLength == 0
        ? NameLength == 5 && LocalName.SequenceEqual("xmlns"u8)
        : PrefixLength == 5 && Prefix.SequenceEqual("xmlns"u8);

    /// <summary>The pair that the declaration at the reader binds.</summary>
    public readonly int Declaration(NamespaceTable namespaces, out int prefix)
    {
        prefix = PrefixLength == 0 ? NamespaceTable.DefaultPrefix : namespaces.FindPrefix(LocalName);
        ReadOnlySpan<byte> value = RawValue;
        return prefix == NamespaceTable.XmlPrefix
            ? NamespaceTable.XmlNamespace
            : namespaces.FindPair(prefix, XmlText.IsNormalizationNeeded(value) ? XmlText.NormalizeValue(value) : value);
    }

    public bool Read()
    {
        while (XmlCharacters.IsSpace(_source[_position]))
        {
            _position++;
        }

        if (_source[_position] is (byte)'>' or (byte)'/')
        {
            _position += _source[_position] == '>' ? 1 : 2;
            return false;
        }

        NameStart = _position;
        PrefixLength = 0;
        byte octet;
        while ((octet = _source[_position]) != '=' && !XmlCharacters.IsSpace(octet))
        {
            if (octet == ':')
            {
                PrefixLength = _position - NameStart;
            }

            _position++;
        }

        NameLength = _position - NameStart;
        while ((octet = _source[_position]) is not ((byte)'"' or (byte)'\''))
        {
            _position++;
        }

        ValueStart = _position + 1;
        ValueLength = _source[ValueStart..].IndexOf(octet);
        _position = ValueStart + ValueLength + 1;
        return true;
    }

    public int SkipToContent()
    {
        while (Read())
        {
        }

        return ContentStart;
    }
}
