using System.Text;
using WsSecurity.Algorithms;
using WsSecurity.Specifications;
using WsSecurity.Timestamps;
using WsSecurity.Xml;

namespace WsSecurity.Tokens.Saml;

/// <summary>Reads what both versions of SAML have in common; what is not understood and could restrict an assertion refuses it.</summary>
internal static class SamlAssertionReader
{
    public static bool Is(XmlElement element) => Is20(element) || element.Is("Assertion"u8, Saml11.Namespace);

    /// <summary>The Id of an assertion: <c>ID</c>, or SAML 1.1's <c>AssertionID</c>.</summary>
    public static string? IdOf(XmlElement assertion) => assertion.GetAttribute(Is20(assertion) ? "ID" : "AssertionID");

    /// <summary>Reads an assertion, and does not ask whether it is true.</summary>
    /// <exception cref="WsSecurityException">It is broken, or holds what is not supported.</exception>
    public static SamlAssertionBuilder Read(XmlElement element, Func<byte[], X509.CertificateEntry> readCertificate) =>
        Is20(element) ? Saml20Reader.Read(element, readCertificate) : Saml11Reader.Read(element, readCertificate);

    internal static SamlConditions ReadConditions(XmlElement element, IReadOnlyList<IReadOnlyList<string>> audiences, bool isOneTime) => new()
    {
        NotBefore = ReadInstant(element, "NotBefore"),
        NotOnOrAfter = ReadInstant(element, "NotOnOrAfter"),
        Audiences = audiences,
        IsOneTime = isOneTime,
    };

    internal static DateTimeOffset? ReadInstant(XmlElement element, string attribute)
    {
        if (element.GetAttribute(attribute) is not { } text)
        {
            return null;
        }

        return UtcInstant.TryParse(text.AsSpan().Trim(), out var instant) ? instant : throw Broken($"{attribute} is no time in UTC");
    }

    internal static string ReadText(XmlElement element, string what) =>
        element.TryGetText(out var text) && !string.IsNullOrWhiteSpace(text) ? text.Trim() : throw Broken($"{what} is missing or no text");

    internal static string ReadAttribute(XmlElement element, string name) =>
        element.GetAttribute(name) is { Length: > 0 } value ? value : throw Broken($"{name} is missing");

    internal static IReadOnlyList<string> ReadAudiences(XmlElement restriction, string ns)
    {
        var audiences = new List<string>();
        foreach (var child in restriction.Children)
        {
            audiences.Add(child.Is("Audience"u8, ns) ? ReadText(child, "an Audience") : throw Unsupported(child));
        }

        return audiences.Count > 0 ? audiences : throw Broken("a restriction names no Audience");
    }

    internal static IReadOnlyList<string> ReadValues(XmlElement attribute, string ns)
    {
        var values = new List<string>();
        foreach (var child in attribute.Children)
        {
            // A value of elements says nothing that fits a claim.
            if (child.Is("AttributeValue"u8, ns) && child.TryGetText(out var text))
            {
                values.Add(text);
            }
        }

        return values;
    }

    internal static void Demand(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Broken(otherwise);
        }
    }

    internal static WsSecurityException Broken(string what) => new(SecurityFailure.InvalidSecurityToken, $"The SAML assertion is broken: {what}.");

    internal static WsSecurityException Unsupported(XmlElement element) =>
        new(SecurityFailure.UnsupportedSecurityToken, $"The SAML assertion holds '{RefusedValue.Show(Encoding.UTF8.GetString(element.LocalName))}', which is not supported there.");

    private static bool Is20(XmlElement element) => element.Is("Assertion"u8, Saml20.Namespace);
}
