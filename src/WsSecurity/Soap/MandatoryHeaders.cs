using System.Text;
using WsSecurity.Algorithms;
using WsSecurity.Xml;

namespace WsSecurity.Soap;

/// <summary>Header blocks that a node must understand or refuse (SOAP 1.1 section 4.2.3, SOAP 1.2 Part 1 section 2.4).</summary>
internal static class MandatoryHeaders
{
    private const string Next11 = "http://schemas.xmlsoap.org/soap/actor/next";
    private const string Next12 = "http://www.w3.org/2003/05/soap-envelope/role/next";

    /// <param name="envelope">The envelope.</param>
    /// <param name="securityHeader">Our Security header, which is understood.</param>
    /// <param name="understood">What the application behind understands.</param>
    /// <param name="actor">The actor that we play beside those that everybody plays.</param>
    /// <exception cref="WsSecurityException">A mandatory header for us is none of these.</exception>
    public static void Demand(SoapEnvelope envelope, XmlElement securityHeader, IReadOnlyList<QualifiedName> understood, string? actor)
    {
        if (envelope.Header.IsNone)
        {
            return;
        }

        foreach (var block in envelope.Header.Children)
        {
            if (block != securityHeader && IsMandatory(block, envelope) && IsForUs(block, envelope, actor) && !understood.Any(name => Names(name, block)))
            {
                throw new WsSecurityException(
                    SecurityFailure.HeaderNotUnderstood,
                    $"The mandatory header {{{RefusedValue.Show(block.NamespaceUri)}}}{RefusedValue.Show(Encoding.UTF8.GetString(block.LocalName))} is not understood.");
            }
        }
    }

    private static bool IsMandatory(XmlElement block, SoapEnvelope envelope) =>
        block.GetAttribute("mustUnderstand", envelope.Namespace)?.Trim() is { } value && (value == "1" || (envelope.Version == SoapVersion.Soap12 && value == "true"));

    private static bool IsForUs(XmlElement block, SoapEnvelope envelope, string? actor) =>
        block.GetAttribute(envelope.Version == SoapVersion.Soap11 ? "actor" : "role", envelope.Namespace) is var target
        && (string.IsNullOrEmpty(target) || target is Next11 or Next12 or SoapNamespaces.UltimateReceiverRole || target == actor);

    private static bool Names(QualifiedName name, XmlElement block) =>
        block.NamespaceUri == name.Namespace && (name.Name is null || Encoding.UTF8.GetString(block.LocalName) == name.Name);
}
