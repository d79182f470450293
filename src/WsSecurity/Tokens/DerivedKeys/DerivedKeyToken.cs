using System.Globalization;
using System.Text;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Tokens.References;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.DerivedKeys;

/// <summary>
/// A wsc:DerivedKeyToken (WS-SecureConversation 1.3 section 7, and the submission of February 2005): how a key is derived from another.
/// </summary>
internal sealed record DerivedKeyToken(SecurityTokenReference Source, int Offset, int Length, byte[] Seed)
{
    /// <summary>Section 7: the labels of both parties, which by default are the same.</summary>
    public const string DefaultLabel = "WS-SecureConversationWS-SecureConversation";

    /// <summary>The length where the token states none.</summary>
    private const int DefaultLength = 32;

    // Beyond any key, and far below what would cost time.
    private const int MaxStreamLength = 1024;
    private const int MaxSeedLength = 512;

    public static bool Is(XmlElement element) =>
        element.Is("DerivedKeyToken"u8, WsSecureConversation.Namespace) || element.Is("DerivedKeyToken"u8, WsSecureConversation.Namespace200502);

    /// <exception cref="WsSecurityException">It is not well built, or asks for what is not supported.</exception>
    public static DerivedKeyToken Read(XmlElement element)
    {
        var uri = element.NamespaceUri;
        if (element.GetAttribute("Algorithm") is { } algorithm && algorithm != uri + "/dk/p_sha1")
        {
            throw new WsSecurityException(SecurityFailure.UnsupportedSecurityToken, $"The key derivation '{RefusedValue.Show(algorithm)}' is not supported.");
        }

        var reference = element.Child("SecurityTokenReference"u8, Wsse.Namespace);
        if (reference.IsNone)
        {
            throw Invalid("it names no key to derive from");
        }

        var nonce = element.Child("Nonce"u8, uri);
        if (nonce.IsNone || !nonce.TryGetBase64(out var nonceOctets) || nonceOctets.Length == 0)
        {
            throw Invalid("it has no Nonce");
        }

        var label = element.Child("Label"u8, uri) is { IsNone: false } stated ? stated.GetText() : DefaultLabel;
        byte[] seed = [.. Encoding.UTF8.GetBytes(label), .. nonceOctets];
        var length = ReadNumber(element.Child("Length"u8, uri), DefaultLength);
        var generation = element.Child("Generation"u8, uri);
        if (!generation.IsNone && !element.Child("Offset"u8, uri).IsNone)
        {
            throw Invalid("it has both Offset and Generation");
        }

        var offset = generation.IsNone ? ReadNumber(element.Child("Offset"u8, uri), 0) : ReadNumber(generation, 0) * length;
        if (length == 0 || offset + length > MaxStreamLength || seed.Length > MaxSeedLength)
        {
            throw Invalid("its Length, Offset, Label or Nonce is out of bounds");
        }

        return new DerivedKeyToken(SecurityTokenReference.Read(reference), offset, length, seed);
    }

    /// <summary>Reads what the attributes of a reference say (section 7.4): the default label, from the beginning.</summary>
    /// <exception cref="WsSecurityException">They are broken.</exception>
    public static DerivedKeyToken ReadImplied(SecurityTokenReference source, string nonce, string? length)
    {
        byte[] octets;
        try
        {
            octets = Convert.FromBase64String(nonce);
        }
        catch (FormatException)
        {
            throw Invalid("its Nonce is not Base64");
        }

        var number = length is null ? DefaultLength : ReadNumber(length);
        return number > 0 && octets.Length is > 0 and <= MaxSeedLength - 64
            ? new DerivedKeyToken(source, 0, number, [.. Encoding.UTF8.GetBytes(DefaultLabel), .. octets])
            : throw Invalid("its Length or Nonce is out of bounds");
    }

    private static int ReadNumber(XmlElement element, int otherwise) => element.IsNone ? otherwise
        : element.TryGetText(out var text) ? ReadNumber(text)
        : throw Invalid("a number is not one");

    private static int ReadNumber(string text)
    {
        return int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxStreamLength
            ? number
            : throw Invalid("a number is not one, or out of bounds");
    }

    private static WsSecurityException Invalid(string what) => new(SecurityFailure.InvalidSecurityToken, $"A DerivedKeyToken is invalid: {what}.");
}
