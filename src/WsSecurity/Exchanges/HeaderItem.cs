using System.Buffers;

namespace WsSecurity.Exchanges;

/// <summary>An element of the Security header that is being written, with its own namespace declarations.</summary>
internal sealed record HeaderItem(string Id, byte[] Octets)
{
    /// <summary>Whether somebody else wrote the octets, so that they need not be canonical as ours are.</summary>
    public bool IsForeign { get; init; }

    public static HeaderItem Create(string kind, Action<IBufferWriter<byte>, string> write)
    {
        var id = Ids.New(kind);
        var buffer = new ArrayBufferWriter<byte>(1024);
        write(buffer, id);
        return new HeaderItem(id, buffer.WrittenSpan.ToArray());
    }
}
