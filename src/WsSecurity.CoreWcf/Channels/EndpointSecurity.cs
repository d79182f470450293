using System.Buffers;
using System.Collections.ObjectModel;
using System.Runtime.Serialization;
using System.Xml;
using CoreWCF;
using CoreWCF.Channels;
using CoreWCF.Configuration;
using CoreWCF.Description;
using CoreWCF.IdentityModel.Policy;
using CoreWCF.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WsSecurity.CoreWcf.Credentials;
using WsSecurity.Evidence;
using WsSecurity.ServiceModel.Channels;

namespace WsSecurity.CoreWcf.Channels;

/// <summary>The role that one endpoint plays: verifies what comes to it, and has protected what it answers.</summary>
internal sealed class EndpointSecurity
{
    private const int MaxFaultSize = 64 * 1024;

    // What a timer takes.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly Recipient _recipient;
    private readonly OperationProtectionLevels _levels;
    private readonly MessageVersion _version;
    private readonly bool _isTransportProtected;
    private readonly Uri? _address;
    private readonly bool _showsDetail;
    private readonly HashSet<string> _oneWayActions;
    private readonly TimeSpan _patience;

    private EndpointSecurity(
        Recipient recipient, OperationProtectionLevels levels, Binding binding, ContractDescription[] contracts, Uri? address, bool showsDetail, SecurityServices services)
    {
        _recipient = recipient;
        _levels = levels;
        _version = binding.MessageVersion;
        _isTransportProtected = IsProtected(binding);
        _patience = binding.SendTimeout < LongestWait ? binding.SendTimeout : Timeout.InfiniteTimeSpan;
        _address = address;
        _showsDetail = showsDetail;
        _oneWayActions = contracts.SelectMany(contract => contract.Operations).Where(operation => operation.IsOneWay).Select(operation => operation.Messages[0].Action).ToHashSet(StringComparer.Ordinal);
        HasCallbacks = contracts.Any(contract => contract.CallbackContractType is not null);
        TimeProvider = services.TimeProvider;
        Logger = services.LoggerFactory.CreateLogger<WsSecurityBindingElement>();
    }

    public TimeProvider TimeProvider { get; }

    public ILogger Logger { get; }

    /// <summary>Whether a contract of the endpoint lets the service call back.</summary>
    public bool HasCallbacks { get; }

    /// <summary>Takes the role for a binding that is being built.</summary>
    /// <param name="element">The settings.</param>
    /// <param name="context">The binding as it is being built.</param>
    /// <param name="inner">The service's own dispatcher.</param>
    /// <exception cref="InvalidOperationException">The policy is not supported, or the credentials lack what it needs.</exception>
    public static EndpointSecurity Create(WsSecurityBindingElement element, BindingContext context, IServiceDispatcher inner) => Create(
        element,
        context.Binding,
        inner.Host.Description,
        inner.Host.Description.Endpoints.Where(endpoint => endpoint.ListenUri == inner.BaseAddress).Select(endpoint => endpoint.Contract).ToArray(),
        context.BindingParameters.Find<IApplicationBuilder>()?.ApplicationServices ?? context.BindingParameters.Find<IServiceProvider>());

    /// <summary>Finds what the settings, the host and its services hold, and takes the role.</summary>
    /// <param name="element">The settings.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="host">The host.</param>
    /// <param name="contracts">The contracts of the endpoint.</param>
    /// <param name="transportServices">The services that the transport knows; null where it knows none.</param>
    /// <exception cref="InvalidOperationException">The policy is not supported, or the credentials lack what it needs.</exception>
    public static EndpointSecurity Create(
        WsSecurityBindingElement element, Binding binding, ServiceDescription host, ContractDescription[] contracts, IServiceProvider? transportServices = null)
    {
        var behaviors = host.Behaviors;
        var provider = behaviors.Find<HostServices>()?.Provider ?? transportServices;
        var services = element.Services ?? ServicesOf(provider);
        services = services with { Evidence = element.Evidence ?? services.Evidence };
        foreach (var contract in contracts)
        {
            CallbackContracts.Demand(contract, element.Policy);
        }

        var credentials = HostCredentials.Find(element, behaviors.Find<ServiceCredentials>(), provider);
        WarnOfTrust(credentials, services.LoggerFactory.CreateLogger<WsSecurityBindingElement>(), binding.Name);
        return new EndpointSecurity(
            CreateRecipient(element, credentials, services, binding.Name),
            LevelsOf(contracts, element.Policy),
            binding,
            contracts,
            element.EndpointAddress,
            behaviors.Find<ServiceDebugBehavior>()?.IncludeExceptionDetailInFaults == true,
            services);
    }

    /// <summary>Whether nobody waits for an answer to an operation.</summary>
    /// <param name="action">The action of the operation's request; null where there is none.</param>
    public bool IsOneWay(string? action) => action is not null && _oneWayActions.Contains(action);

    /// <summary>Verifies a request. Validators and stores that do not answer within the binding's SendTimeout refuse it.</summary>
    /// <param name="message">The message, as the transport gave it.</param>
    /// <returns>What the service sees, and what the reply needs.</returns>
    /// <exception cref="WsSecurityException">The request is refused.</exception>
    public async ValueTask<VerifiedExchange> VerifyAsync(Message message)
    {
        using var deadline = new CancellationTokenSource(_patience, TimeProvider);
        try
        {
            return await VerifyAsync(message, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (deadline.IsCancellationRequested)
        {
            throw new WsSecurityException(SecurityFailure.ValidatorFailed, $"A validator or the replay cache did not answer within {_patience}, the binding's SendTimeout.", error);
        }
    }

    /// <summary>Verifies the answer to what the service called back.</summary>
    /// <param name="message">The message, as the transport gave it.</param>
    /// <param name="exchange">The exchange.</param>
    /// <exception cref="WsSecurityException">The answer is refused.</exception>
    public async ValueTask<Message> VerifyReplyAsync(Message message, RequestExchange exchange)
    {
        var received = Unverified(message);
        var reply = exchange.PendingReply ?? throw new WsSecurityException(SecurityFailure.ReplyNotBound, "The answer came before the callback was sent.");
        var context = ContextOf(received) with { ProtectionLevel = exchange.Context.ProtectionLevel };
        return Admit(received, await reply.VerifyReplyAsync(received.Wire, context, CancellationToken.None).ConfigureAwait(false));
    }

    /// <summary>Has a reply, or a fault, protected when it is encoded.</summary>
    /// <param name="message">The reply.</param>
    /// <param name="exchange">What it answers.</param>
    public ReplyProtection Answer(Message message, VerifiedExchange exchange)
    {
        var reply = new ReplyProtection(exchange.Request, ContextOfSent(message) with { ProtectionLevel = exchange.ProtectionLevel });
        reply.AttachTo(message);
        return reply;
    }

    /// <summary>Opens an exchange with the client, and has the callback protected by it when it is encoded.</summary>
    /// <param name="message">The callback.</param>
    /// <param name="initiator">The role that opens exchanges with this client.</param>
    public RequestExchange Open(Message message, Initiator initiator)
    {
        var exchange = new RequestExchange(initiator, ContextOfSent(message) with { ProtectionLevel = _levels.Find(message.Headers.Action) });
        exchange.AttachTo(message);
        return exchange;
    }

    /// <summary>Writes the standard fault for a refused request: the code, and the reason only where the host shows details of exceptions.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="claimedMessageId">The MessageID that the request claims; null where it claims none.</param>
    public Message CreateFault(WsSecurityException refusal, UniqueId? claimedMessageId)
    {
        var octets = new ArrayBufferWriter<byte>();
        Recipient.WriteFault(refusal, _version.Envelope == EnvelopeVersion.Soap11 ? SoapVersion.Soap11 : SoapVersion.Soap12, octets);
        var reader = XmlDictionaryReader.CreateTextReader(octets.WrittenSpan.ToArray(), XmlDictionaryReaderQuotas.Max);
        var message = Message.CreateMessage(reader, MaxFaultSize, _version);
        if (_showsDetail)
        {
            var fault = MessageFault.CreateFault(message, MaxFaultSize);
            var detail = MessageFault.CreateFault(
                fault.Code, fault.Reason, $"{refusal.Failure}: {refusal.Message}", new DataContractSerializer(typeof(string)), string.Empty, string.Empty);
            message = Message.CreateMessage(_version, detail, null);
        }

        if (_version.Addressing != AddressingVersion.None)
        {
            message.Headers.Action = _version.Addressing == AddressingVersion.WSAddressing10
                ? "http://www.w3.org/2005/08/addressing/soap/fault"
                : "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault";
            message.Headers.RelatesTo = claimedMessageId;
        }

        RefusalFault.Let(message, refusal.Failure);
        return message;
    }

    private async ValueTask<VerifiedExchange> VerifyAsync(Message message, CancellationToken cancellationToken)
    {
        var received = Unverified(message);
        var claimedAction = received.Headers.Action;
        var level = _levels.Find(claimedAction);
        var context = ContextOf(received) with { Action = claimedAction, EndpointAddress = _address ?? received.Properties.Via, ProtectionLevel = level };
        var request = await _recipient.VerifyRequestAsync(received.Wire, context, cancellationToken).ConfigureAwait(false);
        try
        {
            // The claimed action chose the level. Without WS-Addressing it is SOAPAction, which no envelope repeats.
            if (_version.Addressing != AddressingVersion.None && request.Message.Action != claimedAction)
            {
                throw new WsSecurityException(SecurityFailure.ActionMismatch, "The request's verified Action is not the one that it claims.");
            }

            var verified = Admit(received, request.Message);
            var isRedelivered = Redelivery.IsMarked(received);
            if (isRedelivered)
            {
                verified.Properties[Redelivery.Name] = request.ReplayKey ?? throw new WsSecurityException(
                    SecurityFailure.SignatureMissing, "Nothing tells the message from another delivery of it: the policy does not detect replays, or there is neither a signature nor a nonce.");
            }
            else
            {
                await CompleteAsync(request, cancellationToken).ConfigureAwait(false);
            }

            return new VerifiedExchange(verified, request, level, isRedelivered);
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    // At most once: it counts as seen before the service sees it, since a caller that waits sends nothing again.
    private static async ValueTask CompleteAsync(VerifiedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await request.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WsSecurityException(SecurityFailure.ReplayCacheUnavailable, "The replay cache does not note that the message was received.", error);
        }
    }

    private static Recipient CreateRecipient(WsSecurityBindingElement element, SecurityCredentials credentials, SecurityServices services, string binding)
    {
        try
        {
            return new Recipient(element.Policy, credentials, services);
        }
        catch (ArgumentException error)
        {
            throw new InvalidOperationException(
                $"The policy cannot be used for the binding '{binding}': {error.Message} Credentials are set in {nameof(ServiceCredentials)} of the host, or given as {nameof(SecurityCredentials)}.", error);
        }
    }

    private static void WarnOfTrust(SecurityCredentials credentials, ILogger logger, string binding)
    {
        if (credentials.TrustDomains.Any(ClientCertificateTrust.TrustsAnybody))
        {
            Log.TrustsAnybody(logger, binding);
        }
    }

    private static SecurityServices ServicesOf(IServiceProvider? provider) => new()
    {
        TimeProvider = provider?.GetService<TimeProvider>() ?? SecurityServices.Default.TimeProvider,
        ReplayCache = provider?.GetService<IReplayCache>(),
        Evidence = provider?.GetService<EvidenceRecording>(),
        LoggerFactory = provider?.GetService<ILoggerFactory>() ?? SecurityServices.Default.LoggerFactory,
    };

    private static OperationProtectionLevels LevelsOf(ContractDescription[] contracts, SecurityPolicy policy)
    {
        var parameters = new BindingParameterCollection();
        var levels = OperationProtectionLevels.FindOrAdd(parameters);
        foreach (var contract in contracts)
        {
            foreach (IContractBehavior attribute in contract.ContractBehaviors.OfType<MessageProtectionAttribute>())
            {
                attribute.AddBindingParameters(contract, null!, parameters);
            }

            foreach (var operation in contract.Operations)
            {
                foreach (IOperationBehavior attribute in operation.OperationBehaviors.OfType<MessageProtectionAttribute>())
                {
                    attribute.AddBindingParameters(operation, parameters);
                }
            }
        }

        levels.Demand(policy);
        return levels;
    }

    private static bool IsProtected(Binding binding) =>
        binding.Scheme is "https" or "wss" ||
        binding.GetProperty<ISecurityCapabilities>([])?.SupportedRequestProtectionLevel == System.Net.Security.ProtectionLevel.EncryptAndSign;

    private static UnverifiedMessage Unverified(Message message) => message switch
    {
        UnverifiedMessage { Refusal: { } refusal } => throw refusal,
        UnverifiedMessage received => received,
        _ => throw new WsSecurityException(
            SecurityFailure.InvalidEnvelope, $"The message did not come through the encoder of {nameof(WsSecurityBindingElement)}, so nothing proves it."),
    };

    private static Message Admit(UnverifiedMessage received, VerifiedMessage verified)
    {
        Message message;
        try
        {
            message = received.ToVerified(verified);
        }
        catch (CommunicationException error)
        {
            throw new WsSecurityException(SecurityFailure.MessageTooLarge, $"The message exceeds the quotas of the binding: {error.Message}", error);
        }

        message.Properties.Security = new SecurityMessageProperty
        {
            ServiceSecurityContext = new ServiceSecurityContext(new ReadOnlyCollection<IAuthorizationPolicy>([new CallerPolicy(verified)])),
        };
        return message;
    }

    private MessageContext ContextOf(UnverifiedMessage received) => new() { Charset = received.Charset, IsTransportProtected = _isTransportProtected };

    private MessageContext ContextOfSent(Message message) => new() { Action = message.Headers.Action, IsTransportProtected = _isTransportProtected };
}
