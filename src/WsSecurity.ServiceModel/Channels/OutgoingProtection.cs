using System.Buffers;
#if COREWCF
using CoreWCF.Channels;
using CoreWCF.Security;
#else
using System.ServiceModel.Channels;
using System.ServiceModel.Security;
#endif

namespace WsSecurity.ServiceModel.Channels;

/// <summary>How one outgoing message is protected; it travels in the message's properties from the channel to the encoder, and works once.</summary>
internal abstract class OutgoingProtection : IDisposable
{
    private const string PropertyName = "WsSecurity.OutgoingProtection";

    private readonly Lock _lock = new();
    private bool _isUsed;
    private bool _isOver;

    /// <summary>Takes the protection out of a message that is being encoded.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="InvalidOperationException">The message did not come through our channel, or is encoded again.</exception>
    public static OutgoingProtection Take(Message message)
    {
        if (!message.Properties.TryGetValue(PropertyName, out var value) || value is not Property { Protection: var protection })
        {
            throw new InvalidOperationException(
                $"The message did not come through the channel of {nameof(WsSecurityBindingElement)}, so it would leave unprotected. A binding element below it must not send messages of its own.");
        }

        lock (protection._lock)
        {
            if (protection._isUsed)
            {
                throw new InvalidOperationException("The message was protected and sent already; a second sending would be a replay. Send a new message.");
            }

            protection._isUsed = true;
        }

        return protection;
    }

    /// <summary>Says that the message is to be protected by this.</summary>
    /// <param name="message">The message.</param>
    public void AttachTo(Message message) => message.Properties[PropertyName] = new Property(this);

    /// <summary>Protects the envelope.</summary>
    /// <param name="envelope">The envelope in plain, UTF-8.</param>
    /// <param name="output">Receives the protected envelope.</param>
    /// <exception cref="MessageSecurityException">The envelope lacks a part that the policy demands.</exception>
    /// <exception cref="OperationCanceledException">The call was given up meanwhile.</exception>
    public void Protect(ReadOnlyMemory<byte> envelope, IBufferWriter<byte> output)
    {
        // The transport may still encode on its own thread when the caller's time is up.
        lock (_lock)
        {
            if (_isOver)
            {
                throw new OperationCanceledException("The call was given up before its message was sent.");
            }

            try
            {
                ProtectCore(envelope, output);
            }
            catch (WsSecurityException refusal)
            {
                throw SecurityErrors.For(refusal);
            }
        }
    }

    /// <summary>Ends the exchange and forgets its keys.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            DisposeCore();
        }
    }

    protected abstract void ProtectCore(ReadOnlyMemory<byte> envelope, IBufferWriter<byte> output);

    protected abstract void DisposeCore();

    // Closing a message disposes its properties that can be; the exchange outlives the message, so it hides in one that cannot.
    private sealed record Property(OutgoingProtection Protection);
}
