using System.Buffers;
using System.Buffers.Text;

namespace WsSecurity.Xml;

/// <summary>Base64 as XML Schema writes it: white space may stand anywhere, nothing else may (XML Schema Part 2, section 3.2.16).</summary>
internal static class XmlBase64
{
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        // The decoder skips white space itself.
        bool decoded = Base64.DecodeFromUtf8(text, destination, out int consumed, out written) == OperationStatus.Done
            && consumed == text.Length;
        if (!decoded)
        {
            written = 0;
        }

        return decoded;
    }
}
