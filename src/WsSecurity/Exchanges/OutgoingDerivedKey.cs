using System.Security.Cryptography;
using System.Text;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Tokens;
using WsSecurity.Tokens.DerivedKeys;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>A key that is derived from the message's own, and the token that says how.</summary>
internal sealed class OutgoingDerivedKey
{
    private const int NonceSize = 16;

    private readonly string _uri;
    private readonly bool _emitBspRequiredAttributes;

    public OutgoingDerivedKey(SymmetricKey source, int length, SecureConversationVersion version, bool emitBspRequiredAttributes, Action<Utf8XmlWriter> writeSource)
    {
        _emitBspRequiredAttributes = emitBspRequiredAttributes;
        _uri = version == SecureConversationVersion.WSSecureConversation13 ? WsSecureConversation.Namespace : WsSecureConversation.Namespace200502;
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        Secret = PSha1KeyDerivation.Derive(source.Secret, [.. Encoding.UTF8.GetBytes(DerivedKeyToken.DefaultLabel), .. nonce], 0, length);
        Token = HeaderItem.Create("DK", (output, id) => DerivedKeyTokenWriter.Write(output, _uri, id, nonce, length, writeSource));
    }

    public byte[] Secret { get; }

    public HeaderItem Token { get; }

    public void WriteReference(Utf8XmlWriter writer) => DerivedKeyTokenWriter.WriteReference(writer, _uri, Token.Id, _emitBspRequiredAttributes);

    public void Forget() => CryptographicOperations.ZeroMemory(Secret);
}
