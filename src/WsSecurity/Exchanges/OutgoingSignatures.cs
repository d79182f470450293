using System.Collections.Frozen;
using WsSecurity.Algorithms;
using WsSecurity.Signatures;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>Signs the parts of a message that is being written.</summary>
internal sealed class OutgoingSignatures(Party party, bool isReply)
{
    private readonly List<byte[]> _values = [];

    /// <summary>The values of the signatures so far, for SignatureConfirmation.</summary>
    public IReadOnlyList<byte[]> Values => _values;

    private DigestAlgorithm Digest => party.Suite.Digest;

    public OutgoingReference Reference(HeaderItem item) => new(item.Id, PrefixList.Empty, Digest.Hash(item.Octets));

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

    /// <summary>Signs by the message's own key.</summary>
    public HeaderItem Sign(List<OutgoingReference> references, OutgoingEncryption encryption) =>
        Write("SIG", new HmacSignatureKey(encryption.SigningSecret), references, encryption.WriteSigningKeyReference);

    /// <summary>Signs by our certificate.</summary>
    /// <returns>The certificate's token, null where it is only named, and the signature.</returns>
    /// <exception cref="InvalidOperationException">There is no certificate with a private key.</exception>
    public (HeaderItem? Token, HeaderItem Signature) Sign(List<OutgoingReference> references)
    {
        var own = party.Own;
        var key = party.SigningKey;
        if (own is null || key is null)
        {
            throw new InvalidOperationException("The policy signs, and the credentials have no Certificate with a private key.");
        }

        if (!IncludesToken())
        {
            return (null, WriteNamed(references, own, key));
        }

        var token = HeaderItem.Create("X509", (buffer, id) => X509TokenWriter.WriteToken(buffer, id, own));
        if (party.Policy.ProtectTokens)
        {
            references.Add(Reference(token));
        }

        return (token, Write("SIG", key, references, writer => X509TokenWriter.WriteDirectReference(writer, token.Id)));
    }

    /// <summary>Signs by our key as that of an assertion's subject.</summary>
    /// <exception cref="InvalidOperationException">There is no certificate with a private key.</exception>
    public HeaderItem Sign(List<OutgoingReference> references, SamlAssertionCredential assertion) => Write(
        "SIG",
        party.SigningKey ?? throw new InvalidOperationException("The policy signs, and the credentials have no Certificate with a private key."),
        references,
        writer => SamlReferenceWriter.Write(writer, assertion.Id, assertion.IsSaml20));

    private HeaderItem WriteNamed(List<OutgoingReference> references, CertificateEntry own, SignatureKey key)
    {
        var form = party.NamedForm(own);
        if (!party.Policy.ProtectTokens)
        {
            return Write("SIG", key, references, writer => X509TokenWriter.WriteReference(writer, own, form));
        }

        // A token that does not travel is covered by an STR-Transform over its name.
        var referenceId = Ids.New("STR");
        references.Add(new OutgoingReference(referenceId, PrefixList.Empty, Digest.Hash(TokenOctets.OfCertificate("wsse", own.Raw.Span).Span), IsStrTransform: true));
        return Write("SIG", key, references, writer => X509TokenWriter.WriteReference(writer, own, form, referenceId));
    }

    private HeaderItem Write(string kind, SignatureKey key, IReadOnlyList<OutgoingReference> references, Action<Utf8XmlWriter> writeKeyInfo)
    {
        var id = Ids.New(kind);
        var algorithm = party.Suite.SignatureFor(key, party.Policy.SignatureAlgorithms);
        var (octets, value) = SignatureWriter.Write(id, algorithm, key, Digest, references, writeKeyInfo);
        _values.Add(value);
        return new HeaderItem(id, octets);
    }

    // WS-SecurityPolicy 1.3, section 5.1; by default the client's token travels and the service's does not, as in WCF.
    private bool IncludesToken() => party.Policy.InclusionMode switch
    {
        SecurityTokenInclusionMode.Never => false,
        SecurityTokenInclusionMode.AlwaysToInitiator => isReply,
        SecurityTokenInclusionMode.AlwaysToRecipient or SecurityTokenInclusionMode.Once => !isReply,
        _ when isReply => party.Policy.AllowSerializedSigningTokenOnReply,
        _ => party.Policy.KeyReference is KeyReference.Default or KeyReference.BinarySecurityToken,
    };
}
