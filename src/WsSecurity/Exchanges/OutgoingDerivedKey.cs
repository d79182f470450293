using System.Security.Cryptography;
using System.Text;
using WsSecurity.Algorithms;
using WsSecurity.Tokens;
using WsSecurity.Tokens.DerivedKeys;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>A key that is derived from the message's own, and the token that says how.</summary>
internal sealed class OutgoingDerivedKey
{
    private const int NonceSize = 16;

    public OutgoingDerivedKey(SymmetricKey source, int length, Action<Utf8XmlWriter> writeSource)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        Secret = PSha1KeyDerivation.Derive(source.Secret, [.. Encoding.UTF8.GetBytes(DerivedKeyToken.DefaultLabel), .. nonce], 0, length);
        Token = HeaderItem.Create("DK", (output, id) => DerivedKeyTokenWriter.Write(output, id, nonce, length, writeSource));
    }

    public byte[] Secret { get; }

    public HeaderItem Token { get; }

    public void WriteReference(Utf8XmlWriter writer) => DerivedKeyTokenWriter.WriteReference(writer, Token.Id);

    public void Forget() => CryptographicOperations.ZeroMemory(Secret);
}
