using System.ServiceModel.Channels;
using System.Xml;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>How a test service's text becomes a transport's octets: as it is, or inside an encoder of WCF.</summary>
internal sealed class WireFormat
{
    private static readonly BufferManager Buffers = BufferManager.CreateBufferManager(0, int.MaxValue);

    private readonly MessageEncoder? _encoder;
    private readonly bool _isSession;

    private WireFormat(MessageEncoder? encoder, bool isSession = false)
    {
        _encoder = encoder;
        _isSession = isSession;
    }

    public static WireFormat Text { get; } = new(null);

    public static WireFormat Of(MessageEncodingBindingElement encoding) => new(encoding.CreateMessageEncoderFactory().Encoder);

    public static WireFormat SessionOf(MessageEncodingBindingElement encoding) => new(encoding.CreateMessageEncoderFactory().CreateSessionEncoder(), isSession: true);

    public string ContentTypeFor(SoapVersion version) => _encoder?.ContentType ?? (version == SoapVersion.Soap11 ? "text/xml; charset=utf-8" : "application/soap+xml; charset=utf-8");

    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> octets, string? contentType)
    {
        if (_encoder is null)
        {
            return octets;
        }

        var buffer = Buffers.TakeBuffer(octets.Length);
        octets.CopyTo(buffer);
        using var message = _encoder.ReadMessage(new ArraySegment<byte>(buffer, 0, octets.Length), Buffers, contentType);
        using var text = new MemoryStream();
        using (var writer = XmlDictionaryWriter.CreateTextWriter(text, System.Text.Encoding.UTF8, ownsStream: false))
        {
            message.WriteMessage(writer);
        }

        return text.ToArray();
    }

    public ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> text)
    {
        if (_encoder is null)
        {
            return text;
        }

        using var reader = XmlDictionaryReader.CreateTextReader(text.ToArray(), XmlDictionaryReaderQuotas.Max);
        using var message = Message.CreateMessage(reader, int.MaxValue, _encoder.MessageVersion);

        // HTTP writes the MIME headers itself; elsewhere they are part of the message.
        message.Properties["System.ServiceModel.Channel.MtomMessageEncoder.WriteMessageHeaders"] = _isSession;
        return _encoder.WriteMessage(message, int.MaxValue, Buffers).ToArray();
    }
}
