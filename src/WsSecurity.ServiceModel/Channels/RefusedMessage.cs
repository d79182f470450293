using System.Runtime.ExceptionServices;
using System.Xml;
#if COREWCF
using CoreWCF.Channels;
#else
using System.ServiceModel.Channels;
#endif

namespace WsSecurity.ServiceModel.Channels;

/// <summary>
/// Stands for a reply that was refused on a duplex channel: it reaches the one call that waits for it and fails that. Thrown from the
/// receive, the refusal would be swallowed there and the caller would wait for its timeout.
/// </summary>
internal sealed class RefusedMessage(MessageVersion version, UniqueId relatesTo, Exception refusal) : Message
{
    private readonly ExceptionDispatchInfo _refusal = ExceptionDispatchInfo.Capture(refusal);

    public override MessageHeaders Headers { get; } = new(version) { RelatesTo = relatesTo };

    public override MessageProperties Properties { get; } = [];

    public override MessageVersion Version => version;

    // The first that a client asks of a reply, before it looks at actions and bodies.
    public override bool IsFault => Throw<bool>();

    protected override XmlDictionaryReader OnGetReaderAtBodyContents() => Throw<XmlDictionaryReader>();

    protected override void OnWriteBodyContents(XmlDictionaryWriter writer) => _refusal.Throw();

    protected override void OnBodyToString(XmlDictionaryWriter writer) => writer.WriteString("... refused ...");

    private T Throw<T>()
    {
        _refusal.Throw();
        return default;
    }
}
