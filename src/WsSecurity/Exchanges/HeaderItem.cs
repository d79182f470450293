using System.Buffers;

namespace WsSecurity.Exchanges;

/// <summary>An element of the Security header that is being written: canonical octets that declare their own namespaces.</summary>
internal sealed record HeaderItem(string Id, byte[] Octets)
{
    public static HeaderItem Create(string kind, Action<IBufferWriter<byte>, string> write)
    {
        var id = Ids.New(kind);
        var buffer = new ArrayBufferWriter<byte>(1024);
        write(buffer, id);
        return new HeaderItem(id, buffer.WrittenSpan.ToArray());
    }
}
