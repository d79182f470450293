using WsSecurity.Algorithms;
using WsSecurity.Signatures;
using WsSecurity.Tokens.Saml;
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

    public SignatureKey Key => key;

    public HeaderItem? Token => token;

    /// <summary>The key of a certificate.</summary>
    /// <param name="key">The private key.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="travels">Whether the message brings it.</param>
    /// <param name="form">How it is named where it does not travel.</param>
    public static OutgoingKey OfCertificate(SignatureKey key, CertificateEntry certificate, bool travels, KeyReference form)
    {
        if (!travels)
        {
            return new OutgoingKey(key, null, (writer, id) => X509TokenWriter.WriteReference(writer, certificate, form, id), TokenOctets.OfCertificate("wsse", certificate.Raw.Span));
        }

        var token = HeaderItem.Create("X509", (buffer, id) => X509TokenWriter.WriteToken(buffer, id, certificate));
        return new OutgoingKey(key, token, (writer, _) => X509TokenWriter.WriteDirectReference(writer, token.Id));
    }

    /// <summary>The key of an assertion's subject.</summary>
    public static OutgoingKey OfSubject(SignatureKey key, SamlAssertionCredential assertion, HeaderItem token) =>
        new(key, token, (writer, _) => SamlReferenceWriter.Write(writer, assertion.Id, assertion.IsSaml20));

    /// <summary>Names the key in a KeyInfo.</summary>
    public void WriteReference(Utf8XmlWriter writer) => writeReference(writer, _referenceId);

    /// <summary>What lets a signature cover the token: one that does not travel is covered by an STR-Transform over its name, which so gets an Id.</summary>
    public OutgoingReference Cover(OutgoingSignatures signatures) => token is not null
        ? signatures.Reference(token)
        : signatures.ReferenceNamed(_referenceId ??= Ids.New("STR"), namedOctets.Span);
}
