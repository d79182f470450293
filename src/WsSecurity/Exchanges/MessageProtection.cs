using System.Buffers;
using WsSecurity.Policy;
using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Signatures;
using WsSecurity.Timestamps;
using WsSecurity.Tokens;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>
/// Protects one message: tokens, then signature and encryption in the policy's order, then the header in the order that the Strict layout
/// demands (WS-SecurityPolicy 1.3, section 6.7.1).
/// </summary>
internal sealed class MessageProtection : IDisposable
{
    private readonly Party _party;
    private readonly MessageContext _context;
    private readonly OutgoingDocument _document;
    private MessageRequirements _required = null!;

    public MessageProtection(Party party, MessageContext context)
    {
        _party = party;
        _context = context;
        _document = new OutgoingDocument(party.Policy.Limits);
    }

    private bool EncryptsFirst => _party.Policy.MessageProtectionOrder == MessageProtectionOrder.EncryptBeforeSign;

    public Exchange ProtectRequest(ReadOnlyMemory<byte> plain, IBufferWriter<byte> output)
    {
        if (_party.Binding.Kind == BindingKind.Transport && !_context.IsTransportProtected && !_party.Policy.AllowInsecureTransport)
        {
            throw new WsSecurityException(SecurityFailure.TransportNotProtected, $"The authentication mode {_party.Policy.AuthenticationMode} relies on TLS, and the transport has none.");
        }

        ReadPlain(plain);
        var action = _document.Envelope.Action ?? AddressingCheck.Unquote(_context.Action);
        _required = MessageRequirements.For(_party.Policy, _party.Binding, isReply: false, action, _context.ProtectionLevel).In(_document.Envelope);
        _required.DemandPresent(_document.Envelope);
        _party.DemandUnchanged(_required);
        var isSymmetric = _party.Binding.Kind == BindingKind.Symmetric;
        var password = _required.PasswordProtects ? new OutgoingPasswordKey(_party, signs: _required.HasSignature) : null;
        var outgoing = new OutgoingTokens(_party, _context, _required, password);
        var encryption = password is not null ? new OutgoingEncryption(_party, password.Key, requestVersion: null)
            : _party.Binding.SharesSubjectKey ? new OutgoingEncryption(_party, ReadProofKey(outgoing), requestVersion: null)
            : _party.Binding.KerberosProtects ? new OutgoingEncryption(_party, _party.CreateKerberosToken()!)
            : isSymmetric || _required.Encrypts ? new OutgoingEncryption(_party, _party.Peers.EncryptionTargets, isFromRequest: isSymmetric)
            : null;
        var messageId = _document.Envelope.GetAddressing("MessageID"u8);
        var signatures = new OutgoingSignatures(_party);
        var tokens = outgoing.Create();
        Protect(encryption, signatures, tokens, [], output);
        encryption?.Forget(keepsKey: isSymmetric);
        tokens.ForEach(token => token.Forget());

        return new Exchange
        {
            SignatureValues = signatures.Values,
            Key = isSymmetric ? encryption!.Key : null,
            MessageId = messageId,
            Action = action,
        };
    }

    public void ProtectReply(ReadOnlyMemory<byte> plain, IBufferWriter<byte> output, Exchange exchange)
    {
        ReadPlain(plain);
        if (_party.Policy.EnableUnsecuredResponse)
        {
            output.Write(_document.Envelope.Root.Octets.Span);
            return;
        }

        _required = MessageRequirements.For(_party.Policy, _party.Binding, isReply: true, _document.Envelope.Action ?? exchange.Action, _context.ProtectionLevel).In(_document.Envelope);
        _required.DemandPresent(_document.Envelope);
        OutgoingEncryption? encryption = null;
        if (_party.Binding.Kind == BindingKind.Symmetric)
        {
            encryption = new OutgoingEncryption(_party, exchange.Key ?? throw new InvalidOperationException("The request brought no key to protect the reply with."), exchange.SecureConversationVersion);
        }
        else if (!_required.Encrypted.IsEmpty)
        {
            // For who signed the request. Where none did, only the configured peer may read the reply.
            encryption = new OutgoingEncryption(_party, [_party.Peers.ReplyTarget(exchange.Signer)], isFromRequest: false);
        }

        Protect(encryption, new OutgoingSignatures(_party), [], CreateConfirmations(exchange), output);
        encryption?.Forget(keepsKey: !encryption.BringsKey);
    }

    public void Dispose() => _document.Dispose();

    private void ReadPlain(ReadOnlyMemory<byte> plain)
    {
        _document.Scan(XmlEncoding.ToUtf8(plain, _context.Charset));
        if (!_document.Envelope.FindSecurityHeader(_party.Policy.Actor).IsNone)
        {
            throw new WsSecurityException(SecurityFailure.DuplicateSecurityHeader, "The envelope already has a Security header for this actor.");
        }
    }

    private void Protect(
        OutgoingEncryption? encryption,
        OutgoingSignatures signatures,
        List<OutgoingToken> tokens,
        List<HeaderItem> confirmations,
        IBufferWriter<byte> output)
    {
        var timestamp = _required.HasTimestamp
            ? HeaderItem.Create("TS", (buffer, id) => TimestampWriter.Write(buffer, id, _party.Now, _party.Policy.Tolerances.TimestampLifetime))
            : null;

        var parts = new OutgoingParts(_party, _document, _required);
        if (EncryptsFirst && encryption is not null)
        {
            parts.Hide(encryption);
            EncryptTokens(tokens, encryption);
        }

        var subject = _required is { SubjectSigns: true, Kind: BindingKind.Symmetric } ? tokens.Find(present => present.Required.Type == SecurityTokenType.Saml)
            : _required.PasswordProtects ? tokens.Find(present => present.Required.Type == SecurityTokenType.Username)
            : null;
        HeaderItem? token = null;
        HeaderItem? signature = null;
        if (_required.HasSignature || tokens.Exists(present => _required.IsSigned(present.Required) || (_required.Kind != BindingKind.Transport && present.Required.Kind.Endorses())))
        {
            List<OutgoingReference> references =
            [
                .. timestamp is null ? [] : (OutgoingReference[])[signatures.Reference(timestamp)],
                .. tokens.Where(present => _required.IsSigned(present.Required)).Select(present => present.Cover(signatures)),
                .. confirmations.Select(signatures.Reference),
                .. parts.Sign(signatures),
            ];
            if (_required.Kind == BindingKind.Symmetric)
            {
                if (_party.Policy.ProtectTokens && encryption!.BringsKey)
                {
                    references.Add(signatures.Reference(encryption.WriteKey(withReferences: false)));
                }
                else if (_party.Policy.ProtectTokens && subject is not null && !_required.IsSigned(subject.Required))
                {
                    references.Add(subject.Cover(signatures));
                }

                signature = signatures.Sign(references, encryption!);
            }
            else
            {
                var key = FindSigningKey(tokens);
                signature = signatures.Sign(references, key);
                token = _required.SubjectSigns ? null : key.Token;
            }
        }

        foreach (var endorsing in tokens.Where(present => present.Required.Kind.Endorses()))
        {
            endorsing.Endorse(signatures, signature ?? timestamp);
        }

        if (!EncryptsFirst && encryption is not null)
        {
            parts.Encrypt(encryption);
            EncryptTokens(tokens, encryption);
            if (_required.EncryptsSignature)
            {
                signature = signature is null ? null : encryption.Encrypt(signature);
                tokens.ForEach(present => present.EncryptEndorsement(encryption));
                confirmations = confirmations.ConvertAll(encryption.Encrypt);
            }
        }

        if (subject is not null)
        {
            // The key of everything that follows.
            token = subject.Item;
            tokens = tokens.FindAll(present => present != subject);
        }

        var header = new OutgoingHeader(_party.Policy, _required, encryption) { Timestamp = timestamp, Token = token, Tokens = tokens, Confirmations = confirmations, Signature = signature };
        parts.Write(output, header.Arrange());
    }

    // Tokens

    private void EncryptTokens(List<OutgoingToken> tokens, OutgoingEncryption encryption)
    {
        foreach (var token in tokens.Where(token => _required.IsEncrypted(token.Required)))
        {
            token.Encrypt(encryption);
        }
    }

    private SymmetricKey ReadProofKey(OutgoingTokens tokens)
    {
        if (tokens.FindAssertion(_required.Tokens.First(token => token.Type == SecurityTokenType.Saml)) is not { ProofKey: { IsEmpty: false } proof } assertion)
        {
            throw new InvalidOperationException("The policy protects by the key of an issued token, and neither the credentials nor their TokenProvider give a SAML assertion with a ProofKey.");
        }

        return new SymmetricKey(proof.ToArray(), [], string.Empty, isFromRequest: true) { Assertion = assertion.Named };
    }

    private OutgoingKey FindSigningKey(List<OutgoingToken> tokens)
    {
        if (_required.SubjectSigns)
        {
            return tokens.Find(token => token.Required.Type == SecurityTokenType.Saml)?.Key
                ?? throw new InvalidOperationException("The policy signs by the key of an assertion's subject, and the credentials have no Certificate with a private key.");
        }

        if (_party.Keys.Certificate is not { } own || _party.Keys.SigningKey is not { } key)
        {
            throw new InvalidOperationException("The policy signs, and the credentials have no Certificate with a private key.");
        }

        return OutgoingKey.OfCertificate(key, own, TokenInclusion.Travels(_party.Policy, _required.IsReply), _party.NamedForm(own), _party.Policy.EmitBspRequiredAttributes);
    }

    private List<HeaderItem> CreateConfirmations(Exchange exchange)
    {
        if (!_party.Policy.RequireSignatureConfirmation)
        {
            return [];
        }

        // A request without a signature is confirmed by a value that is absent.
        var values = exchange.SignatureValues.Count == 0 ? [null] : exchange.SignatureValues.Cast<byte[]?>();
        return values.Select(value => HeaderItem.Create("SC", (buffer, id) => SignatureConfirmation.Write(buffer, id, value))).ToList();
    }
}
