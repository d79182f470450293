using System.Globalization;
using System.Xml;

namespace WsSecurity.Xml.XPath;

/// <summary>The words of an XPath expression, read from left to right (XPath 1.0, section 3.7); white space between them is skipped.</summary>
internal sealed class XPathText(string text)
{
    /// <summary>The character to read next; set back to read in another way.</summary>
    public int Position { get; set; }

    public bool IsAtEnd => Position >= text.Length;

    /// <summary>The character at the position.</summary>
    public char Current => text[Position];

    public string? ReadNcName()
    {
        var end = Position;
        while (end < text.Length && (end == Position ? XmlConvert.IsStartNCNameChar(text[end]) : XmlConvert.IsNCNameChar(text[end])))
        {
            end++;
        }

        var name = end == Position ? null : text[Position..end];
        Position = end;
        return name;
    }

    /// <summary>Reads a string in quotes; null where none stands here.</summary>
    /// <exception cref="FormatException">It does not end.</exception>
    public string? ReadLiteral()
    {
        SkipSpace();
        var start = Position;
        if (IsAtEnd || Current is not ('"' or '\''))
        {
            return null;
        }

        var end = text.IndexOf(text[start], start + 1);
        Position = end < 0 ? throw Refuse("a string without an end", start) : end + 1;
        return text[(start + 1)..end];
    }

    public bool TryReadWord(string word)
    {
        SkipSpace();
        var start = Position;
        if (ReadNcName() == word)
        {
            return true;
        }

        Position = start;
        return false;
    }

    public bool TryRead(string symbol)
    {
        SkipSpace();
        if (!Peek(symbol))
        {
            return false;
        }

        Position += symbol.Length;
        return true;
    }

    public bool Peek(string symbol) => string.CompareOrdinal(text, Position, symbol, 0, symbol.Length) == 0;

    public void SkipSpace()
    {
        while (!IsAtEnd && Current is ' ' or '\t' or '\r' or '\n')
        {
            Position++;
        }
    }

    /// <summary>Reads the call of a function without arguments.</summary>
    public bool TryReadFunction(string name)
    {
        SkipSpace();
        var start = Position;
        if (ReadNcName() == name && TryRead("(") && TryRead(")"))
        {
            return true;
        }

        Position = start;
        return false;
    }

    public double? ReadNumber()
    {
        SkipSpace();
        var end = Position;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] == '.' && end > Position)))
        {
            end++;
        }

        if (end == Position || !double.TryParse(text.AsSpan(Position, end - Position), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        Position = end;
        return number;
    }

    public FormatException Unexpected() =>
        IsAtEnd ? Refuse("its end, where a step is missing", Position) : Refuse($"'{Current}'", Position);

    public FormatException Refuse(string what, int position) =>
        new(string.Create(CultureInfo.InvariantCulture, $"XPath '{Algorithms.RefusedValue.Show(text)}' is not supported at character {position + 1}: {what}."));
}
