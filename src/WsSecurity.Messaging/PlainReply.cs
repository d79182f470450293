using System.Runtime.InteropServices;
using System.Xml;

namespace WsSecurity.Messaging;

/// <summary>What a handler answers with, before it is protected.</summary>
internal static class PlainReply
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>Whether the Body begins with a Fault of its envelope's version.</summary>
    /// <exception cref="XmlException">It is no envelope.</exception>
    public static bool IsFault(ReadOnlyMemory<byte> envelope)
    {
        using var stream = MemoryMarshal.TryGetArray(envelope, out var octets)
            ? new MemoryStream(octets.Array!, octets.Offset, octets.Count, writable: false)
            : new MemoryStream(envelope.ToArray(), writable: false);
        using var reader = XmlReader.Create(stream, Settings);
        reader.MoveToContent();
        var soap = reader.NamespaceURI;
        return reader.ReadToDescendant("Body", soap) && reader.ReadToDescendant("Fault", soap) && reader.Depth == 2;
    }
}
