using System.Runtime.InteropServices;
using System.Xml;
#if COREWCF
using CoreWCF.Channels;
#else
using System.ServiceModel.Channels;
#endif

namespace WsSecurity.ServiceModel.Channels;

/// <summary>Reads the WS-Addressing headers that an envelope claims, before anybody verified them.</summary>
internal static class ClaimedAddressing
{
    private const string Addressing10 = "http://www.w3.org/2005/08/addressing";
    private const string Addressing200408 = "http://schemas.xmlsoap.org/ws/2004/08/addressing";

    /// <summary>Reads Action, To, MessageID and RelatesTo. What is not readable is not claimed.</summary>
    /// <param name="envelope">The envelope's octets.</param>
    /// <param name="version">The version of the binding.</param>
    public static MessageHeaders Read(ReadOnlyMemory<byte> envelope, MessageVersion version)
    {
        var headers = new MessageHeaders(version);
        if (envelope.IsEmpty || version.Addressing == AddressingVersion.None || !MemoryMarshal.TryGetArray(envelope, out var octets))
        {
            return headers;
        }

        try
        {
            using var reader = XmlDictionaryReader.CreateTextReader(octets.Array!, octets.Offset, octets.Count, XmlDictionaryReaderQuotas.Max);
            Read(reader, version.Addressing == AddressingVersion.WSAddressing10 ? Addressing10 : Addressing200408, headers);
        }
        catch (Exception error) when (error is XmlException or FormatException or ArgumentException)
        {
            // The engine names what is wrong; here it only means that no exchange is found.
        }

        return headers;
    }

    private static void Read(XmlDictionaryReader reader, string addressing, MessageHeaders headers)
    {
        reader.MoveToContent();
        reader.ReadStartElement();
        if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "Header" || reader.IsEmptyElement)
        {
            return;
        }

        reader.ReadStartElement();
        while (reader.MoveToContent() == XmlNodeType.Element)
        {
            if (reader.NamespaceURI == addressing)
            {
                Read(reader, headers);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void Read(XmlDictionaryReader reader, MessageHeaders headers)
    {
        switch (reader.LocalName)
        {
            case "Action":
                headers.Action = reader.ReadElementContentAsString().Trim();
                break;
            case "To":
                headers.To = new Uri(reader.ReadElementContentAsString().Trim(), UriKind.RelativeOrAbsolute);
                break;
            case "MessageID":
                headers.MessageId = new UniqueId(reader.ReadElementContentAsString().Trim());
                break;
            case "RelatesTo" when headers.RelatesTo is null && IsReply(reader.GetAttribute("RelationshipType")):
                headers.RelatesTo = new UniqueId(reader.ReadElementContentAsString().Trim());
                break;
            default:
                reader.Skip();
                break;
        }
    }

    // WS-Addressing 1.0 Core, section 3.2: absent means reply. The submission of 2004 writes a QName.
    private static bool IsReply(string? relationship) =>
        relationship is null || relationship.EndsWith("/reply", StringComparison.Ordinal) || relationship.EndsWith(":Reply", StringComparison.Ordinal);
}
