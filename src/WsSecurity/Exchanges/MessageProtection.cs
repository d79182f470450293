using System.Buffers;
using WsSecurity.Policy;
using WsSecurity.Policy.SupportingTokens;
using WsSecurity.Signatures;
using WsSecurity.Soap;
using WsSecurity.Specifications;
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
    private readonly List<XmlIndex> _indexes = [];
    private readonly Dictionary<int, byte[]> _replacedBlocks = [];
    private readonly Dictionary<int, OutgoingPart> _signedBlocks = [];
    private SoapEnvelope _envelope = null!;
    private MessageRequirements _required = null!;

    public MessageProtection(Party party, MessageContext context)
    {
        _party = party;
        _context = context;
    }

    private bool EncryptsFirst => _party.Policy.MessageProtectionOrder == MessageProtectionOrder.EncryptBeforeSign;

    public Exchange ProtectRequest(ReadOnlyMemory<byte> plain, IBufferWriter<byte> output)
    {
        if (_party.Binding.Kind == BindingKind.Transport && !_context.IsTransportProtected && !_party.Policy.AllowInsecureTransport)
        {
            throw new WsSecurityException(SecurityFailure.TransportNotProtected, $"The authentication mode {_party.Policy.AuthenticationMode} relies on TLS, and the transport has none.");
        }

        ReadPlain(plain);
        var action = _envelope.Action ?? AddressingCheck.Unquote(_context.Action);
        _required = MessageRequirements.For(_party.Policy, _party.Binding, isReply: false, action, _context.ProtectionLevel).In(_envelope);
        _required.DemandPresent(_envelope);
        _party.DemandUnchanged(_required);
        var isSymmetric = _party.Binding.Kind == BindingKind.Symmetric;
        var encryption = _party.Binding.SharesSubjectKey ? new OutgoingEncryption(_party, ReadProofKey(), requestVersion: null)
            : _party.Binding.KerberosProtects ? new OutgoingEncryption(_party, _party.CreateKerberosToken()!)
            : isSymmetric || _required.Encrypts ? new OutgoingEncryption(_party, _party.EncryptionTargets, isFromRequest: isSymmetric)
            : null;
        var messageId = _envelope.GetAddressing("MessageID"u8);
        var signatures = new OutgoingSignatures(_party);
        var tokens = new OutgoingTokens(_party, _context, _required).Create();
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
            output.Write(_envelope.Root.Octets.Span);
            return;
        }

        _required = MessageRequirements.For(_party.Policy, _party.Binding, isReply: true, _envelope.Action ?? exchange.Action, _context.ProtectionLevel).In(_envelope);
        _required.DemandPresent(_envelope);
        OutgoingEncryption? encryption = null;
        if (_party.Binding.Kind == BindingKind.Symmetric)
        {
            encryption = new OutgoingEncryption(_party, exchange.Key ?? throw new InvalidOperationException("The request brought no key to protect the reply with."), exchange.SecureConversationVersion);
        }
        else if (!_required.Encrypted.IsEmpty)
        {
            // For who signed the request. Where none did, only the configured peer may read the reply.
            encryption = new OutgoingEncryption(_party, [_party.ReplyTarget(exchange.Signer)], isFromRequest: false);
        }

        Protect(encryption, new OutgoingSignatures(_party), [], CreateConfirmations(exchange), output);
        encryption?.Forget(keepsKey: !encryption.BringsKey);
    }

    public void Dispose() => _indexes.ForEach(index => index.Dispose());

    private void ReadPlain(ReadOnlyMemory<byte> plain)
    {
        Scan(XmlEncoding.ToUtf8(plain, _context.Charset));
        if (!_envelope.FindSecurityHeader(_party.Policy.Actor).IsNone)
        {
            throw new WsSecurityException(SecurityFailure.DuplicateSecurityHeader, "The envelope already has a Security header for this actor.");
        }
    }

    private void Scan(ReadOnlyMemory<byte> octets)
    {
        var index = XmlIndex.Scan(octets, _party.Policy.Limits);
        _indexes.Add(index);
        _envelope = SoapEnvelope.Read(index);
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

        if (_party.IsTransit)
        {
            Scan(TransitEnvelope.AddIds(_envelope, _required.Signed));
        }

        // What will be hidden or replaced is named by its place, which stays.
        var signedBlocks = PartSelection.Headers(_envelope, _required.Signed, default).Select(Ordinal).ToHashSet();
        var signedElements = PrepareElements();
        IReadOnlySet<string>? hidden = null;
        if (EncryptsFirst && encryption is not null)
        {
            if (!_required.Encrypted.IsEmpty)
            {
                hidden = EnvelopeRewriting.PrefixesInside(_envelope, _required.Encrypted);
                Scan(EnvelopeRewriting.Encrypt(_envelope, _required.Encrypted, encryption));
            }

            EncryptTokens(tokens, encryption);
        }

        var subject = _required is { SubjectSigns: true, Kind: BindingKind.Symmetric } ? tokens.Find(present => present.Required.Type == SecurityTokenType.Saml) : null;
        var body = new OutgoingPart(_envelope.Body, needsId: _required.Signed.Body, hidden);
        HeaderItem? token = null;
        HeaderItem? signature = null;
        if (_required.HasSignature || tokens.Exists(present => _required.IsSigned(present.Required) || (_required.Kind != BindingKind.Transport && present.Required.Kind.Endorses())))
        {
            var references = References(signatures, timestamp, tokens, confirmations, signedBlocks, signedElements, body, hidden);
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

        Action<IBufferWriter<byte>>? writeBodyContent = null;
        if (!EncryptsFirst && encryption is not null)
        {
            writeBodyContent = EncryptParts(encryption, body);
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

        var header = Arrange(encryption, timestamp, token, tokens, confirmations, signature);
        if (_party.IsTransit)
        {
            TransitEnvelope.Write(output, _envelope, _party.Policy.Actor, header);
        }
        else
        {
            new OutgoingEnvelope(_envelope, _party.Policy.Actor, header, _signedBlocks, _replacedBlocks).Write(output, body, writeBodyContent);
        }
    }

    // Tokens

    private void EncryptTokens(List<OutgoingToken> tokens, OutgoingEncryption encryption)
    {
        foreach (var token in tokens.Where(token => _required.IsEncrypted(token.Required)))
        {
            token.Encrypt(encryption);
        }
    }

    private SymmetricKey ReadProofKey()
    {
        if (_party.Credentials.SamlAssertion is not { ProofKey: { IsEmpty: false } proof } assertion)
        {
            throw new InvalidOperationException("The policy protects by the key of an issued token, and the credentials have no SamlAssertion with a ProofKey.");
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

        if (_party.Own is not { } own || _party.SigningKey is not { } key)
        {
            throw new InvalidOperationException("The policy signs, and the credentials have no Certificate with a private key.");
        }

        return OutgoingKey.OfCertificate(key, own, TokenInclusion.Travels(_party.Policy, _required.IsReply), _party.NamedForm(own));
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

    // Parts

    private int Ordinal(XmlElement block)
    {
        var ordinal = 0;
        foreach (var child in _envelope.Header.Children)
        {
            if (child == block)
            {
                break;
            }

            ordinal++;
        }

        return ordinal;
    }

    private List<string> PrepareElements()
    {
        var elements = PartSelection.SignedAlone(_envelope, _required.Signed);
        if (elements.Count == 0)
        {
            return [];
        }

        if (EncryptsFirst && elements.Any(element => PartSelection.Hides(_envelope, _required.Encrypted, element)))
        {
            throw new InvalidOperationException("An element is to be encrypted and then signed on its own; sign the whole Body or header, or sign before encrypting.");
        }

        Scan(EnvelopeRewriting.AddIds(_envelope, elements));
        return [.. elements.Select(element => new XmlElement(_envelope.Index, element.RowNumber).GetAttribute("Id", Wsu.Namespace)!)];
    }

    private List<OutgoingReference> References(
        OutgoingSignatures signatures,
        HeaderItem? timestamp,
        List<OutgoingToken> tokens,
        List<HeaderItem> confirmations,
        HashSet<int> signedBlocks,
        List<string> signedElements,
        OutgoingPart body,
        IReadOnlySet<string>? hidden)
    {
        var references = new List<OutgoingReference>();
        if (timestamp is not null)
        {
            references.Add(signatures.Reference(timestamp));
        }

        references.AddRange(tokens.Where(token => _required.IsSigned(token.Required)).Select(token => token.Cover(signatures)));
        references.AddRange(confirmations.Select(signatures.Reference));
        if (signedBlocks.Count > 0)
        {
            foreach (var block in _envelope.Header.Children)
            {
                if (signedBlocks.Contains(Ordinal(block)))
                {
                    if (_party.IsTransit)
                    {
                        references.Add(signatures.ReferenceInPlace(block, TransitEnvelope.IdOf(block), null));
                        continue;
                    }

                    var part = new OutgoingPart(block, needsId: true, hidden);
                    _signedBlocks.Add(block.Start, part);
                    references.Add(signatures.Reference(part));
                }
            }
        }

        if (_required.Signed.Body)
        {
            references.Add(_party.IsTransit ? signatures.ReferenceInPlace(_envelope.Body, TransitEnvelope.IdOf(_envelope.Body), null) : signatures.Reference(body));
        }

        foreach (var id in signedElements)
        {
            references.Add(signatures.ReferenceInPlace(_envelope.Index.FindById(id), id, hidden));
        }

        return references;
    }

    private Action<IBufferWriter<byte>>? EncryptParts(OutgoingEncryption encryption, OutgoingPart body)
    {
        foreach (var block in PartSelection.Headers(_envelope, _required.Encrypted, default))
        {
            var part = _signedBlocks.GetValueOrDefault(block.Start) ?? new OutgoingPart(block, needsId: false);
            _replacedBlocks.Add(block.Start, encryption.EncryptHeader(block, part.ToArray(), _envelope, Ids.New("EH")));
        }

        var edits = EnvelopeRewriting.EncryptElements(_envelope, _required.Encrypted, encryption);
        ReplaceInsideHeaders(edits);
        if (_required.Encrypted.Body)
        {
            var id = encryption.Announce();
            return output => encryption.WriteData(output, id, contentOnly: true, body.Content.Span);
        }

        edits = EnvelopeRewriting.Within(_envelope.Body, edits);
        if (edits.Count == 0)
        {
            return null;
        }

        var content = EnvelopeRewriting.Apply(_envelope.Source, edits, _envelope.Body.ContentStart, _envelope.Body.ContentEnd);
        return output => output.Write(content);
    }

    private void ReplaceInsideHeaders(List<(int Start, int End, byte[] Octets)> edits)
    {
        foreach (var block in _envelope.Header.Children)
        {
            var inside = EnvelopeRewriting.Within(block, edits);
            if (inside.Count > 0)
            {
                _replacedBlocks.Add(block.Start, Replace(block, inside));
            }
        }
    }

    private byte[] Replace(XmlElement block, List<(int Start, int End, byte[] Octets)> inside)
    {
        if (!_signedBlocks.TryGetValue(block.Start, out var part))
        {
            return EnvelopeRewriting.Apply(_envelope.Source, inside, block.Start, block.End);
        }

        // The content of an empty-element tag is not there to be edited.
        return part.ToArray(block.IsEmptyElementTag ? inside[0].Octets[1..Array.LastIndexOf(inside[0].Octets, (byte)'<')] : EnvelopeRewriting.Apply(_envelope.Source, inside, block.ContentStart, block.ContentEnd));
    }

    // The header

    private List<HeaderItem> Arrange(
        OutgoingEncryption? encryption,
        HeaderItem? timestamp,
        HeaderItem? token,
        List<OutgoingToken> tokens,
        List<HeaderItem> confirmations,
        HeaderItem? signature)
    {
        // An HMAC needs its key in front. Ciphertext that is signed must be verified before it is decrypted, so its list comes behind.
        var keyComesFirst = !EncryptsFirst || _required.Kind == BindingKind.Symmetric;
        var hasOwnList = encryption is not null && (!encryption.KeyHoldsList || encryption.DerivesKeys || (keyComesFirst && (EncryptsFirst || (_party.Policy.ProtectTokens && _required.Kind == BindingKind.Symmetric))));
        HeaderItem? key = encryption is { BringsKey: true } ? encryption.WriteKey(withReferences: !hasOwnList) : null;
        HeaderItem? list = hasOwnList && encryption!.HasEncryptedParts ? encryption.WriteReferenceList() : null;
        var derived = encryption?.DerivedKeyTokens(signs: signature is not null) ?? [];
        var clearTokens = tokens.Where(present => !_required.IsEncrypted(present.Required)).Select(present => present.Item);
        var encryptedTokens = tokens.Where(present => _required.IsEncrypted(present.Required)).Select(present => present.Item);
        var endorsements = tokens.Select(present => present.Endorsement);
        var derivedToEndorse = tokens.Select(present => present.Endorsement is null ? null : present.Key?.DerivedKeyToken);

        // An endorsing signature comes behind its token, which where it is encrypted comes behind its list.
        IEnumerable<HeaderItem?> items = EncryptsFirst && encryption is not null
            ? [timestamp, token, keyComesFirst ? key : null, .. derived, .. confirmations, .. clearTokens, signature, keyComesFirst ? null : key, list, .. encryptedTokens, .. derivedToEndorse, .. endorsements]
            : [timestamp, token, key, .. derived, list, .. clearTokens, .. encryptedTokens, .. confirmations, signature, .. derivedToEndorse, .. endorsements];
        var header = items.OfType<HeaderItem>().ToList();
        if (_party.Policy.SecurityHeaderLayout == SecurityHeaderLayout.LaxTimestampLast && timestamp is not null)
        {
            header.Remove(timestamp);
            header.Add(timestamp);
        }

        return header;
    }
}
