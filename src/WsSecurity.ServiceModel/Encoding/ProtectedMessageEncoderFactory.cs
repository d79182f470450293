using System.Xml;
#if COREWCF
using CoreWCF.Channels;
#else
using System.ServiceModel.Channels;
#endif

namespace WsSecurity.ServiceModel.Encoding;

/// <summary>Wraps the encoders that the binding's own factory makes.</summary>
internal sealed class ProtectedMessageEncoderFactory : MessageEncoderFactory
{
    private readonly MessageEncoderFactory _inner;
    private readonly XmlDictionaryReaderQuotas _quotas;
    private readonly ProcessingLimits _limits;

    public ProtectedMessageEncoderFactory(MessageEncoderFactory inner, XmlDictionaryReaderQuotas quotas, ProcessingLimits limits)
    {
        _inner = inner;
        _quotas = quotas;
        _limits = limits;
        Encoder = Wrap(inner.Encoder);
    }

    public override MessageEncoder Encoder { get; }

    public override MessageVersion MessageVersion => _inner.MessageVersion;

    public override MessageEncoder CreateSessionEncoder() => Wrap(_inner.CreateSessionEncoder());

    private ProtectedMessageEncoder Wrap(MessageEncoder inner) => new(inner, PlainText.For(inner, _quotas), _limits);
}
