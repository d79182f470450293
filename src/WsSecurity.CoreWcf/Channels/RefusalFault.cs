using System.Buffers;
using CoreWCF.Channels;
using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>Lets the fault that answers a refused request pass as it is: there is no key that it could be protected with.</summary>
internal sealed class RefusalFault : OutgoingProtection
{
    private const string PropertyName = "WsSecurity.Refusal";

    /// <summary>Lets a fault pass, and tells the transport why there is one.</summary>
    public static void Let(Message fault, SecurityFailure failure)
    {
        new RefusalFault().AttachTo(fault);
        fault.Properties[PropertyName] = failure;
    }

    /// <summary>Why a request was refused that a message answers; null for any other answer.</summary>
    public static SecurityFailure? FailureOf(Message answer) => answer.Properties.TryGetValue(PropertyName, out var failure) ? (SecurityFailure)failure : null;

    protected override void ProtectCore(ReadOnlyMemory<byte> envelope, IBufferWriter<byte> output) => output.Write(envelope.Span);

    protected override void DisposeCore()
    {
    }
}
