using System.Buffers;
using WsSecurity.Exchanges;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Signatures;

/// <summary>
/// A wsse11:SignatureConfirmation (SOAP Message Security 1.1.1, section 8.5): the value of one signature of the request, null
/// where the request had none.
/// </summary>
internal sealed record SignatureConfirmation(TrackedElement Element, byte[]? Value)
{
    /// <exception cref="WsSecurityException">The value is not Base64.</exception>
    public static SignatureConfirmation Read(XmlElement element, TrackedElement tracked)
    {
        var value = element.GetAttribute("Value");
        if (value is null)
        {
            return new SignatureConfirmation(tracked, null);
        }

        var octets = new byte[value.Length];
        return Convert.TryFromBase64String(value, octets, out var length)
            ? new SignatureConfirmation(tracked, octets[..length])
            : throw new WsSecurityException(SecurityFailure.InvalidSignatureStructure, "The value of a SignatureConfirmation is not Base64.");
    }

    public static void Write(IBufferWriter<byte> output, string id, byte[]? value)
    {
        var writer = new Utf8XmlWriter(output);
        writer.StartElement("wsse11", "SignatureConfirmation");
        writer.NamespaceDeclaration("wsse11", Wsse.Namespace11);
        writer.NamespaceDeclaration("wsu", Wsu.Namespace);
        if (value is not null)
        {
            writer.Attribute("", "Value", Convert.ToBase64String(value));
        }

        writer.Attribute("wsu", "Id", id);
        writer.EndElement();
    }
}
