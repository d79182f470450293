using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Soap;

/// <summary>A scanned document that is known to be a SOAP envelope: an optional Header, then exactly one Body, nothing else.</summary>
internal sealed class SoapEnvelope
{
    private SoapEnvelope(XmlIndex index, SoapVersion version, XmlElement root, XmlElement header, XmlElement body)
    {
        Index = index;
        Version = version;
        Root = root;
        Header = header;
        Body = body;
    }

    public XmlIndex Index { get; }

    public SoapVersion Version { get; }

    public string Namespace => SoapNamespaces.Of(Version);

    public XmlElement Root { get; }

    /// <summary>The Header; none where the envelope has none.</summary>
    public XmlElement Header { get; }

    public XmlElement Body { get; }

    public ReadOnlyMemory<byte> Source => Index.Utf8;

    public bool IsFault => Body.FirstChild is { IsNone: false } first && first.Is("Fault"u8, Namespace);

    /// <summary>The WS-Addressing Action; null where there is none.</summary>
    public string? Action => GetAddressing("Action"u8);

    /// <exception cref="WsSecurityException">The document is no SOAP envelope.</exception>
    public static SoapEnvelope Read(XmlIndex index)
    {
        var root = index.Root;
        SoapVersion version;
        if (root.Is("Envelope"u8, SoapNamespaces.Soap11))
        {
            version = SoapVersion.Soap11;
        }
        else if (root.Is("Envelope"u8, SoapNamespaces.Soap12))
        {
            version = SoapVersion.Soap12;
        }
        else
        {
            throw new WsSecurityException(SecurityFailure.InvalidEnvelope, "The root element is no SOAP 1.1 or 1.2 Envelope.");
        }

        var soap = SoapNamespaces.Of(version);
        var header = default(XmlElement);
        var body = root.FirstChild;
        if (!body.IsNone && body.Is("Header"u8, soap))
        {
            header = body;
            body = header.NextSibling;
        }

        if (body.IsNone || !body.Is("Body"u8, soap))
        {
            throw new WsSecurityException(SecurityFailure.InvalidEnvelope, "The Envelope has no Body where it must stand.");
        }

        // SOAP 1.1 let elements follow the Body, where a wrapped original can hide; SOAP 1.2 and Basic Profile 1.1 (R1011) do not.
        if (!body.NextSibling.IsNone)
        {
            throw new WsSecurityException(SecurityFailure.InvalidEnvelope, "An element follows the Body.");
        }

        return new SoapEnvelope(index, version, root, header, body);
    }

    /// <summary>Finds the Security header for an actor.</summary>
    /// <returns>The header; none where there is none.</returns>
    /// <exception cref="WsSecurityException">There are two (SOAP Message Security 1.1.1, section 5).</exception>
    public XmlElement FindSecurityHeader(string? actor)
    {
        var found = default(XmlElement);
        if (Header.IsNone)
        {
            return found;
        }

        var role = Normalize(actor);
        foreach (var block in Header.Children)
        {
            if (!block.Is("Security"u8, Wsse.Namespace) || Normalize(block.GetAttribute(Version == SoapVersion.Soap11 ? "actor" : "role", Namespace)) != role)
            {
                continue;
            }

            if (!found.IsNone)
            {
                throw new WsSecurityException(SecurityFailure.DuplicateSecurityHeader, "Two Security headers are for the same actor.");
            }

            found = block;
        }

        return found;
    }

    /// <summary>The trimmed text of a WS-Addressing header of either version; null where it is missing.</summary>
    /// <exception cref="WsSecurityException">It stands there twice.</exception>
    public string? GetAddressing(ReadOnlySpan<byte> localName)
    {
        var header = FindAddressing(localName);
        return header.IsNone ? null : header.TryGetText(out var text) ? text.Trim() : null;
    }

    public XmlElement FindAddressing(ReadOnlySpan<byte> localName)
    {
        var found = default(XmlElement);
        if (Header.IsNone)
        {
            return found;
        }

        foreach (var block in Header.Children)
        {
            if (!block.Is(localName, WsAddressing.Namespace) && !block.Is(localName, WsAddressing.Namespace200408))
            {
                continue;
            }

            if (!found.IsNone)
            {
                throw new WsSecurityException(SecurityFailure.InvalidEnvelope, "A WS-Addressing header stands twice.");
            }

            found = block;
        }

        return found;
    }

    // SOAP 1.2 Part 1, section 5.2.2: to leave the role out is to name the ultimate receiver.
    private string? Normalize(string? role) =>
        string.IsNullOrEmpty(role) || (Version == SoapVersion.Soap12 && role == SoapNamespaces.UltimateReceiverRole) ? null : role;
}
