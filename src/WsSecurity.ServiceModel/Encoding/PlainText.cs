using System.Runtime.InteropServices;
using System.Xml;
#if COREWCF
using CoreWCF.Channels;
#else
using System.ServiceModel.Channels;
#endif

namespace WsSecurity.ServiceModel.Encoding;

/// <summary>
/// Messages as UTF-8 text, which is what the engine protects and what it hands back: by the binding's own encoder where that writes
/// such text, else by WCF's text encoder with the binding's version and quotas.
/// </summary>
internal sealed class PlainText
{
    private readonly MessageEncoder _text;

    private PlainText(MessageEncoder text) => _text = text;

    public MessageVersion MessageVersion => _text.MessageVersion;

    public static PlainText For(MessageEncoder inner, XmlDictionaryReaderQuotas quotas)
    {
        if (CharacterEncoding.IsUtf8Text(inner.ContentType))
        {
            return new PlainText(inner);
        }

        return For(inner.MessageVersion, quotas);
    }

    public static PlainText For(MessageVersion version, XmlDictionaryReaderQuotas quotas)
    {
        var element = new TextMessageEncodingBindingElement(version, System.Text.Encoding.UTF8) { ReaderQuotas = quotas };
        return new PlainText(element.CreateMessageEncoderFactory().Encoder);
    }

    /// <summary>Makes a message of a protected envelope, for an encoder that carries infosets.</summary>
    public static Message Carry(ReadOnlyMemory<byte> envelope, MessageVersion version)
    {
        MemoryMarshal.TryGetArray(envelope, out var octets);
        var reader = XmlDictionaryReader.CreateTextReader(octets.Array!, octets.Offset, octets.Count, XmlDictionaryReaderQuotas.Max);
        return Message.CreateMessage(reader, int.MaxValue, version);
    }

    /// <summary>Writes a message into an array of <see cref="SharedBuffers"/>, which the caller gives back.</summary>
    public ArraySegment<byte> Write(Message message) => _text.WriteMessage(message, int.MaxValue, SharedBuffers.Instance, 0);

#if COREWCF
    // A service's encoders write to streams asynchronously alone; this stream is memory, which never waits.
    public void Write(Message message, Stream stream) => _text.WriteMessageAsync(message, stream).GetAwaiter().GetResult();
#else
    public void Write(Message message, Stream stream) => _text.WriteMessage(message, stream);
#endif

    public async ValueTask WriteAsync(Message message, Stream stream) => await _text.WriteMessageAsync(message, stream).ConfigureAwait(false);

    /// <summary>Reads a verified envelope into a message that holds it whole, so that it can be printed and logged as any other.</summary>
    public Message Read(VerifiedMessage verified)
    {
        var length = checked((int)verified.Envelope.Length);

        // The message gives the array back when it is closed.
        var buffer = SharedBuffers.Instance.TakeBuffer(length);
        System.Buffers.BuffersExtensions.CopyTo(verified.Envelope, buffer);
        return _text.ReadMessage(new ArraySegment<byte>(buffer, 0, length), SharedBuffers.Instance, _text.ContentType);
    }

    /// <summary>Reads a verified envelope into a message that reads along, for transports that stream.</summary>
#if COREWCF
    public Message Read(VerifiedMessage verified, int maxSizeOfHeaders) =>
        _text.ReadMessageAsync(verified.OpenRead(), maxSizeOfHeaders, _text.ContentType).GetAwaiter().GetResult();
#else
    public Message Read(VerifiedMessage verified, int maxSizeOfHeaders) => _text.ReadMessage(verified.OpenRead(), maxSizeOfHeaders, _text.ContentType);
#endif
}
