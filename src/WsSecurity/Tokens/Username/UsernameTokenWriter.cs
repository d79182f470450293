using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using WsSecurity.Specifications;
using WsSecurity.Timestamps;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Username;

/// <summary>Writes wsse:UsernameToken (UsernameToken Profile 1.1.1, section 3), always with a nonce and the time, against replay.</summary>
internal static class UsernameTokenWriter
{
    private const int NonceSize = 16;

    public static void Write(IBufferWriter<byte> output, string id, SecurityCredentials credentials, PasswordType type, DateTimeOffset now)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var created = UtcInstant.Format(now);
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("wsse", "UsernameToken");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.NamespaceDeclaration("wsu", Wsu.Namespace);
        writer.Attribute("wsu", "Id", id);
        writer.StartElement("wsse", "Username");
        writer.Text(credentials.UserName!);
        writer.EndElement();
        if (type != PasswordType.None)
        {
            writer.StartElement("wsse", "Password");
            writer.Attribute("", "Type", type == PasswordType.Digest ? UsernameTokenProfile.PasswordDigest : UsernameTokenProfile.PasswordText);
            if (type == PasswordType.Digest)
            {
                var password = Encoding.UTF8.GetBytes(credentials.Password!);
                byte[] input = [.. nonce, .. Encoding.UTF8.GetBytes(created), .. password];
                writer.Base64(SHA1.HashData(input));
                CryptographicOperations.ZeroMemory(input);
                CryptographicOperations.ZeroMemory(password);
            }
            else
            {
                writer.Text(credentials.Password!);
            }

            writer.EndElement();
        }

        writer.StartElement("wsse", "Nonce");
        writer.Attribute("", "EncodingType", Wsse.Base64Binary);
        writer.Base64(nonce);
        writer.EndElement();
        writer.StartElement("wsu", "Created");
        writer.Text(created);
        writer.EndElement();
        writer.EndElement();
    }
}
