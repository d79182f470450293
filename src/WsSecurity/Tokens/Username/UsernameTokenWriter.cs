using System.Buffers;
using System.Globalization;
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
        var writer = Start(output, id, credentials.UserName!);
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

        WriteFreshness(writer, nonce, created);
        writer.EndElement();
    }

    /// <summary>Writes a token that derives a key from the password, and does not hold it (section 4).</summary>
    public static void WriteDeriving(IBufferWriter<byte> output, string id, string userName, byte[] salt, int iterations, DateTimeOffset now)
    {
        var writer = Start(output, id, userName);
        WriteFreshness(writer, RandomNumberGenerator.GetBytes(NonceSize), UtcInstant.Format(now));
        writer.StartElement("wsse11", "Salt");
        writer.NamespaceDeclaration("wsse11", Wsse.Namespace11);
        writer.Base64(salt);
        writer.EndElement();
        writer.StartElement("wsse11", "Iteration");
        writer.NamespaceDeclaration("wsse11", Wsse.Namespace11);
        writer.Text(iterations.ToString(CultureInfo.InvariantCulture));
        writer.EndElement();
        writer.EndElement();
    }

    /// <summary>Names the token of this message, or in a reply that of the request, which CXF names as something outside of the message.</summary>
    public static void WriteReference(Utf8XmlWriter writer, string id, bool isOfRequest)
    {
        writer.StartElement("wsse", "SecurityTokenReference");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.StartElement("wsse", "Reference");
        writer.Attribute("", "URI", isOfRequest ? id : "#" + id);
        writer.Attribute("", "ValueType", UsernameTokenProfile.UsernameToken);
        writer.EndElement();
        writer.EndElement();
    }

    private static Utf8XmlWriter Start(IBufferWriter<byte> output, string id, string userName)
    {
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("wsse", "UsernameToken");
        writer.NamespaceDeclaration("wsse", Wsse.Namespace);
        writer.NamespaceDeclaration("wsu", Wsu.Namespace);
        writer.Attribute("wsu", "Id", id);
        writer.StartElement("wsse", "Username");
        writer.Text(userName);
        writer.EndElement();
        return writer;
    }

    private static void WriteFreshness(Utf8XmlWriter writer, byte[] nonce, string created)
    {
        writer.StartElement("wsse", "Nonce");
        writer.Attribute("", "EncodingType", Wsse.Base64Binary);
        writer.Base64(nonce);
        writer.EndElement();
        writer.StartElement("wsu", "Created");
        writer.Text(created);
        writer.EndElement();
    }
}
