using WsSecurity.Xml;

namespace WsSecurity.Soap;

/// <summary>Reads a SOAP fault (SOAP 1.1 section 4.4, SOAP 1.2 Part 1 section 5.4).</summary>
internal static class SoapFaultReader
{
    /// <returns>The fault; null where the Body holds none.</returns>
    public static SoapFault? TryRead(SoapEnvelope envelope)
    {
        if (!envelope.IsFault)
        {
            return null;
        }

        var fault = envelope.Body.FirstChild;
        if (envelope.Version == SoapVersion.Soap11)
        {
            return new SoapFault(Local(Text(fault.Child("faultcode"u8, ""))), null, Text(fault.Child("faultstring"u8, "")));
        }

        var code = fault.Child("Code"u8, envelope.Namespace);
        string? subcode = null;
        var depth = 0;
        for (var next = Child(code, "Subcode"u8, envelope.Namespace); !next.IsNone && depth++ < 8; next = next.Child("Subcode"u8, envelope.Namespace))
        {
            subcode = Local(Text(next.Child("Value"u8, envelope.Namespace)));
        }

        var reason = Child(fault.Child("Reason"u8, envelope.Namespace), "Text"u8, envelope.Namespace);
        return new SoapFault(Local(Text(Child(code, "Value"u8, envelope.Namespace))), subcode, Text(reason));
    }

    private static XmlElement Child(XmlElement element, ReadOnlySpan<byte> localName, string namespaceUri) =>
        element.IsNone ? default : element.Child(localName, namespaceUri);

    private static string Text(XmlElement element) => element.IsNone ? string.Empty : element.GetText().Trim();

    private static string Local(string qualified) => qualified[(qualified.IndexOf(':') + 1)..];
}
