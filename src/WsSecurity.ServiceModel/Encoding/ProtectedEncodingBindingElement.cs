using System.Xml;
#if COREWCF
using CoreWCF.Channels;
#else
using System.ServiceModel.Channels;
#endif

namespace WsSecurity.ServiceModel.Encoding;

/// <summary>
/// Stands in the place of a binding's message encoding while the factory is built, and wraps it: only here are all headers in the
/// message, and only here are octets what the transport sends.
/// </summary>
internal sealed class ProtectedEncodingBindingElement : MessageEncodingBindingElement
{
    private readonly MessageEncodingBindingElement _inner;
    private readonly ProcessingLimits _limits;

    private ProtectedEncodingBindingElement(MessageEncodingBindingElement inner, ProcessingLimits limits)
    {
        _inner = inner;
        _limits = limits;
    }

    public override MessageVersion MessageVersion
    {
        get => _inner.MessageVersion;
        set => _inner.MessageVersion = value;
    }

#if COREWCF
    /// <summary>Replaces the message encoding of a binding by one that wraps another's, which learns from the transport while that binding is built.</summary>
    /// <param name="elements">The elements; one of them is a message encoding.</param>
    /// <param name="built">The message encoding of the binding that is being built.</param>
    /// <param name="limits">The policy's limits.</param>
    public static void WrapEncoding(BindingElementCollection elements, MessageEncodingBindingElement built, ProcessingLimits limits) =>
        elements[elements.IndexOf(elements.Find<MessageEncodingBindingElement>())] = new ProtectedEncodingBindingElement(built, limits);
#else
    /// <summary>Replaces the message encoding among the elements below ours.</summary>
    /// <param name="elements">The elements; one of them is a message encoding.</param>
    /// <param name="limits">The policy's limits.</param>
    public static void WrapEncoding(BindingElementCollection elements, ProcessingLimits limits)
    {
        var encoding = elements.Find<MessageEncodingBindingElement>();
        elements[elements.IndexOf(encoding)] = new ProtectedEncodingBindingElement(encoding, limits);
    }
#endif

    public override BindingElement Clone() => new ProtectedEncodingBindingElement((MessageEncodingBindingElement)_inner.Clone(), _limits);

    public override T GetProperty<T>(BindingContext context) => _inner.GetProperty<T>(context);

#if !COREWCF
    public override bool CanBuildChannelFactory<TChannel>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CanBuildInnerChannelFactory<TChannel>();
    }

    public override IChannelFactory<TChannel> BuildChannelFactory<TChannel>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        // This is how a transport finds the encoding.
        context.BindingParameters.Add(this);
        return context.BuildInnerChannelFactory<TChannel>();
    }

#endif
    public override MessageEncoderFactory CreateMessageEncoderFactory()
    {
        var quotas = _inner.GetProperty<XmlDictionaryReaderQuotas>(new BindingContext(new CustomBinding(), []));
        return new ProtectedMessageEncoderFactory(_inner.CreateMessageEncoderFactory(), quotas ?? new XmlDictionaryReaderQuotas(), _limits);
    }
}
