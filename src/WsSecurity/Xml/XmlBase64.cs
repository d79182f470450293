using System.Buffers;
using System.Buffers.Text;

namespace WsSecurity.Xml;

/// <summary>Base64 as XML Schema writes it: white space may stand anywhere, nothing else may (XML Schema Part 2, section 3.2.16).</summary>
internal static class XmlBase64
{
    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Decodes all of the text, or fails.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        // The platform's decoder skips white space too, but with one line break in 77 octets it is four times slower than line by line.
        Span<byte> quartet = stackalloc byte[4];
        int pending = 0;
        bool ended = false;
        written = 0;
        while (text.IndexOfAnyExcept(WhiteSpace) is >= 0 and int start)
        {
            text = text[start..];
            int length = text.IndexOfAny(WhiteSpace);
            ReadOnlySpan<byte> line = length < 0 ? text : text[..length];
            text = text[line.Length..];
            if (pending > 0)
            {
                int completing = Math.Min(4 - pending, line.Length);
                line[..completing].CopyTo(quartet[pending..]);
                pending += completing;
                line = line[completing..];
                if (pending == 4)
                {
                    pending = 0;
                    if (!TryDecodeQuartets(quartet, destination, ref written, ref ended))
                    {
                        return false;
                    }
                }
            }

            int whole = line.Length & ~3;
            if (!TryDecodeQuartets(line[..whole], destination, ref written, ref ended))
            {
                return false;
            }

            // Where a quartet is pending already, the line is used up.
            ReadOnlySpan<byte> rest = line[whole..];
            rest.CopyTo(quartet[pending..]);
            pending += rest.Length;
        }

        return pending == 0;
    }

    private static bool TryDecodeQuartets(ReadOnlySpan<byte> quartets, Span<byte> destination, ref int written, ref bool ended)
    {
        if (quartets.IsEmpty)
        {
            return true;
        }

        // Nothing may follow the padding.
        if (ended
            || Base64.DecodeFromUtf8(quartets, destination[written..], out int consumed, out int count) != OperationStatus.Done
            || consumed != quartets.Length)
        {
            return false;
        }

        written += count;
        ended = quartets[^1] == '=';
        return true;
    }
}
