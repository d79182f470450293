using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WsSecurity.Algorithms;
using WsSecurity.Evidence;
using WsSecurity.Policy;
using WsSecurity.Soap;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>One of the two parties: a policy that was checked, with the keys, the trust and the services that it needs. Immutable.</summary>
internal sealed class Party
{
    private readonly SecurityServices _services;
    private readonly CertificateCache _certificateCache = new();
    private readonly CertificateValidator _validator;
    private readonly IReplayCache _replayCache;
    private readonly List<(CertificateEntry Certificate, RSA Key)> _decryptionKeys = [];
    private readonly List<(CertificateEntry Certificate, ECDiffieHellman Key)> _agreementKeys = [];
    private readonly List<CertificateEntry> _peers;
    private readonly Dictionary<SupportingToken, (CertificateEntry Certificate, SignatureKey? Key)> _tokenCertificates = new(ReferenceEqualityComparer.Instance);
    private readonly List<CertificateEntry> _encryptionPeers;
    private readonly Dictionary<SupportingToken, TokenAcquisition> _acquisitions = new(ReferenceEqualityComparer.Instance);
    private readonly List<(string Issuer, string Domain, CertificateEntry Certificate)> _samlIssuers;
    private readonly bool _trustsPeers;
    private readonly MessageRecorder? _recorder;
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
        _trustsPeers = trustsPeers;
        Log = services.LoggerFactory.CreateLogger("WsSecurity");
        TrustDomainsCheck.Demand(policy, credentials);
        _validator = new CertificateValidator(credentials.TrustDomains, policy.AcceptedTrustDomains, services.TimeProvider);
        _recorder = services.Evidence is { } evidence ? new MessageRecorder(evidence, policy.Limits, Log) : null;
        _replayCache = services.ReplayCache ?? new MemoryReplayCache(timeProvider: services.TimeProvider);
        _peers = credentials.PeerCertificates.Select(certificate => new CertificateEntry(certificate)).ToList();
        _encryptionPeers = credentials.PeerEncryptionCertificates.Select(certificate => new CertificateEntry(certificate)).ToList();
        _samlIssuers = credentials.TrustDomains
            .SelectMany(domain => domain.SamlIssuers.Select(issuer => (issuer.Issuer, domain.Name, new CertificateEntry(issuer.Certificate))))
            .ToList();
        Own = credentials.Certificate is null ? null : new CertificateEntry(credentials.Certificate);
        SigningKey = ReadSigningKey(credentials.Certificate);
        AssignTokenCertificates();
        TokenHandlers = credentials.CustomTokenHandlers.Where(handler => Binding.Tokens.Any(token => token.Name == handler.Name)).ToList();
        if (credentials.TokenProvider is { } provider)
        {
            foreach (var token in Binding.Tokens.Where(token => token.Type is SecurityTokenType.Saml or SecurityTokenType.Custom))
            {
                _acquisitions.Add(token, new TokenAcquisition(provider, token, services.TimeProvider));
            }
        }

        AddDecryptionKey(credentials.EncryptionCertificate ?? credentials.Certificate);
        if (credentials.EncryptionCertificate is not null)
        {
            AddDecryptionKey(credentials.Certificate);
        }

        _tickets = credentials.KerberosClient is { } client ? new TicketSource(client, services.TimeProvider) : null;
        _kerberosValidator = credentials.KerberosService is { } service ? new KerberosTokenValidator(service, credentials.TrustDomains) : null;
        var pinned = credentials.TrustDomains.SelectMany(domain => domain.Certificates).Select(certificate => new CertificateEntry(certificate));
        Certificates = new CertificateStore(_decryptionKeys.Select(own => own.Certificate).Concat(_agreementKeys.Select(own => own.Certificate)).Concat(Own is null ? [] : [Own]).Concat(_peers).Concat(_encryptionPeers).Concat(pinned));
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

    /// <summary>Our certificate; null where we have none.</summary>
    public CertificateEntry? Own { get; }

    /// <summary>Its private key.</summary>
    public SignatureKey? SigningKey { get; }

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
            credentials = credentials with { PeerCertificates = [signer.Certificate], PeerEncryptionCertificates = [ReplyTarget(signer).Certificate], TrustDomains = [] };
        }

        return new Party(Policy, credentials, _services, isInitiator: !IsInitiator, trustsPeers: true);
    }

    // Outgoing

    public Exchange ProtectRequest(ReadOnlyMemory<byte> envelope, MessageContext context, IBufferWriter<byte> output)
    {
        using var protection = new MessageProtection(this, context);
        if (_recorder is not { KeepsSent: true })
        {
            return protection.ProtectRequest(envelope, output);
        }

        var wire = new ArrayBufferWriter<byte>();
        var exchange = protection.ProtectRequest(envelope, wire);
        try
        {
            _recorder.Keep(EvidenceOf(EvidenceDirection.RequestSent, wire, context, exchange));
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
    public OutgoingKerberosToken? CreateKerberosToken() => _tickets is null ? null : new OutgoingKerberosToken(_tickets.Create(), Policy.KerberosTokenForm);

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
        if (_recorder is not { KeepsSent: true })
        {
            protection.ProtectReply(envelope, output, exchange);
            return;
        }

        var wire = new ArrayBufferWriter<byte>();
        protection.ProtectReply(envelope, wire, exchange);
        await _recorder.KeepAsync(EvidenceOf(EvidenceDirection.ReplySent, wire, context, exchange), cancellationToken).ConfigureAwait(false);
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

    private MessageEvidence EvidenceOf(EvidenceDirection direction, ArrayBufferWriter<byte> wire, MessageContext context, Exchange exchange) =>
        new() { Direction = direction, Wire = wire.WrittenMemory, Context = context, Time = Now, Exchange = exchange.Name };

    /// <summary>The certificate of ours that is a supporting token, with its private key; null where we have none.</summary>
    public (CertificateEntry Certificate, SignatureKey? Key)? FindTokenCertificate(SupportingToken token) =>
        _tokenCertificates.TryGetValue(token, out var certificate) ? certificate : null;

    /// <summary>The handlers of the custom tokens that the policy has.</summary>
    public IReadOnlyList<ICustomTokenHandler> TokenHandlers { get; }

    /// <summary>Acquires the tokens of a request with that action; null where the provider gives none of them.</summary>
    public async ValueTask<AcquiredTokens?> AcquireTokensAsync(string? action, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        AcquiredTokens? tokens = null;
        foreach (var token in Binding.Tokens)
        {
            if (token.AppliesTo(action) && _acquisitions.TryGetValue(token, out var acquisition))
            {
                tokens ??= new AcquiredTokens();
                tokens.Add(token, await acquisition.GetAsync(cancellationToken).ConfigureAwait(false));
            }
        }

        return tokens;
    }

    /// <summary>Acquires the tokens of a request by the action that it states.</summary>
    public ValueTask<AcquiredTokens?> AcquireTokensForAsync(ReadOnlyMemory<byte> envelope, MessageContext context, CancellationToken cancellationToken)
    {
        if (_acquisitions.Count == 0)
        {
            return ValueTask.FromResult<AcquiredTokens?>(null);
        }

        using var index = XmlIndex.Scan(XmlEncoding.ToUtf8(envelope, context.Charset), Policy.Limits);
        return AcquireTokensAsync(SoapEnvelope.Read(index).Action ?? AddressingCheck.Unquote(context.Action), cancellationToken);
    }

    /// <summary>The token that was acquired for a message.</summary>
    /// <returns>null where the provider has none, or there is no provider.</returns>
    /// <exception cref="InvalidOperationException">There is a provider, and it was not asked.</exception>
    public SecurityTokenCredential? FindAcquired(SupportingToken token, MessageContext context)
    {
        SecurityTokenCredential? credential = null;
        return !_acquisitions.ContainsKey(token) || context.Tokens?.TryFind(token, out credential) == true
            ? credential
            : throw new InvalidOperationException($"The {token.Type} token was not acquired; use {nameof(Initiator.ProtectRequestAsync)}, or {nameof(Initiator.AcquireTokensAsync)} with the action of the message.");
    }

    /// <summary>How a certificate that does not travel is named.</summary>
    public KeyReference NamedForm(CertificateEntry certificate, KeyReference own = KeyReference.Default) => (own == KeyReference.Default ? Policy.KeyReference : own) switch
    {
        KeyReference.Default or KeyReference.BinarySecurityToken when Policy.MessageSecurityVersion == MessageSecurityVersion.Wss11 => KeyReference.Thumbprint,
        KeyReference.Default or KeyReference.BinarySecurityToken => certificate.SubjectKeyIdentifier is null ? KeyReference.IssuerSerial : KeyReference.SubjectKeyIdentifier,
        var form => form,
    };

    /// <summary>The certificates that requests are encrypted for; each can decrypt.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public IReadOnlyList<CertificateEntry> EncryptionTargets => _encryptionPeers.Count > 0 ? _encryptionPeers
        : _peers.Count > 0 ? [_peers[0]]
        : throw new InvalidOperationException("The policy encrypts, and the credentials have no PeerCertificates to encrypt for.");

    /// <summary>The certificate that a reply is encrypted for: that of the request's signer, or its other one, for encryption, where that is known.</summary>
    /// <param name="signer">Who signed the request; null where nobody did, and then only the configured peer may read the reply.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public CertificateEntry ReplyTarget(CertificateEntry? signer) => signer is null
        ? EncryptionTargets[0]
        : _encryptionPeers.Find(peer => peer.Certificate.SubjectName.RawData.AsSpan().SequenceEqual(signer.Certificate.SubjectName.RawData)) ?? signer;

    // Incoming

    public async ValueTask<VerifiedMessage> VerifyReplyAsync(ReadOnlyMemory<byte> wire, MessageContext context, Exchange exchange, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var verification = new MessageVerification(this, exchange.Key);
        var evidence = new MessageEvidence { Direction = EvidenceDirection.ReplyReceived, Wire = wire, Context = context, Time = Now, Exchange = exchange.Name };
        try
        {
            var verified = new ReplyVerification(this, verification, context, exchange).Run(wire);
            await KeepAsync(evidence, verified, cancellationToken).ConfigureAwait(false);
            return verified;
        }
        catch (WsSecurityException exception)
        {
            Log.Refused(exception.Failure, exception.Message, exception);
            await KeepRefusedAsync(evidence, exception, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<VerifiedRequest> VerifyRequestAsync(ReadOnlyMemory<byte> wire, MessageContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        using var verification = new MessageVerification(this, null);
        var request = new RequestVerification(this, verification, context);
        var evidence = new MessageEvidence { Direction = EvidenceDirection.RequestReceived, Wire = wire, Context = context, Time = Now, Exchange = Exchange.NewName() };
        try
        {
            var verified = await request.RunAsync(wire, cancellationToken).ConfigureAwait(false);
            await KeepAsync(evidence, verified, cancellationToken).ConfigureAwait(false);
            return verified;
        }
        catch (WsSecurityException exception)
        {
            Log.Refused(exception.Failure, exception.Message, exception);
            await KeepRefusedAsync(evidence, exception, cancellationToken).ConfigureAwait(false);
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

    /// <summary>The private key that decrypts what does not say for whom it is.</summary>
    public RSA? DecryptionKey => _decryptionKeys.Count > 0 ? _decryptionKeys[0].Key : null;

    public RSA? FindDecryptionKey(CertificateEntry certificate) => _decryptionKeys.Find(own => own.Certificate.HasSameOctets(certificate)).Key;

    /// <summary>The private key that agrees on keys for a certificate of ours; null where it is not ours.</summary>
    public ECDiffieHellman? FindAgreementKey(CertificateEntry certificate) => _agreementKeys.Find(own => own.Certificate.HasSameOctets(certificate)).Key;

    /// <summary>The certificate of ours whose key is that point of a curve; null where none is.</summary>
    public CertificateEntry? FindAgreementCertificate(string untrustedCurve, byte[] untrustedPoint) =>
        _agreementKeys.Find(own => own.Certificate.AgreementKey is var (key, curve) && curve.Uri == untrustedCurve && curve.Encode(key).AsSpan().SequenceEqual(untrustedPoint)).Certificate;

    /// <summary>Decides whether a certificate that signed is that of somebody whom this party listens to.</summary>
    /// <exception cref="WsSecurityException">It is not.</exception>
    public X509VerifiedToken Trust(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent)
    {
        RefuseOwn(certificate);
        try
        {
            return Decide(certificate, sent);
        }
        catch (CryptographicException exception)
        {
            // The platform decodes extensions when they are asked for.
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "The signer's certificate holds what cannot be decoded.", exception);
        }
    }

    /// <summary>Decides whether a certificate that came without signing is of a domain; it need not be one for signing.</summary>
    /// <returns>The domain's name.</returns>
    /// <exception cref="WsSecurityException">It is not.</exception>
    public string TrustCarried(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent)
    {
        try
        {
            return _validator.Validate(certificate, sent).Domain;
        }
        catch (CryptographicException exception)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A certificate holds what cannot be decoded.", exception);
        }
    }

    /// <exception cref="WsSecurityException">The certificate is our own: what we signed came back.</exception>
    public void RefuseOwn(CertificateEntry certificate)
    {
        if (Own is not null && Own.HasSameOctets(certificate) && !Policy.Tolerances.AcceptOwnSignature)
        {
            throw new WsSecurityException(SecurityFailure.OwnSignatureReflected, "The message is signed by our own certificate.");
        }
    }

    /// <summary>What decides on Kerberos tickets; null where nothing of this party's policy has a use for one: requests carry them, and replies none.</summary>
    public KerberosTokenValidator? FindKerberosValidator() => Binding.UsesKerberos && !IsInitiator ? _kerberosValidator : null;

    /// <summary>Whether signatures and ciphertexts name a Kerberos token by its SHA-1 rather than its Id.</summary>
    public bool NamesKerberosByKeyIdentifier => Policy.KeyReference == KeyReference.SubjectKeyIdentifier;

    /// <summary>The certificates that trust domains name for a SAML issuer, each with its domain.</summary>
    /// <exception cref="WsSecurityException">Only a domain that is not accepted here names it.</exception>
    public List<(string Domain, CertificateEntry Certificate)> FindSamlIssuers(string issuer)
    {
        var named = _samlIssuers.FindAll(known => known.Issuer == issuer);
        var accepted = named.FindAll(known => Policy.AcceptedTrustDomains.Count == 0 || Policy.AcceptedTrustDomains.Contains(known.Domain, StringComparer.Ordinal));
        return named.Count == 0 || accepted.Count > 0
            ? accepted.ConvertAll(known => (known.Domain, known.Certificate))
            : throw new WsSecurityException(SecurityFailure.TrustDomainNotAccepted, $"The SAML issuer '{RefusedValue.Show(issuer)}' is of the trust domain '{named[0].Domain}', which is not accepted here.");
    }

    private X509VerifiedToken Decide(CertificateEntry certificate, IReadOnlyCollection<CertificateEntry> sent)
    {
        CertificateValidator.CheckMaySign(certificate);
        if (_trustsPeers && _peers.Exists(peer => peer.HasSameOctets(certificate)))
        {
            CertificateValidator.CheckValidity(certificate, Now);
            return new X509VerifiedToken(certificate.Certificate, string.Empty, [certificate.Raw]);
        }

        if (_trustsPeers && Credentials.ServiceDnsName is not { Length: > 0 } && _peers.Count + _encryptionPeers.Count > 0)
        {
            throw new WsSecurityException(SecurityFailure.PeerIdentityMismatch, $"The message is signed by '{certificate.Certificate.Subject}', which is none of the PeerCertificates.");
        }

        var accepted = _validator.Validate(certificate, sent);
        if (_trustsPeers && !IsService(certificate.Certificate))
        {
            throw new WsSecurityException(SecurityFailure.PeerIdentityMismatch, $"The message is signed by '{certificate.Certificate.Subject}'; the service is '{Credentials.ServiceDnsName}'.");
        }

        return new X509VerifiedToken(certificate.Certificate, accepted.Domain, accepted.Path);
    }

    // After the replay cache has taken it: a replay is no evidence of a second message. A sender whose message could not be kept may send it again.
    private async ValueTask KeepAsync(MessageEvidence evidence, VerifiedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(evidence with { Exchange = request.Exchange.Name }, request.Message, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            foreach (var key in request.Exchange.ReplayKeys)
            {
                await TryReleaseAsync(key).ConfigureAwait(false);
            }

            request.Dispose();
            throw;
        }
    }

    private async ValueTask KeepAsync(MessageEvidence evidence, VerifiedMessage verified, CancellationToken cancellationToken)
    {
        if (_recorder is not null)
        {
            verified.EvidenceSequence = await _recorder.KeepAsync(evidence with { Verified = verified }, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask KeepRefusedAsync(MessageEvidence evidence, WsSecurityException refusal, CancellationToken cancellationToken) =>
        _recorder is { KeepsRefused: true } && refusal.Failure != SecurityFailure.EvidenceUnavailable
            ? _recorder.KeepRefusedAsync(evidence with { Refusal = refusal }, cancellationToken)
            : ValueTask.CompletedTask;

    /// <summary>Reserves keys in the replay cache, each until it expires, all or none.</summary>
    /// <exception cref="WsSecurityException">One is known, or the cache cannot tell.</exception>
    public async ValueTask ReserveAsync(IReadOnlyList<(string Key, DateTimeOffset Expires)> keys, CancellationToken cancellationToken)
    {
        var reserved = 0;
        try
        {
            for (; reserved < keys.Count; reserved++)
            {
                if (!await _replayCache.TryReserveAsync(keys[reserved].Key, keys[reserved].Expires, cancellationToken).ConfigureAwait(false))
                {
                    throw new WsSecurityException(SecurityFailure.MessageReplayed, "The message, its nonce, or its assertion for one use was received before.");
                }
            }
        }
        catch (Exception exception)
        {
            // What was refused may come again once the cache answers; so nothing of it stays behind.
            for (var i = 0; i < reserved; i++)
            {
                await TryReleaseAsync(keys[i].Key).ConfigureAwait(false);
            }

            if (exception is WsSecurityException or OperationCanceledException)
            {
                throw;
            }

            throw new WsSecurityException(SecurityFailure.ReplayCacheUnavailable, "The replay cache does not answer, or is full.", exception);
        }
    }

    public async ValueTask CompleteAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        foreach (var key in exchange.ReplayKeys)
        {
            await _replayCache.CompleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask ReleaseAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        foreach (var key in exchange.ReplayKeys)
        {
            await _replayCache.ReleaseAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask TryReleaseAsync(string key)
    {
        try
        {
            await _replayCache.ReleaseAsync(key, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The refusal that led here says more; the key expires by itself.
            Log.NotReleased(exception);
        }
    }

    private void AssignTokenCertificates()
    {
        var supporting = Credentials.SupportingCertificates;
        var position = 0;
        foreach (var token in Binding.Tokens.Where(token => token.Type == SecurityTokenType.X509))
        {
            if (position < supporting.Count)
            {
                _tokenCertificates.Add(token, (new CertificateEntry(supporting[position]), ReadSigningKey(supporting[position])));
            }
            else if (Own is not null)
            {
                _tokenCertificates.Add(token, (Own, SigningKey));
            }

            position++;
        }
    }

    private static SignatureKey? ReadSigningKey(X509Certificate2? certificate)
    {
        if (certificate is not { HasPrivateKey: true })
        {
            return null;
        }

        if (certificate.GetRSAPrivateKey() is { } rsa)
        {
            return new RsaSignatureKey(rsa);
        }

        return certificate.GetECDsaPrivateKey() is { } ecdsa ? new EcdsaSignatureKey(ecdsa) : null;
    }

    private void AddDecryptionKey(X509Certificate2? certificate)
    {
        if (certificate is { HasPrivateKey: true } && certificate.GetRSAPrivateKey() is { } key)
        {
            _decryptionKeys.Add((new CertificateEntry(certificate), key));
        }
        else if (certificate is { HasPrivateKey: true } && certificate.GetECDiffieHellmanPrivateKey() is { } agreementKey)
        {
            _agreementKeys.Add((new CertificateEntry(certificate), agreementKey));
        }
    }

    private bool IsService(X509Certificate2 certificate) =>
        Credentials.ServiceDnsName is not { Length: > 0 } name || certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: true);
}
