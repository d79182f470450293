using System.Xml;
using WsSecurity.ServiceModel.Encoding;
#if COREWCF
using CoreWCF;
using CoreWCF.Channels;
#else
using System.ServiceModel;
using System.ServiceModel.Channels;
#endif

namespace WsSecurity.ServiceModel.Channels;

/// <summary>
/// A message as it was received, on its way from the encoder to the channel. Nothing of it can be read but the addressing headers
/// that it claims, for the transport's own checks and for finding the exchange.
/// </summary>
internal sealed class UnverifiedMessage : Message
{
    private readonly PlainText _text;
    private byte[]? _buffer;
    private Stream? _unread;
    private Func<CancellationToken, Task<ReadOnlyMemory<byte>>>? _read;
    private MessageHeaders? _claimedHeaders;

    private UnverifiedMessage(ReadOnlyMemory<byte> wire, PlainText text)
    {
        Wire = wire;
        _text = text;
    }

    /// <summary>The envelope's octets, once they are read. An empty answer has none.</summary>
    public ReadOnlyMemory<byte> Wire { get; private set; }

    /// <summary>The charset that the media type states.</summary>
    public string? Charset { get; private init; }

    /// <summary>Whether the octets are not those of the wire, because the encoding carries an infoset.</summary>
    public bool IsCarried { get; private init; }

    /// <summary>Why the octets could not be had; null where they are here.</summary>
    public WsSecurityException? Refusal { get; private init; }

    /// <summary>The transport's buffers, of which the octets hold one; null where they are our own.</summary>
    public BufferManager? BufferManager { get; private init; }

    /// <summary>How large headers may be where the transport streams; null where it does not.</summary>
    public int? MaxSizeOfHeaders { get; private init; }

    public override MessageHeaders Headers => _claimedHeaders ??= ClaimedAddressing.Read(Wire, Version);

    public override MessageProperties Properties { get; } = [];

    public override MessageVersion Version => _text.MessageVersion;

    public static UnverifiedMessage Octets(ArraySegment<byte> wire, string? charset, PlainText text, BufferManager bufferManager) =>
        new(wire, text) { Charset = charset, BufferManager = bufferManager, _buffer = wire.Array };

    public static UnverifiedMessage Octets(ReadOnlyMemory<byte> wire, string? charset, PlainText text, int maxSizeOfHeaders) =>
        new(wire, text) { Charset = charset, MaxSizeOfHeaders = maxSizeOfHeaders };

    public static UnverifiedMessage Carried(ReadOnlyMemory<byte> wire, PlainText text) => new(wire, text) { IsCarried = true };

    public static UnverifiedMessage Carried(ReadOnlyMemory<byte> wire, PlainText text, int maxSizeOfHeaders) =>
        new(wire, text) { IsCarried = true, MaxSizeOfHeaders = maxSizeOfHeaders };

    /// <summary>A message that still stands in the transport's stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="charset">The charset that the media type states.</param>
    /// <param name="isCarried">Whether the octets are not those of the wire.</param>
    /// <param name="text">Reads the verified envelope.</param>
    /// <param name="maxSizeOfHeaders">How large headers may be.</param>
    public static UnverifiedMessage Unread(
        Stream stream, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> read, string? charset, bool isCarried, PlainText text, int maxSizeOfHeaders) =>
        new(default, text) { _unread = stream, _read = read, Charset = charset, IsCarried = isCarried, MaxSizeOfHeaders = maxSizeOfHeaders };

    /// <summary>Reads what still stands in the transport's stream.</summary>
    /// <param name="cancellationToken">Gives up, and with it the transport's stream.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <exception cref="ProtocolException">What the encoding carries is no message.</exception>
    public async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        if (_read is not { } read || _unread is not { } unread)
        {
            return;
        }

        _read = null;
        _unread = null;
        try
        {
            // Not every stream of a transport listens to the token while it waits.
            await using (cancellationToken.UnsafeRegister(static stream => ((Stream)stream!).Dispose(), unread))
            await using (unread)
            {
                Wire = await read(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (XmlException error)
        {
            throw new ProtocolException(error.Message, error);
        }
        catch (IOException error)
        {
            throw new CommunicationException(error.Message, error);
        }
    }

    public static UnverifiedMessage Refused(WsSecurityException refusal, PlainText text) => new(default, text) { Refusal = refusal };

    /// <summary>Makes the message that the caller sees, of what was verified and of what the transport noted.</summary>
    /// <exception cref="ProtocolException">The envelope exceeds the binding's reader quotas.</exception>
    public Message ToVerified(VerifiedMessage verified)
    {
        Message message;
        try
        {
            message = MaxSizeOfHeaders is { } size ? _text.Read(verified, size) : _text.Read(verified);
        }
        catch (XmlException error)
        {
            throw new ProtocolException(error.Message, error);
        }

        message.Properties.CopyProperties(Properties);
        message.Properties[ProtectionEvidenceProperty.Name] = verified.Evidence;
        if (Version.Addressing == AddressingVersion.None && _claimedHeaders is not null)
        {
            // Without WS-Addressing the transport says where the message went and what it does; the envelope says nothing.
            message.Headers.To = _claimedHeaders.To;
            message.Headers.Action = _claimedHeaders.Action;
        }

        ReturnBuffer();
        return message;
    }

    protected override void OnClose()
    {
        _unread?.Dispose();
        base.OnClose();
    }

    protected override XmlDictionaryReader OnGetReaderAtBodyContents() => throw NotVerified();

    protected override void OnWriteBodyContents(XmlDictionaryWriter writer) => throw NotVerified();

    protected override void OnBodyToString(XmlDictionaryWriter writer) => writer.WriteString("... not verified ...");

    // What was verified has been copied. Not when the message is closed: that may happen while it is verified, and the
    // octets must not change then.
    private void ReturnBuffer()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            Wire = default;
            BufferManager!.ReturnBuffer(buffer);
        }
    }

    private static InvalidOperationException NotVerified() => new(
        $"The message was not verified yet; no binding element may read messages between {nameof(WsSecurityBindingElement)} and the message encoding.");
}
