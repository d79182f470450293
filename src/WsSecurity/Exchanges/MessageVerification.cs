using WsSecurity.Algorithms;
using WsSecurity.Policy;
using WsSecurity.Signatures;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Timestamps;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Custom;
using WsSecurity.Tokens.DerivedKeys;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.Username;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>
/// Works through the Security header of one message in document order (SOAP Message Security 1.1.1, section 5) and collects what
/// was found true. It demands nothing: what must be there is the policy's business (<see cref="PolicyEnforcement"/>).
/// </summary>
/// <param name="party">Whose policy and keys apply.</param>
/// <param name="requestKey">The key of the exchange, when this is a reply under it.</param>
internal sealed class MessageVerification(Party party, SymmetricKey? requestKey) : IDisposable
{
    // What stands directly in a Security header: tokens, signatures, keys, confirmations, a Timestamp.
    private const int MaxHeaderElements = 64;

    private readonly List<TrackedElement> _processed = [];
    private readonly List<SignatureConfirmation> _confirmations = [];
    private IncomingDocument _document = null!;
    private IncomingAssertions _assertions = null!;
    private IncomingCustomTokens _customTokens = null!;
    private IncomingKerberosToken _kerberos = null!;
    private IncomingUsernameTokens _usernameTokens = null!;
    private IncomingKeys _keys = null!;
    private IncomingDecryption _decryption = null!;
    private IncomingSignatures _signatures = null!;

    /// <summary>The envelope as it stands now: everything that could be decrypted is.</summary>
    public SoapEnvelope Envelope => _document.Envelope;

    /// <summary>Our Security header; none where the message has none.</summary>
    public XmlElement SecurityHeader => _document.SecurityHeader;

    public IReadOnlyList<VerifiedSignature> Signatures => _signatures.Verified;

    public IReadOnlyList<DecryptedPart> DecryptedParts => _decryption.Parts;

    public IReadOnlyList<UsernameToken> UsernameTokens => _usernameTokens.All;

    public IReadOnlyList<SamlAssertion> Assertions => _assertions.All;

    public IReadOnlyList<IncomingCustomToken> CustomTokens => _customTokens.All;

    public KerberosToken? KerberosToken => _kerberos.Token;

    /// <inheritdoc cref="IncomingCertificates.Tokens"/>
    public IReadOnlyList<(TrackedElement Element, CertificateEntry Certificate)> CertificateTokens => _keys.Certificates.Tokens;

    /// <inheritdoc cref="IncomingCertificates.Sent"/>
    public IReadOnlyCollection<CertificateEntry> SentCertificates => _keys.Certificates.Sent;

    public IReadOnlyList<SignatureConfirmation> Confirmations => _confirmations;

    public Timestamp? Timestamp { get; private set; }

    public TrackedElement? TimestampElement { get; private set; }

    /// <inheritdoc cref="IncomingKeys.HasUsedSecret"/>
    public bool HasUsedSecret => _keys is { HasUsedSecret: true };

    /// <inheritdoc cref="IncomingEncryptedKeys.All"/>
    public IReadOnlyList<SymmetricKey> Keys => _keys.EncryptedKeys.All;

    /// <inheritdoc cref="IncomingUsernameTokens.Key"/>
    public SymmetricKey? PasswordKey => _usernameTokens.Key;

    /// <inheritdoc cref="IncomingKeys.SecureConversationVersion"/>
    public SecureConversationVersion? SecureConversationVersion => _keys.SecureConversationVersion;

    /// <summary>The key that the exchange goes on with; every other that the message brought is zeroed.</summary>
    public SymmetricKey? KeptKey { get; set; }

    /// <exception cref="WsSecurityException">Something in the message is wrong.</exception>
    public async ValueTask RunAsync(ReadOnlyMemory<byte> wire, string? charset, CancellationToken cancellationToken)
    {
        var limits = party.Policy.Limits;
        if (wire.Length > limits.MaxMessageSize)
        {
            throw new WsSecurityException(SecurityFailure.MessageTooLarge, $"The message has {wire.Length} octets; {limits.MaxMessageSize} are permitted.");
        }

        _document = new IncomingDocument(XmlIndex.Scan(XmlEncoding.ToUtf8(wire, charset), limits));
        _assertions = new IncomingAssertions(party, _document);
        _customTokens = new IncomingCustomTokens(party, _document);
        _kerberos = new IncomingKerberosToken(party, _document);
        _usernameTokens = new IncomingUsernameTokens(party, _document);
        _keys = new IncomingKeys(party, _document, _assertions, _customTokens, _kerberos, _usernameTokens, requestKey);
        _decryption = new IncomingDecryption(party, _document, _keys, _assertions);
        _signatures = new IncomingSignatures(party, _document, _keys);
        _document.FindSecurityHeader(party.Policy.Actor);
        if (SecurityHeader.IsNone)
        {
            return;
        }

        if (SecurityHeader.End - SecurityHeader.Start > limits.MaxSecurityHeaderSize)
        {
            throw new WsSecurityException(SecurityFailure.TooManySecurityElements, $"The Security header has more than {limits.MaxSecurityHeaderSize} octets.");
        }

        try
        {
            await ProcessAllAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (WsSecurityException exception) when (HasUsedSecret)
        {
            // From here on a precise answer would tell what ciphertext decrypted to.
            exception.AnswersUniformly = true;
            throw;
        }

        CheckLayout();
    }

    public DecryptedPart? FindDecrypted(XmlElement element) => _decryption.Find(element);

    public void Dispose()
    {
        _document?.Dispose();
        _keys?.ForgetAllBut(KeptKey);
    }

    private async ValueTask ProcessAllAsync(CancellationToken cancellationToken)
    {
        do
        {
            await DeriveKeyAsync(cancellationToken).ConfigureAwait(false);
            while (NextUnprocessed() is { IsNone: false } next)
            {
                HeaderLimit.Demand(_processed.Count, MaxHeaderElements, "elements");

                // Tracked before it is processed: what it decrypts moves it.
                _processed.Add(_document.Track(next));
                Process(next);
                await DeriveKeyAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        while (_decryption.DecryptLeftover());

        // A second header for the same actor can come out of ciphertext.
        Envelope.FindSecurityHeader(party.Policy.Actor);
    }

    // Of a token that stands there, or that was decrypted just now.
    private async ValueTask DeriveKeyAsync(CancellationToken cancellationToken)
    {
        await _usernameTokens.DeriveKeyAsync(cancellationToken).ConfigureAwait(false);
        _keys.HasUsedSecret |= _usernameTokens.Key is not null;
    }

    private XmlElement NextUnprocessed()
    {
        foreach (var child in SecurityHeader.Children)
        {
            if (!_processed.Exists(done => !done.WasReplaced && done.Is(child)))
            {
                return child;
            }
        }

        return default;
    }

    private void Process(XmlElement element)
    {
        if (_customTokens.Accepts(element))
        {
            _customTokens.Read(element);
        }
        else if (KerberosTokenReader.Is(element))
        {
            _kerberos.Read(element);
        }
        else if (element.Is("BinarySecurityToken"u8, Wsse.Namespace))
        {
            _keys.Certificates.ReadToken(element);
        }
        else if (element.Is("Timestamp"u8, Wsu.Namespace))
        {
            ReadTimestamp(element);
        }
        else if (IncomingUsernameTokens.Is(element))
        {
            _usernameTokens.Read(element);
        }
        else if (element.Is("Signature"u8, XmlSignature.Namespace))
        {
            HeaderLimit.Demand(Signatures.Count, party.Policy.Limits.MaxSignatures, "signatures");
            _signatures.Verify(element);
        }
        else if (element.Is("EncryptedKey"u8, XmlEncryption.Namespace))
        {
            _decryption.ProcessEncryptedKey(element);
        }
        else if (element.Is("ReferenceList"u8, XmlEncryption.Namespace))
        {
            _decryption.ProcessReferenceList(element);
        }
        else if (element.Is("EncryptedData"u8, XmlEncryption.Namespace))
        {
            _decryption.ProcessEncryptedData(element);
        }
        else if (element.Is("SignatureConfirmation"u8, Wsse.Namespace11))
        {
            HeaderLimit.Demand(_confirmations.Count, party.Policy.Limits.MaxSignatures, "SignatureConfirmations");
            _confirmations.Add(SignatureConfirmation.Read(element, _document.Track(element)));
        }
        else if (_assertions.Accepts(element))
        {
            _assertions.Read(element, _keys);
        }
        else if (_assertions.AcceptsEncrypted(element))
        {
            _decryption.ProcessEncryptedAssertion(element);
        }
        else if (!element.Is("SecurityTokenReference"u8, Wsse.Namespace) && !DerivedKeyToken.Is(element))
        {
            throw Unexpected(element);
        }
    }

    private static WsSecurityException Unexpected(XmlElement element)
    {
        var name = RefusedValue.Show(System.Text.Encoding.UTF8.GetString(element.LocalName));
        if (element.Is("SecurityContextToken"u8, WsSecureConversation.Namespace) || element.Is("SecurityContextToken"u8, WsSecureConversation.Namespace200502)
            || SamlAssertionReader.Is(element) || element.Is("EncryptedAssertion"u8, Saml20.Namespace))
        {
            return new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, $"The token '{name}' is not supported here.");
        }

        return new WsSecurityException(SecurityFailure.UnexpectedSecurityElement, $"The Security header holds '{name}', which is not understood.");
    }

    private void ReadTimestamp(XmlElement element)
    {
        if (Timestamp is not null)
        {
            throw new WsSecurityException(SecurityFailure.InvalidTimestamp, "The Security header holds two Timestamps (Basic Security Profile 1.1, R3227).");
        }

        Timestamp = TimestampReader.Read(element);
        TimestampElement = _document.Track(element);
    }

    // WS-SecurityPolicy 1.3, section 6.7.
    private void CheckLayout()
    {
        var layout = party.DemandedLayout;
        if (layout is not (SecurityHeaderLayout.LaxTimestampFirst or SecurityHeaderLayout.LaxTimestampLast) || TimestampElement is null)
        {
            return;
        }

        var first = SecurityHeader.FirstChild;
        var last = first;
        for (var next = first; !next.IsNone; next = next.NextSibling)
        {
            last = next;
        }

        if (!TimestampElement.Is(layout == SecurityHeaderLayout.LaxTimestampFirst ? first : last))
        {
            throw new WsSecurityException(SecurityFailure.HeaderLayoutViolated, $"The Timestamp does not stand where the layout {layout} has it.");
        }
    }
}
