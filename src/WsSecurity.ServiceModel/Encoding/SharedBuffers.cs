using System.Buffers;
#if COREWCF
using CoreWCF.Channels;
#else
using System.ServiceModel.Channels;
#endif

namespace WsSecurity.ServiceModel.Encoding;

/// <summary>
/// The process's shared arrays, for messages that the transport never sees: a transport's own buffers hold half a megabyte together,
/// and what exceeds that is garbage at once. Plain messages stand in them, so they are cleared when they are given back.
/// </summary>
internal sealed class SharedBuffers : BufferManager
{
    private SharedBuffers()
    {
    }

    public static SharedBuffers Instance { get; } = new();

    public override byte[] TakeBuffer(int bufferSize) => ArrayPool<byte>.Shared.Rent(bufferSize);

    public override void ReturnBuffer(byte[] buffer) => ArrayPool<byte>.Shared.Return(buffer, clearArray: true);

    public override void Clear()
    {
    }
}
