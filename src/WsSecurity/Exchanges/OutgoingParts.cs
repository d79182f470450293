using System.Buffers;
using WsSecurity.Policy;
using WsSecurity.Signatures;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The Body, the header blocks and the elements inside them that a policy signs and encrypts.</summary>
internal sealed class OutgoingParts
{
    private readonly Party _party;
    private readonly OutgoingDocument _document;
    private readonly MessageRequirements _required;
    private readonly HashSet<int> _blocksToSign;
    private readonly List<string> _elementsToSign;
    private readonly Dictionary<int, OutgoingPart> _signedBlocks = [];
    private readonly Dictionary<int, byte[]> _replacedBlocks = [];
    private IReadOnlySet<string>? _hidden;
    private Action<IBufferWriter<byte>>? _writeBodyContent;

    /// <summary>Finds what is to be signed, and gives an Id to what has none.</summary>
    public OutgoingParts(Party party, OutgoingDocument document, MessageRequirements required)
    {
        _party = party;
        _document = document;
        _required = required;
        if (party.IsTransit)
        {
            document.Scan(TransitEnvelope.AddIds(Envelope, required.Signed));
        }

        // What will be hidden or replaced is named by its place, which stays.
        _blocksToSign = PartSelection.Headers(Envelope, required.Signed, default).Select(Ordinal).ToHashSet();
        _elementsToSign = PrepareElements();
    }

    private SoapEnvelope Envelope => _document.Envelope;

    // Of the envelope as it stands when it is signed or written.
    private OutgoingPart Body => field ??= new OutgoingPart(Envelope.Body, needsId: _required.Signed.Body, _hidden);

    /// <summary>Encrypts the parts before they are signed.</summary>
    public void Hide(OutgoingEncryption encryption)
    {
        if (!_required.Encrypted.IsEmpty)
        {
            _hidden = EnvelopeRewriting.PrefixesInside(Envelope, _required.Encrypted);
            _document.Scan(EnvelopeRewriting.Encrypt(Envelope, _required.Encrypted, encryption));
        }
    }

    /// <summary>The references of the message signature to the parts.</summary>
    public List<OutgoingReference> Sign(OutgoingSignatures signatures)
    {
        var references = new List<OutgoingReference>();
        if (_blocksToSign.Count > 0)
        {
            foreach (var block in Envelope.Header.Children)
            {
                if (_blocksToSign.Contains(Ordinal(block)))
                {
                    if (_party.IsTransit)
                    {
                        references.Add(signatures.ReferenceInPlace(block, TransitEnvelope.IdOf(block), null));
                        continue;
                    }

                    var part = new OutgoingPart(block, needsId: true, _hidden);
                    _signedBlocks.Add(block.Start, part);
                    references.Add(signatures.Reference(part));
                }
            }
        }

        if (_required.Signed.Body)
        {
            references.Add(_party.IsTransit ? signatures.ReferenceInPlace(Envelope.Body, TransitEnvelope.IdOf(Envelope.Body), null) : signatures.Reference(Body));
        }

        foreach (var id in _elementsToSign)
        {
            references.Add(signatures.ReferenceInPlace(Envelope.Index.FindById(id), id, _hidden));
        }

        return references;
    }

    /// <summary>Encrypts the parts, signed or not, where they are written.</summary>
    public void Encrypt(OutgoingEncryption encryption)
    {
        foreach (var block in PartSelection.Headers(Envelope, _required.Encrypted, default))
        {
            var part = _signedBlocks.GetValueOrDefault(block.Start) ?? new OutgoingPart(block, needsId: false);
            _replacedBlocks.Add(block.Start, encryption.EncryptHeader(block, part.ToArray(), Envelope, Ids.New("EH")));
        }

        var edits = EnvelopeRewriting.EncryptElements(Envelope, _required.Encrypted, encryption);
        ReplaceInsideHeaders(edits);
        if (_required.Encrypted.Body)
        {
            var id = encryption.Announce();
            _writeBodyContent = output => encryption.WriteData(output, id, contentOnly: true, Body.Content.Span);
            return;
        }

        edits = EnvelopeRewriting.Within(Envelope.Body, edits);
        if (edits.Count > 0)
        {
            var content = EnvelopeRewriting.Apply(Envelope.Source, edits, Envelope.Body.ContentStart, Envelope.Body.ContentEnd);
            _writeBodyContent = output => output.Write(content);
        }
    }

    /// <summary>Writes the envelope with the parts as they are protected, and with the header.</summary>
    public void Write(IBufferWriter<byte> output, IReadOnlyList<HeaderItem> header)
    {
        if (_party.IsTransit)
        {
            TransitEnvelope.Write(output, Envelope, _party.Policy.Actor, header);
        }
        else
        {
            new OutgoingEnvelope(Envelope, _party.Policy.Actor, header, _signedBlocks, _replacedBlocks).Write(output, Body, _writeBodyContent);
        }
    }

    private int Ordinal(XmlElement block)
    {
        var ordinal = 0;
        foreach (var child in Envelope.Header.Children)
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
        var elements = PartSelection.SignedAlone(Envelope, _required.Signed);
        if (elements.Count == 0)
        {
            return [];
        }

        if (_party.Policy.MessageProtectionOrder == MessageProtectionOrder.EncryptBeforeSign && elements.Any(element => PartSelection.Hides(Envelope, _required.Encrypted, element)))
        {
            throw new InvalidOperationException("An element is to be encrypted and then signed on its own; sign the whole Body or header, or sign before encrypting.");
        }

        _document.Scan(EnvelopeRewriting.AddIds(Envelope, elements));
        return [.. elements.Select(element => new XmlElement(Envelope.Index, element.RowNumber).GetAttribute("Id", Wsu.Namespace)!)];
    }

    private void ReplaceInsideHeaders(List<(int Start, int End, byte[] Octets)> edits)
    {
        foreach (var block in Envelope.Header.Children)
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
            return EnvelopeRewriting.Apply(Envelope.Source, inside, block.Start, block.End);
        }

        // The content of an empty-element tag is not there to be edited.
        return part.ToArray(block.IsEmptyElementTag ? inside[0].Octets[1..Array.LastIndexOf(inside[0].Octets, (byte)'<')] : EnvelopeRewriting.Apply(Envelope.Source, inside, block.ContentStart, block.ContentEnd));
    }
}
