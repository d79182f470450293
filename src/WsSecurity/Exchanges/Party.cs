using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WsSecurity.Evidence;
using WsSecurity.Exchanges.Parties;
using WsSecurity.Policy;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Tokens.X509;

namespace WsSecurity.Exchanges;

/// <summary>One of the two parties: a policy that was checked, with the keys, the trust and the services that it needs. Immutable.</summary>
internal sealed class Party
{
    private readonly SecurityServices _services;
    private readonly CertificateCache _certificateCache = new();
    private readonly ExchangeEvidence _evidence;
    private readonly TicketSource? _tickets;
    private readonly KerberosTokenValidator? _kerberosValidator;

    private Party(SecurityPolicy policy, SecurityCredentials credentials, SecurityServices services, bool isInitiator, bool trustsPeers)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(credentials);
        Policy = policy;
        Credentials = credentials;
        Binding = SecurityBinding.For(policy);
        IsInitiator = isInitiator;
        _services = services;
        Log = services.LoggerFactory.CreateLogger("WsSecurity");
        TrustDomainsCheck.Demand(policy, credentials);
        Keys = new OwnKeys(credentials, Binding.Tokens);
        Peers = new Peers(credentials);
        Signers = new SignerTrust(policy, credentials, Keys.Certificate, Peers, trustsPeers, services.TimeProvider);
        Replays = new ReplayReservations(services.ReplayCache ?? new MemoryReplayCache(timeProvider: services.TimeProvider), Log);
        _evidence = new ExchangeEvidence(services.Evidence is { } evidence ? new MessageRecorder(evidence, policy.Limits, Log) : null, Replays, services.TimeProvider);
        TokenHandlers = credentials.CustomTokenHandlers.Where(handler => Binding.Tokens.Any(token => token.Name == handler.Name)).ToList();
        Acquisitions = new TokenAcquisitions(policy, Binding.Tokens, credentials.TokenProvider, services.TimeProvider);
        _tickets = credentials.KerberosClient is { } client ? new TicketSource(client, services.TimeProvider) : null;
        _kerberosValidator = credentials.KerberosService is { } service ? new KerberosTokenValidator(service, credentials.TrustDomains) : null;
        var pinned = credentials.TrustDomains.SelectMany(domain => domain.Certificates).Select(certificate => new CertificateEntry(certificate));
        Certificates = new CertificateStore(Keys.Certificates.Concat(Peers.Certificates).Concat(pinned));
        if (Suite.UsesWeakAlgorithms)
        {
            Log.WeakSuite(Suite.Name, string.Join("; ", Suite.Weaknesses));
        }
    }

    public SecurityPolicy Policy { get; }

    public SecurityBinding Binding { get; }

    public AlgorithmSuite Suite => Policy.DefaultAlgorithmSuite;

    /// <summary>The namespace of derived keys, where no request has one.</summary>
    public SecureConversationVersion ConversationVersion => Policy.SecureConversationVersion ?? SecureConversationVersion.WSSecureConversationFeb2005;

    /// <summary>The layout that is demanded of what comes in.</summary>
    public SecurityHeaderLayout DemandedLayout => Policy.Tolerances.HeaderOrder ? SecurityHeaderLayout.Lax : Policy.SecurityHeaderLayout;

    public SecurityCredentials Credentials { get; }

    public bool IsInitiator { get; }

    /// <summary>Whether this is a node on the way, for which the message but for its Security header is not to be changed.</summary>
    public bool IsTransit { get; private init; }

    public ILogger Log { get; }

    public OwnKeys Keys { get; }

    public Peers Peers { get; }

    public SignerTrust Signers { get; }

    public ReplayReservations Replays { get; }

    public TokenAcquisitions Acquisitions { get; }

    /// <summary>The certificates that messages may only name.</summary>
    public CertificateStore Certificates { get; }

    public DateTimeOffset Now => _services.TimeProvider.GetUtcNow();

    public static Party CreateInitiator(SecurityPolicy policy, SecurityCredentials credentials, SecurityServices services)
    {
        var party = new Party(policy, credentials, services, isInitiator: true, trustsPeers: true);
        CredentialsCheck.Initiator(party);
        return party;
    }

    public static Party CreateRecipient(SecurityPolicy policy, SecurityCredentials credentials, SecurityServices services)
    {
        var party = new Party(policy, credentials, services, isInitiator: false, trustsPeers: false);
        CredentialsCheck.Recipient(party);
        return party;
    }

    /// <summary>The party that adds a header for a node further on.</summary>
    public static Party CreateTransitInitiator(SecurityPolicy policy, SecurityCredentials credentials, SecurityServices services)
    {
        var party = new Party(policy, credentials, services, isInitiator: true, trustsPeers: false) { IsTransit = true };
        CredentialsCheck.TransitInitiator(party);
        return party;
    }

    /// <summary>The node on the way that a header is for.</summary>
    public static Party CreateTransitRecipient(SecurityPolicy policy, SecurityCredentials credentials, SecurityServices services)
    {
        var party = new Party(policy, credentials, services, isInitiator: false, trustsPeers: false) { IsTransit = true };
        CredentialsCheck.TransitRecipient(party);
        return party;
    }

    /// <summary>The other role of this end, for what the other side opens on a duplex channel.</summary>
    /// <exception cref="InvalidOperationException">The mode is not asymmetric.</exception>
    public Party ReverseForCallbacks(Exchange? exchange = null)
    {
        if (Binding.Kind != BindingKind.Asymmetric)
        {
            throw new InvalidOperationException($"The authentication mode {Policy.AuthenticationMode} has no key for what the service opens; use MutualCertificateDuplex for callback contracts.");
        }

        var credentials = Credentials;
        if (exchange is not null)
        {
            var signer = exchange.Signer ?? throw new InvalidOperationException("The request was not signed by a certificate, so there is nobody to call back.");
            credentials = credentials with { PeerCertificates = [signer.Certificate], PeerEncryptionCertificates = [Peers.ReplyTarget(signer).Certificate], TrustDomains = [] };
        }

        return new Party(Policy, credentials, _services, isInitiator: !IsInitiator, trustsPeers: true);
    }

    // Outgoing

    public Exchange ProtectRequest(ReadOnlyMemory<byte> envelope, MessageContext context, IBufferWriter<byte> output)
    {
        using var protection = new MessageProtection(this, context);
        if (!_evidence.KeepsSent)
        {
            return protection.ProtectRequest(envelope, output);
        }

        var wire = new ArrayBufferWriter<byte>();
        var exchange = protection.ProtectRequest(envelope, wire);
        try
        {
            _evidence.KeepSentRequest(wire, context, exchange);
            output.Write(wire.WrittenSpan);
            return exchange;
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    /// <summary>A Kerberos token for one request; null where the credentials have no tickets.</summary>
    public OutgoingKerberosToken? CreateKerberosToken() => _tickets is null ? null : new OutgoingKerberosToken(_tickets.Create(), Policy.KerberosTokenForm, Policy.EmitBspRequiredAttributes);

    /// <summary>Fetches what requests need and what others must be asked for.</summary>
    public ValueTask PrepareAsync(CancellationToken cancellationToken) => Binding.UsesKerberos && _tickets is not null ? _tickets.PrepareAsync(cancellationToken) : default;

    public void ProtectReply(ReadOnlyMemory<byte> envelope, MessageContext context, IBufferWriter<byte> output, Exchange exchange)
    {
        var protection = ProtectReplyAsync(envelope, context, output, exchange, CancellationToken.None);
        if (protection.IsCompleted)
        {
            protection.GetAwaiter().GetResult();
        }
        else
        {
            protection.AsTask().GetAwaiter().GetResult();
        }
    }

    public async ValueTask ProtectReplyAsync(
        ReadOnlyMemory<byte> envelope, MessageContext context, IBufferWriter<byte> output, Exchange exchange, CancellationToken cancellationToken)
    {
        using var protection = new MessageProtection(this, context);
        if (!_evidence.KeepsSent)
        {
            protection.ProtectReply(envelope, output, exchange);
            return;
        }

        var wire = new ArrayBufferWriter<byte>();
        protection.ProtectReply(envelope, wire, exchange);
        await _evidence.KeepSentReplyAsync(wire, context, exchange, cancellationToken).ConfigureAwait(false);
        output.Write(wire.WrittenSpan);
    }

    /// <exception cref="InvalidOperationException">This is a node on the way, and the message is to be encrypted.</exception>
    public void DemandUnchanged(MessageRequirements required)
    {
        if (IsTransit && !required.Encrypted.IsEmpty)
        {
            throw new InvalidOperationException("The operation's message is to be encrypted, which a node on the way cannot do: it would change the message.");
        }
    }

    /// <summary>The handlers of the custom tokens that the policy has.</summary>
    public IReadOnlyList<ICustomTokenHandler> TokenHandlers { get; }

    /// <summary>Acquires the tokens of a request with that action; null where the provider gives none of them.</summary>
    public async ValueTask<AcquiredTokens?> AcquireTokensAsync(string? action, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        return await Acquisitions.AcquireAsync(action, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Acquires the tokens of a request by the action that it states.</summary>
    public ValueTask<AcquiredTokens?> AcquireTokensForAsync(ReadOnlyMemory<byte> envelope, MessageContext context, CancellationToken cancellationToken) =>
        Acquisitions.TryReadAction(envelope, context, out var action) ? AcquireTokensAsync(action, cancellationToken) : ValueTask.FromResult<AcquiredTokens?>(null);

    /// <summary>How a certificate that does not travel is named.</summary>
    public KeyReference NamedForm(CertificateEntry certificate, KeyReference own = KeyReference.Default) => (own == KeyReference.Default ? Policy.KeyReference : own) switch
    {
        KeyReference.Default or KeyReference.BinarySecurityToken when Policy.MessageSecurityVersion == MessageSecurityVersion.Wss11 => KeyReference.Thumbprint,
        KeyReference.Default or KeyReference.BinarySecurityToken => certificate.SubjectKeyIdentifier is null ? KeyReference.IssuerSerial : KeyReference.SubjectKeyIdentifier,
        var form => form,
    };

    // Incoming

    public async ValueTask<VerifiedMessage> VerifyReplyAsync(ReadOnlyMemory<byte> wire, MessageContext context, Exchange exchange, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var verification = new MessageVerification(this, exchange.Key);
        var evidence = _evidence.Of(EvidenceDirection.ReplyReceived, wire, context, exchange.Name);
        try
        {
            var verified = await new ReplyVerification(this, verification, context, exchange).RunAsync(wire, cancellationToken).ConfigureAwait(false);
            await _evidence.KeepAsync(evidence, verified, cancellationToken).ConfigureAwait(false);
            return verified;
        }
        catch (WsSecurityException exception)
        {
            Log.Refused(exception.Failure, exception.Message, exception);
            await _evidence.KeepRefusedAsync(evidence, exception, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<VerifiedRequest> VerifyRequestAsync(ReadOnlyMemory<byte> wire, MessageContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        using var verification = new MessageVerification(this, null);
        var request = new RequestVerification(this, verification, context);
        var evidence = _evidence.Of(EvidenceDirection.RequestReceived, wire, context, Exchange.NewName());
        try
        {
            var verified = await request.RunAsync(wire, cancellationToken).ConfigureAwait(false);
            await _evidence.KeepAsync(evidence, verified, cancellationToken).ConfigureAwait(false);
            return verified;
        }
        catch (WsSecurityException exception)
        {
            Log.Refused(exception.Failure, exception.Message, exception);
            await _evidence.KeepRefusedAsync(evidence, exception, cancellationToken).ConfigureAwait(false);
            exception.AnswersUniformly |= verification.HasUsedSecret && !request.IsProven;

            // How long a validator takes can tell a user who exists from one who does not.
            if (verification.HasUsedSecret || exception.Failure == SecurityFailure.AuthenticationFailed)
            {
                await CommonDeadline.WaitAsync(started, cancellationToken).ConfigureAwait(false);
            }

            throw;
        }
    }

    public CertificateEntry ReadCertificate(ReadOnlySpan<byte> der) => _certificateCache.Read(der);

    /// <summary>What decides on Kerberos tickets; null where nothing of this party's policy has a use for one: requests carry them, and replies none.</summary>
    public KerberosTokenValidator? FindKerberosValidator() => Binding.UsesKerberos && !IsInitiator ? _kerberosValidator : null;

    /// <summary>Who gives the keys that are derived from passwords; null where nothing of this party's policy has a use for one: requests carry such tokens, and replies none.</summary>
    public IUsernameTokenKeySource? FindPasswordKeySource() => Binding.UsesPasswordKeys && !IsInitiator ? Credentials.UsernameTokenValidator as IUsernameTokenKeySource : null;

    /// <summary>Whether signatures and ciphertexts name a Kerberos token by its SHA-1 rather than its Id.</summary>
    public bool NamesKerberosByKeyIdentifier => Policy.KeyReference == KeyReference.SubjectKeyIdentifier;
}
