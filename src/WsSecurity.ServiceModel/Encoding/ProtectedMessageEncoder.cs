using System.Buffers;
using WsSecurity.ServiceModel.Channels;
#if COREWCF
using System.Xml;
using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Security;
using Written = System.Threading.Tasks.Task;
#else
using System.ServiceModel;
using System.ServiceModel.Channels;
using Written = System.Threading.Tasks.ValueTask;
#endif

namespace WsSecurity.ServiceModel.Encoding;

/// <summary>
/// Protects what the binding's encoder would have sent, and keeps what came as octets, unread, for the channel to verify.
/// Text is protected and verified as the octets of the wire. Binary, MTOM and other charsets carry an infoset: there the protected
/// text is what the inner encoder carries.
/// </summary>
#if COREWCF
internal sealed class ProtectedMessageEncoder(MessageEncoder inner, PlainText text, ProcessingLimits limits) : MessageEncoder, ICompressedMessageEncoder
#else
internal sealed class ProtectedMessageEncoder(MessageEncoder inner, PlainText text, ProcessingLimits limits) : MessageEncoder
#endif
{
    // What a Security header adds to a small message.
    private const int HeaderSizeHint = 8 * 1024;

    private readonly bool _writesOctets = CharacterEncoding.IsUtf8Text(inner.ContentType);

    public override string ContentType => inner.ContentType;

    public override string MediaType => inner.MediaType;

    public override MessageVersion MessageVersion => inner.MessageVersion;

#if COREWCF
    bool ICompressedMessageEncoder.CompressionEnabled => inner is ICompressedMessageEncoder { CompressionEnabled: true };

#endif
    public override T GetProperty<T>() => inner.GetProperty<T>();

    public override bool IsContentTypeSupported(string contentType) => inner.IsContentTypeSupported(contentType);

    public override ArraySegment<byte> WriteMessage(Message message, int maxMessageSize, BufferManager bufferManager, int messageOffset)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(bufferManager);
        var protection = OutgoingProtection.Take(message);
        var plain = text.Write(message);
        try
        {
            if (!_writesOctets)
            {
                return inner.WriteMessage(ProtectForCarrier(protection, plain, message), maxMessageSize, bufferManager, messageOffset);
            }

            using var output = new ManagedBufferWriter(bufferManager, messageOffset, plain.Count + (plain.Count / 2) + HeaderSizeHint);
            protection.Protect(plain, output);
            DemandSize(output.WrittenCount, maxMessageSize);
            return output.Detach();
        }
        finally
        {
            SharedBuffers.Instance.ReturnBuffer(plain.Array!);
        }
    }

#if !COREWCF
    public override void WriteMessage(Message message, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(stream);
        var protection = OutgoingProtection.Take(message);
        using var plain = new LimitedMemoryStream(limits.MaxMessageSize);
        text.Write(message, plain);
        if (_writesOctets)
        {
            stream.Write(Protect(protection, plain.Written).Span);
            stream.Flush();
        }
        else
        {
            inner.WriteMessage(ProtectForCarrier(protection, plain.Written, message), stream);
        }
    }

#endif
    public override async Written WriteMessageAsync(Message message, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(stream);
        var protection = OutgoingProtection.Take(message);
        using var plain = new LimitedMemoryStream(limits.MaxMessageSize);
        await text.WriteAsync(message, plain).ConfigureAwait(false);
        if (_writesOctets)
        {
            await stream.WriteAsync(Protect(protection, plain.Written)).ConfigureAwait(false);
            await stream.FlushAsync().ConfigureAwait(false);
        }
        else
        {
            await inner.WriteMessageAsync(ProtectForCarrier(protection, plain.Written, message), stream).ConfigureAwait(false);
        }
    }

    public override Message ReadMessage(ArraySegment<byte> buffer, BufferManager bufferManager, string contentType)
    {
        ArgumentNullException.ThrowIfNull(bufferManager);
        if (buffer.Count > 0 && !IsText(contentType, out var charset))
        {
            try
            {
                using var carrier = inner.ReadMessage(buffer, bufferManager, contentType);
                using var carried = new LimitedMemoryStream(limits.MaxMessageSize);
                text.Write(carrier, carried);
                return UnverifiedMessage.Carried(carried.Written, text);
            }
            catch (Exception error) when (RefusalOf(error) is { } refusal)
            {
                return UnverifiedMessage.Refused(refusal, text);
            }
        }

        IsText(contentType, out charset);
        return UnverifiedMessage.Octets(buffer, charset, text, bufferManager);
    }

#if !COREWCF
    public override Message ReadMessage(Stream stream, int maxSizeOfHeaders, string contentType)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var wire = new LimitedMemoryStream(limits.MaxMessageSize);
        if (IsText(contentType, out var charset))
        {
            stream.CopyTo(wire);
            stream.Dispose();
            return UnverifiedMessage.Octets(wire.Written, charset, text, maxSizeOfHeaders);
        }

        using var carrier = inner.ReadMessage(stream, maxSizeOfHeaders, contentType);
        text.Write(carrier, wire);
        return UnverifiedMessage.Carried(wire.Written, text, maxSizeOfHeaders);
    }
#endif

#if COREWCF
    /// <summary>Reads the stream: a service's transport looks at the claimed headers right after this, and bounds the stream itself.</summary>
    public override async Task<Message> ReadMessageAsync(Stream stream, int maxSizeOfHeaders, string contentType)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            if (!IsText(contentType, out var charset))
            {
                return UnverifiedMessage.Carried(await ReadCarriedAsync(stream, maxSizeOfHeaders, contentType).ConfigureAwait(false), text, maxSizeOfHeaders);
            }

            var wire = await ReadOctetsAsync(stream, CancellationToken.None).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
            return UnverifiedMessage.Octets(wire, charset, text, maxSizeOfHeaders);
        }
        catch (Exception error) when (RefusalOf(error) is { } refusal)
        {
            return UnverifiedMessage.Refused(refusal, text);
        }
    }
#else
    /// <summary>
    /// Leaves the stream unread: HTTP gives no deadline along, so a service could stall here for ever. The channel has one.
    /// </summary>
    public override ValueTask<Message> ReadMessageAsync(Stream stream, int maxSizeOfHeaders, string contentType)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var isText = IsText(contentType, out var charset);
        return ValueTask.FromResult<Message>(UnverifiedMessage.Unread(
            stream,
            cancellationToken => isText ? ReadOctetsAsync(stream, cancellationToken) : ReadCarriedAsync(stream, maxSizeOfHeaders, contentType),
            charset,
            isCarried: !isText,
            text,
            maxSizeOfHeaders));
    }
#endif

    private async Task<ReadOnlyMemory<byte>> ReadOctetsAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var wire = new LimitedMemoryStream(limits.MaxMessageSize);
        await stream.CopyToAsync(wire, cancellationToken).ConfigureAwait(false);
        return wire.Written;
    }

    private async Task<ReadOnlyMemory<byte>> ReadCarriedAsync(Stream stream, int maxSizeOfHeaders, string contentType)
    {
        using var wire = new LimitedMemoryStream(limits.MaxMessageSize);
        using var carrier = await inner.ReadMessageAsync(stream, maxSizeOfHeaders, contentType).ConfigureAwait(false);
        await text.WriteAsync(carrier, wire).ConfigureAwait(false);
        return wire.Written;
    }

    // A client's call fails with what is thrown here. A service would end the session, or not answer; so there it travels to where messages are verified.
    private static WsSecurityException? RefusalOf(Exception error) => error switch
    {
#if COREWCF
        MessageSecurityException { InnerException: WsSecurityException refusal } => refusal,
        XmlException or FormatException or InvalidDataException =>
            new WsSecurityException(SecurityFailure.MalformedXml, "The message is not what its encoding says.", error),
#endif
        _ => null,
    };

#if COREWCF
    void ICompressedMessageEncoder.SetSessionContentType(string contentType) => (inner as ICompressedMessageEncoder)?.SetSessionContentType(contentType);

    void ICompressedMessageEncoder.AddCompressedMessageProperties(Message message, string supportedCompressionTypes) =>
        (inner as ICompressedMessageEncoder)?.AddCompressedMessageProperties(message, supportedCompressionTypes);

#endif
    // Sessions state their content type once, not with each message.
    private bool IsText(string? contentType, out string? charset) =>
        CharacterEncoding.IsText(string.IsNullOrEmpty(contentType) ? inner.ContentType : contentType, out charset);

    private static ReadOnlyMemory<byte> Protect(OutgoingProtection protection, ReadOnlyMemory<byte> plain)
    {
        var output = new ArrayBufferWriter<byte>(plain.Length + (plain.Length / 2) + HeaderSizeHint);
        protection.Protect(plain, output);
        return output.WrittenMemory;
    }

    private Message ProtectForCarrier(OutgoingProtection protection, ReadOnlyMemory<byte> plain, Message original)
    {
        var output = Protect(protection, plain);

        // Transports tell the MTOM encoder in a property what they write themselves. The carrier is never closed: that would
        // dispose the properties, which are still the original's.
        var carrier = PlainText.Carry(output, MessageVersion);
        carrier.Properties.CopyProperties(original.Properties);
        return carrier;
    }

    private static void DemandSize(int size, int maxMessageSize)
    {
        if (size > maxMessageSize)
        {
            throw new QuotaExceededException($"The protected message has {size} octets, and the transport takes {maxMessageSize}.");
        }
    }
}
