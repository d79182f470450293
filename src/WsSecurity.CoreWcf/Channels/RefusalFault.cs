using System.Buffers;
using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>Lets the fault that answers a refused request pass as it is: there is no key that it could be protected with.</summary>
internal sealed class RefusalFault : OutgoingProtection
{
    protected override void ProtectCore(ReadOnlyMemory<byte> envelope, IBufferWriter<byte> output) => output.Write(envelope.Span);

    protected override void DisposeCore()
    {
    }
}
