using System.Text;

namespace WsSecurity.Tokens.X509;

/// <summary>
/// Takes a spelled distinguished name apart: RFC 4514 and its forerunners RFC 2253 and RFC 1779, with the quotes of .NET, Java and OpenSSL, and OpenSSL's
/// old form with slashes.
/// </summary>
internal ref struct DistinguishedNameParser
{
    private const string Special = ",;+\"\\<>=#/ ";

    private readonly bool _hasSlashes;
    private ReadOnlySpan<char> _rest;

    private DistinguishedNameParser(ReadOnlySpan<char> spelled)
    {
        _rest = spelled.Trim();
        _hasSlashes = _rest is ['/', ..];
        if (_hasSlashes)
        {
            // OpenSSL's old form is in the order of the encoding.
            _rest = _rest[1..];
        }
    }

    /// <summary>The parts in the order of RFC 4514, each with its types as they are spelled, and its values.</summary>
    public static bool TryParse(string spelled, out List<List<(string Type, AttributeValue Value)>> parts)
    {
        var parser = new DistinguishedNameParser(spelled);
        parts = [];
        do
        {
            var part = new List<(string, AttributeValue)>();
            do
            {
                if (parser.TryReadPair() is not { } pair)
                {
                    return false;
                }

                part.Add(pair);
            }
            while (parser.TrySkip(isPart: false));

            parts.Add(part);
        }
        while (parser.TrySkip(isPart: true));

        if (parser._hasSlashes)
        {
            parts.Reverse();
        }

        return parser._rest.IsEmpty;
    }

    private bool TrySkip(bool isPart)
    {
        if (_rest.IsEmpty || !(isPart ? IsSeparator(0) : _rest[0] == '+'))
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    private (string Type, AttributeValue Value)? TryReadPair()
    {
        var equals = _rest.IndexOf('=');
        var type = equals < 0 ? [] : _rest[..equals].Trim();
        if (type.IsEmpty || type.ContainsAny(",;+\"\\"))
        {
            return null;
        }

        _rest = _rest[(equals + 1)..].TrimStart(' ');
        var value = _rest switch
        {
            ['#', ..] when !_hasSlashes => AttributeValue.TryReadHex(ReadPlain()[1..].Trim()),
            ['"', ..] when !_hasSlashes => ReadQuoted(),
            _ => ReadEscaped(),
        };
        return value is null ? null : (type.ToString(), value);
    }

    private ReadOnlySpan<char> ReadPlain()
    {
        var end = 0;
        while (end < _rest.Length && !IsEnd(end))
        {
            end++;
        }

        return Take(end);
    }

    // RFC 1779, section 2.3. Inside, .NET doubles a quote, Java and OpenSSL escape it.
    private AttributeValue? ReadQuoted()
    {
        var octets = new List<byte>();
        for (var i = 1; i < _rest.Length; i++)
        {
            if (_rest[i] == '"')
            {
                if (i + 1 < _rest.Length && _rest[i + 1] == '"')
                {
                    i++;
                }
                else
                {
                    _rest = _rest[(i + 1)..].TrimStart(' ');
                    return Decode(octets);
                }
            }
            else if (_rest[i] == '\\')
            {
                ReadEscape(ref i, octets);
                continue;
            }

            Append(ref i, octets);
        }

        return null;
    }

    // RFC 4514, section 3: up to the first separator that is not escaped.
    private AttributeValue ReadEscaped()
    {
        var octets = new List<byte>();
        var significant = 0;
        var i = 0;
        for (; i < _rest.Length && !IsEnd(i); i++)
        {
            if (_rest[i] == '\\')
            {
                ReadEscape(ref i, octets);
                significant = octets.Count;
                continue;
            }

            var isBlank = _rest[i] == ' ';
            Append(ref i, octets);
            if (!isBlank)
            {
                significant = octets.Count;
            }
        }

        _rest = _rest[i..];
        return Decode(octets[..significant]);
    }

    // Two hexadecimal digits are an octet of UTF-8 (OpenSSL's old form writes an x before them); a character that means something is itself, and
    // before any other .NET leaves the backslash as it is.
    private readonly void ReadEscape(ref int i, List<byte> octets)
    {
        var hex = _hasSlashes ? i + 2 : i + 1;
        if (hex + 1 < _rest.Length && (!_hasSlashes || _rest[i + 1] == 'x') && IsHex(_rest.Slice(hex, 2)))
        {
            octets.Add(Convert.FromHexString(_rest.Slice(hex, 2))[0]);
            i = hex + 1;
            return;
        }

        if (i + 1 < _rest.Length && Special.Contains(_rest[i + 1]))
        {
            i++;
        }

        Append(ref i, octets);
    }

    private readonly void Append(ref int i, List<byte> octets)
    {
        var length = char.IsHighSurrogate(_rest[i]) && i + 1 < _rest.Length ? 2 : 1;
        octets.AddRange(Encoding.UTF8.GetBytes(_rest.Slice(i, length).ToArray()));
        i += length - 1;
    }

    private readonly bool IsEnd(int i) => _rest[i] == '+' || IsSeparator(i);

    private readonly bool IsSeparator(int i)
    {
        if (!_hasSlashes)
        {
            return _rest[i] is ',' or ';';
        }

        if (_rest[i] != '/')
        {
            return false;
        }

        // That form escapes no slash, so one inside of a value is told by what follows.
        var behind = _rest[(i + 1)..];
        var equals = behind.IndexOf('=');
        return equals > 0 && AttributeTypes.IsKnown(behind[..equals]);
    }

    private ReadOnlySpan<char> Take(int length)
    {
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private static AttributeValue Decode(List<byte> octets) => AttributeValue.Of(AttributeValue.Decode([.. octets]));

    private static bool IsHex(ReadOnlySpan<char> two) => char.IsAsciiHexDigit(two[0]) && char.IsAsciiHexDigit(two[1]);
}
