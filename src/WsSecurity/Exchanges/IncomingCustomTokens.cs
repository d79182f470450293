using System.Text;
using WsSecurity.Signatures;
using WsSecurity.Specifications;
using WsSecurity.Tokens.Custom;
using WsSecurity.Xml;

namespace WsSecurity.Exchanges;

/// <summary>The custom tokens of a message, each read once: where it stands, or where a signature that comes before it names it.</summary>
internal sealed class IncomingCustomTokens(Party party, IncomingDocument document)
{
    private readonly List<IncomingCustomToken> _tokens = [];

    public IReadOnlyList<IncomingCustomToken> All => _tokens;

    /// <summary>Whether an element is a custom token that the policy has a use for: requests carry them, and replies none.</summary>
    public bool Accepts(XmlElement element) => FindHandler(element) is not null;

    /// <exception cref="WsSecurityException">It is broken.</exception>
    public IncomingCustomToken Read(XmlElement element)
    {
        if (_tokens.Find(known => known.Element.Is(element)) is { } known)
        {
            return known;
        }

        HeaderLimit.Demand(_tokens.Count, party.Policy.Limits.MaxTokens, "custom tokens");
        var handler = FindHandler(element)!;
        var token = new CustomToken(ReadOctets(element, handler.Format), party.Now);
        var read = new IncomingCustomToken(document.Track(element), handler, token, ReadKey(handler, token));
        _tokens.Add(read);
        return read;
    }

    private static ReadOnlyMemory<byte> ReadOctets(XmlElement element, CustomTokenFormat format)
    {
        if (format.ElementName is not null)
        {
            return CanonicalOctets.Of(element, CanonicalizationMethod.Exclusive, PrefixList.Empty).ToArray();
        }

        if (element.GetAttribute("EncodingType") is { } encoding && encoding != Wsse.Base64Binary)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A BinarySecurityToken has another encoding than Base64Binary.");
        }

        return element.TryGetBase64(out var octets) ? octets : throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, "A BinarySecurityToken is not Base64.");
    }

    private static CustomTokenKey? ReadKey(ICustomTokenHandler handler, CustomToken token)
    {
        try
        {
            return handler.ReadKey(token);
        }
        catch (Exception exception) when (exception is not WsSecurityException)
        {
            throw new WsSecurityException(SecurityFailure.InvalidSecurityToken, $"The handler of '{handler.Name}' cannot read the token.", exception);
        }
    }

    private ICustomTokenHandler? FindHandler(XmlElement element) => party.IsInitiator ? null : party.TokenHandlers.FirstOrDefault(handler => Is(element, handler.Format));

    private static bool Is(XmlElement element, CustomTokenFormat format) => format.ElementName is { } name
        ? element.NamespaceUri == name.Namespace && Encoding.UTF8.GetString(element.LocalName) == name.Name
        : element.Is("BinarySecurityToken"u8, Wsse.Namespace) && element.GetAttribute("ValueType") == format.ValueType;
}
