using System.Buffers;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Signatures;

/// <summary>What an STR-Transform gives: the token's octets in place of the reference (SOAP Message Security 1.1.1, section 8.3).</summary>
internal static class TokenOctets
{
    /// <summary>A token that travels in the message.</summary>
    public static ReadOnlyMemory<byte> OfElement(XmlElement token, CanonicalizationMethod method, PrefixList prefixes)
    {
        var canonical = CanonicalOctets.Of(token, method, prefixes);
        return DeclaresDefault(canonical.Span) ? canonical : InsertDefault(canonical.Span);
    }

    /// <summary>A certificate that is only named: it is written as the BinarySecurityToken that it could have been.</summary>
    public static ReadOnlyMemory<byte> OfCertificate(string prefix, ReadOnlySpan<byte> der)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new Utf8XmlWriter(output);
        writer.StartElement(prefix, "BinarySecurityToken");
        writer.NamespaceDeclaration(prefix, Wsse.Namespace);
        writer.Attribute("", "ValueType", X509TokenProfile.X509v3);
        writer.Base64(der);
        writer.EndElement();
        return DeclaresDefault(output.WrittenSpan) ? output.WrittenMemory : InsertDefault(output.WrittenSpan);
    }

    // Step 3 of the transform: where the token declares no default namespace, xmlns="" is written all the same.
    private static byte[] InsertDefault(ReadOnlySpan<byte> canonical)
    {
        var name = canonical.IndexOfAny((byte)' ', (byte)'>');
        return [.. canonical[..name], .. " xmlns=\"\""u8, .. canonical[name..]];
    }

    private static bool DeclaresDefault(ReadOnlySpan<byte> canonical) =>
        canonical[..canonical.IndexOf((byte)'>')].IndexOf(" xmlns=\""u8) >= 0;
}
