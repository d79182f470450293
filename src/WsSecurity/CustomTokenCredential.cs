using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity;

/// <summary>A custom token to send.</summary>
public sealed class CustomTokenCredential : SecurityTokenCredential
{
    private CustomTokenCredential(byte[] octets, string? valueType, string? id, DateTimeOffset? expires, CustomTokenKey? key)
    {
        Octets = octets;
        ValueType = valueType;
        Id = id;
        Expires = expires;
        Key = key;
    }

    /// <summary>When it expires; null for a token of one message.</summary>
    public DateTimeOffset? Expires { get; }

    internal byte[] Octets { get; }

    internal string? ValueType { get; }

    internal string? Id { get; }

    internal CustomTokenKey? Key { get; }

    internal override DateTimeOffset? ReusableUntil => Expires;

    /// <summary>A token that goes as wsse:BinarySecurityToken.</summary>
    /// <param name="valueType">Its ValueType, a URI.</param>
    /// <param name="octets">What it holds; written in Base64.</param>
    /// <param name="expires">When it expires: it is used again until shortly before. null: it is acquired for each message.</param>
    /// <param name="key">The key that endorses by it; null for a bearer token, which goes only encrypted or over a protected transport.</param>
    public static CustomTokenCredential Binary(string valueType, ReadOnlySpan<byte> octets, DateTimeOffset? expires = null, CustomTokenKey? key = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(valueType);
        return new CustomTokenCredential(octets.ToArray(), valueType, null, expires, key);
    }

    /// <summary>A token that goes as an XML element, octet by octet.</summary>
    /// <param name="document">A document whose root is the token, with every namespace declared in it; to be signed or to endorse it has a <c>wsu:Id</c>.</param>
    /// <param name="expires">When it expires: it is used again until shortly before. null: it is acquired for each message.</param>
    /// <param name="key">The key that endorses by it; null for a bearer token, which goes only encrypted or over a protected transport.</param>
    /// <exception cref="ArgumentException">It is no document.</exception>
    public static CustomTokenCredential Element(ReadOnlyMemory<byte> document, DateTimeOffset? expires = null, CustomTokenKey? key = null)
    {
        try
        {
            using var index = XmlIndex.Scan(XmlEncoding.ToUtf8(document, null), ProcessingLimits.Default);
            return new CustomTokenCredential(index.Root.Octets.ToArray(), null, index.Root.GetAttribute("Id", Wsu.Namespace), expires, key);
        }
        catch (WsSecurityException exception)
        {
            throw new ArgumentException("The document is no XML.", nameof(document), exception);
        }
    }

    /// <summary>Writes nothing of the token.</summary>
    public override string ToString() => nameof(CustomTokenCredential);
}
