using WsSecurity.Algorithms;
using WsSecurity.Signatures;
using WsSecurity.Tokens;
using WsSecurity.Tokens.Kerberos;
using WsSecurity.Tokens.Saml;
using WsSecurity.Tokens.Username;
using WsSecurity.Tokens.X509;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>A key that signs, the token that brings it, and how a KeyInfo names it.</summary>
/// <param name="key">The key.</param>
/// <param name="token">The token in the header; null where it is only named.</param>
/// <param name="writeReference">Writes the SecurityTokenReference, with an Id where it gets one.</param>
/// <param name="namedOctets">What an STR-Transform makes of a token that is only named.</param>
internal sealed class OutgoingKey(SignatureKey key, HeaderItem? token, Action<Utf8XmlWriter, string?> writeReference, ReadOnlyMemory<byte> namedOctets = default)
{
    private string? _referenceId;
    private OutgoingDerivedKey? _derived;

    public SignatureKey Key => key;

    public HeaderItem? Token => token;

    private SymmetricKey? Secret { get; init; }

    /// <summary>The key of a certificate.</summary>
    /// <param name="key">The private key.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="travels">Whether the message brings it.</param>
    /// <param name="form">How it is named where it does not travel.</param>
    /// <param name="emitBspRequiredAttributes">Whether token and name say how they are encoded, and the reference of what kind the token is.</param>
    public static OutgoingKey OfCertificate(SignatureKey key, CertificateEntry certificate, bool travels, KeyReference form, bool emitBspRequiredAttributes)
    {
        if (!travels)
        {
            return new OutgoingKey(key, null, (writer, id) => X509TokenWriter.WriteReference(writer, certificate, form, id, emitBspRequiredAttributes), TokenOctets.OfCertificate("wsse", certificate.Raw.Span));
        }

        var token = HeaderItem.Create("X509", (buffer, id) => X509TokenWriter.WriteToken(buffer, id, certificate, emitBspRequiredAttributes));
        return new OutgoingKey(key, token, (writer, _) => X509TokenWriter.WriteDirectReference(writer, token.Id, emitBspRequiredAttributes));
    }

    /// <summary>The DerivedKeyToken of a key that is derived from the token's; null where it is that itself.</summary>
    public HeaderItem? DerivedKeyToken => _derived?.Token;

    /// <summary>A key derived from the secret that an assertion's issuer shares with its subject.</summary>
    /// <param name="proofKey">The secret.</param>
    /// <param name="length">Octets of the derived key.</param>
    /// <param name="version">The namespace of the token.</param>
    /// <param name="emitBspRequiredAttributes">Whether references say of what kind it is.</param>
    /// <param name="assertion">The assertion.</param>
    /// <param name="token">It, in the header.</param>
    public static OutgoingKey DerivedOfSubject(ReadOnlyMemory<byte> proofKey, int length, SecureConversationVersion version, bool emitBspRequiredAttributes, SamlAssertionCredential assertion, HeaderItem token)
    {
        using var source = new SymmetricKey(proofKey.ToArray(), [], string.Empty);
        var derived = new OutgoingDerivedKey(source, length, version, emitBspRequiredAttributes, writer => SamlReferenceWriter.Write(writer, assertion.Named));
        return new OutgoingKey(new HmacSignatureKey(derived.Secret), token, (writer, _) => derived.WriteReference(writer)) { _derived = derived };
    }

    /// <summary>The key of an assertion's subject.</summary>
    public static OutgoingKey OfSubject(SignatureKey key, SamlAssertionCredential assertion, HeaderItem token) =>
        new(key, token, (writer, _) => SamlReferenceWriter.Write(writer, assertion.Named));

    /// <summary>The key of a Kerberos ticket.</summary>
    /// <exception cref="WsSecurityException">The KDC made a key whose length is not the suite's.</exception>
    public static OutgoingKey OfTicket(OutgoingKerberosToken token, Party party)
    {
        party.Suite.RequireSymmetricKeyLength(token.Key.Secret.Length);
        var id = party.NamesKerberosByKeyIdentifier ? null : token.Item.Id;
        return new OutgoingKey(
            new HmacSignatureKey(token.Key.Secret),
            token.Item,
            (writer, _) => KerberosTokenWriter.WriteReference(writer, party.Policy.KerberosTokenForm, id, token.Key.EncryptedKeySha1, party.Policy.EmitBspRequiredAttributes))
        {
            Secret = token.Key,
        };
    }

    /// <summary>The key that is derived from the user's password.</summary>
    /// <param name="password">It, and its token.</param>
    /// <param name="derives">Whether a DerivedKeyToken makes the key that signs of it.</param>
    /// <param name="party">Whose.</param>
    public static OutgoingKey OfPassword(OutgoingPasswordKey password, bool derives, Party party)
    {
        void WriteSource(Utf8XmlWriter writer) => UsernameTokenWriter.WriteReference(writer, password.Item.Id, isOfRequest: false);
        if (!derives)
        {
            return new OutgoingKey(new HmacSignatureKey(password.Key.Secret), password.Item, (writer, _) => WriteSource(writer)) { Secret = password.Key };
        }

        var derived = new OutgoingDerivedKey(password.Key, party.Suite.SignatureDerivedKeyLength, party.ConversationVersion, party.Policy.EmitBspRequiredAttributes, WriteSource);
        return new OutgoingKey(new HmacSignatureKey(derived.Secret), password.Item, (writer, _) => derived.WriteReference(writer)) { Secret = password.Key, _derived = derived };
    }

    /// <summary>Zeroes a key that is this message's alone.</summary>
    public void Forget()
    {
        Secret?.Dispose();
        _derived?.Forget();
    }

    /// <summary>Names the key in a KeyInfo.</summary>
    public void WriteReference(Utf8XmlWriter writer) => writeReference(writer, _referenceId);

    /// <summary>What lets a signature cover the token: one that does not travel is covered by an STR-Transform over its name, which so gets an Id.</summary>
    public OutgoingReference Cover(OutgoingSignatures signatures) => token is not null
        ? signatures.Reference(token)
        : signatures.ReferenceNamed(_referenceId ??= Ids.New("STR"), namedOctets.Span);
}
