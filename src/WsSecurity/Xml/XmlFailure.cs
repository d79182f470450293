using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace WsSecurity.Xml;

/// <summary>Raises what is wrong with a document: what and where, never the content, which may be a secret.</summary>
internal static class XmlFailure
{
    [DoesNotReturn, StackTraceHidden]
    public static void Malformed(string what, int offset) => Throw(SecurityFailure.MalformedXml, what, offset);

    [DoesNotReturn, StackTraceHidden]
    public static void Throw(SecurityFailure failure, string what, int offset) =>
        throw new WsSecurityException(failure, $"{what} (octet {offset}).");
}
