using System.Collections.Frozen;
using WsSecurity.Algorithms;
using WsSecurity.Signatures;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>Signs the parts of a message that is being written.</summary>
internal sealed class OutgoingSignatures(Party party)
{
    private readonly List<byte[]> _values = [];

    /// <summary>The values of the signatures so far, for SignatureConfirmation.</summary>
    public IReadOnlyList<byte[]> Values => _values;

    private DigestAlgorithm Digest => party.Suite.Digest;

    public OutgoingReference Reference(HeaderItem item)
    {
        if (!item.IsForeign)
        {
            return new OutgoingReference(item.Id, PrefixList.Empty, Digest.Hash(item.Octets));
        }

        using var index = XmlIndex.Scan(item.Octets, party.Policy.Limits);
        return ReferenceInPlace(index.Root, item.Id, null);
    }

    public OutgoingReference Reference(OutgoingPart part) => new(part.Id, part.Prefixes, part.Digest(Digest));

    /// <summary>An element that is signed where it stands; its PrefixList names whatever its content may use of the namespaces in scope.</summary>
    public OutgoingReference ReferenceInPlace(XmlElement element, string id, IReadOnlySet<string>? hidden)
    {
        var prefixes = PrefixList.Of(OutgoingPart.PrefixesFor(element, element.Octets).Concat(hidden ?? FrozenSet<string>.Empty));
        using var hash = Digest.CreateHash();
        using var sink = new HashSink(hash, element.Index.Utf8);
        CanonicalizationMethod.Exclusive.Canonicalize(element, prefixes, default, sink);
        return new OutgoingReference(id, prefixes, sink.GetHashAndReset());
    }

    /// <summary>A token that is only named, by the Id of its name.</summary>
    public OutgoingReference ReferenceNamed(string referenceId, ReadOnlySpan<byte> octets) =>
        new(referenceId, PrefixList.Empty, Digest.Hash(octets), IsStrTransform: true);

    /// <summary>Signs by the message's own key.</summary>
    public HeaderItem Sign(List<OutgoingReference> references, OutgoingEncryption encryption) =>
        Write(new HmacSignatureKey(encryption.SigningSecret), references, encryption.WriteSigningKeyReference);

    /// <summary>Signs by the key of a token, which the signature covers where the policy protects tokens.</summary>
    public HeaderItem Sign(List<OutgoingReference> references, OutgoingKey key)
    {
        if (party.Policy.ProtectTokens && key.Cover(this) is var token && !references.Exists(reference => reference.Id == token.Id))
        {
            references.Add(token);
        }

        return Write(key.Key, references, key.WriteReference);
    }

    private HeaderItem Write(SignatureKey key, List<OutgoingReference> references, Action<Utf8XmlWriter> writeKeyInfo)
    {
        if (references.Count == 0)
        {
            throw new InvalidOperationException("The policy demands a signature, and there is nothing to sign: it has neither signed parts nor a Timestamp.");
        }

        var id = Ids.New("SIG");
        var algorithm = party.Suite.SignatureFor(key, party.Policy.SignatureAlgorithms);
        var (octets, value) = SignatureWriter.Write(id, algorithm, key, Digest, references, writeKeyInfo);
        _values.Add(value);
        return new HeaderItem(id, octets);
    }
}
