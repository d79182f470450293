using System.ServiceModel.Channels;
using WsSecurity.Mail.Channels;
using WsSecurity.Mail.Servers;

namespace WsSecurity.Mail;

/// <summary>
/// Carries one-way SOAP messages of a WCF client by mail. The endpoint's address is <c>mailto:name@domain</c> (RFC 6068), one mailbox and nothing else; the
/// mail goes to <see cref="Server"/>, which takes it from there.
/// </summary>
/// <remarks>
/// <para>
/// A call returns when the server has taken the mail. Where the server cannot be reached or refuses, nothing was sent and the call throws, so that
/// the caller may try again. Where the connection breaks while the server may have taken it, the same mail is sent again, under the same Message-ID, until
/// the send timeout ends: delivery is at least once, and receivers drop what they have seen.
/// </para>
/// <para>The envelope is the mail's only part, in Base64, so that no server on the way has a reason to change an octet of it.</para>
/// </remarks>
public sealed class SmtpTransportBindingElement : TransportBindingElement
{
    /// <summary>Creates the element.</summary>
    public SmtpTransportBindingElement()
    {
    }

    private SmtpTransportBindingElement(SmtpTransportBindingElement other)
        : base(other)
    {
        Server = other.Server;
        From = other.From;
    }

    /// <summary>The server that takes our mail; it must accept mail from us for the receiver.</summary>
    /// <value>Required.</value>
    public MailServer? Server { get; init; }

    /// <summary>The mailbox that the mail comes from, <c>name@domain</c>: where servers send what they cannot deliver. It authenticates nobody.</summary>
    /// <value>Required.</value>
    public string? From { get; init; }

    /// <inheritdoc/>
    public override string Scheme => "mailto";

    /// <inheritdoc/>
    public override BindingElement Clone() => new SmtpTransportBindingElement(this);

    /// <inheritdoc/>
    public override bool CanBuildChannelFactory<TChannel>(BindingContext context) => typeof(TChannel) == typeof(IOutputChannel);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The contract has replies, or <see cref="Server"/> or <see cref="From"/> is missing or cannot be used.</exception>
    public override IChannelFactory<TChannel> BuildChannelFactory<TChannel>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!CanBuildChannelFactory<TChannel>(context))
        {
            throw new InvalidOperationException($"Mail has no channels of the shape {typeof(TChannel).Name}; contracts whose operations are all one-way it has.");
        }

        var server = Server ?? throw new InvalidOperationException($"{nameof(SmtpTransportBindingElement)}.{nameof(Server)} is missing: the server that takes the mail.");
        if (!MailboxName.TryParse(From, out var from))
        {
            throw new InvalidOperationException($"{nameof(SmtpTransportBindingElement)}.{nameof(From)} is '{From}'; it must be one mailbox, name@domain, in ASCII.");
        }

        try
        {
            ServerConnection.Validate(server, nameof(Server));
        }
        catch (ArgumentException contradiction)
        {
            throw new InvalidOperationException(contradiction.Message, contradiction);
        }

        var encoding = context.BindingParameters.Find<MessageEncodingBindingElement>() ?? new TextMessageEncodingBindingElement();
        return new SmtpChannelFactory<TChannel>(context.Binding, this, new SmtpRelay(server), from, encoding.CreateMessageEncoderFactory().Encoder);
    }

    /// <inheritdoc/>
    public override T GetProperty<T>(BindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (typeof(T) == typeof(ISecurityCapabilities))
        {
            return (T)(object)MailSecurityCapabilities.Instance;
        }

        return base.GetProperty<T>(context);
    }
}
