using System.Text;
using WsSecurity.Exchanges;
using WsSecurity.Soap;
using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Policy;

/// <summary>
/// Finds the elements that a policy's parts name, in an envelope. A Security header is no part, whatever names it: it is protected as the tokens and
/// signatures in it demand.
/// </summary>
internal static class PartSelection
{
    /// <summary>The parts, with the Body among them where a path selects it.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="parts">What a policy names.</param>
    /// <param name="failure">What it is to name what cannot be protected.</param>
    /// <exception cref="WsSecurityException">A path selects the Envelope or the Header, or the Body to be encrypted as an element.</exception>
    public static MessageParts In(SoapEnvelope envelope, MessageParts parts, SecurityFailure failure)
    {
        if (parts.Paths.Count == 0 && parts.ContentPaths.Count == 0)
        {
            return parts;
        }

        var isEncryption = failure == SecurityFailure.EncryptedPartMissing;
        var selected = Selected(envelope, parts.Paths).ToList();
        var contents = Selected(envelope, parts.ContentPaths).ToList();
        foreach (var element in selected.Concat(contents))
        {
            if (element == envelope.Root || element == envelope.Header || (isEncryption && element == envelope.Body && selected.Contains(element)))
            {
                throw new WsSecurityException(failure, $"A location path of the policy selects {ElementPath.Of(element)}, which cannot be {(isEncryption ? "encrypted" : "signed")} as an element.");
            }
        }

        return parts with { Body = parts.Body || selected.Contains(envelope.Body) || contents.Contains(envelope.Body) };
    }

    /// <summary>The header blocks that are named.</summary>
    public static IEnumerable<XmlElement> Headers(SoapEnvelope envelope, MessageParts parts, XmlElement securityHeader)
    {
        if (envelope.Header.IsNone || (!parts.AllHeaders && parts.Headers.Count == 0 && parts.Paths.Count == 0))
        {
            return [];
        }

        var found = new List<XmlElement>();
        var selected = Selected(envelope, parts.Paths).ToHashSet();
        foreach (var block in envelope.Header.Children)
        {
            if (block != securityHeader && !IsSecurityHeader(block) && (parts.AllHeaders || IsNamed(block, parts.Headers) || selected.Contains(block)))
            {
                found.Add(block);
            }
        }

        return found;
    }

    /// <summary>The elements below the Body or below header blocks that are named, in document order.</summary>
    public static IReadOnlyList<XmlElement> Elements(SoapEnvelope envelope, MessageParts parts)
    {
        var found = Selected(envelope, parts.Paths).Where(element => IsBelowPart(envelope, element)).ToList();
        if (parts.Elements.Count > 0)
        {
            foreach (var element in envelope.Body.Descendants)
            {
                if (IsNamed(element, parts.Elements))
                {
                    found.Add(element);
                }
            }
        }

        return [.. found.DistinctBy(element => element.Start).OrderBy(element => element.Start)];
    }

    /// <summary>The elements whose content is named, the Body excepted, in document order.</summary>
    public static IReadOnlyList<XmlElement> Contents(SoapEnvelope envelope, MessageParts parts) =>
        [.. Selected(envelope, parts.ContentPaths).Where(element => element != envelope.Body)];

    /// <summary>The elements that a signature covers by references of their own: those that no signed header or Body has in it.</summary>
    public static IReadOnlyList<XmlElement> SignedAlone(SoapEnvelope envelope, MessageParts parts)
    {
        var elements = Elements(envelope, parts);
        if (elements.Count == 0)
        {
            return elements;
        }

        List<XmlElement> whole = [.. Headers(envelope, parts, default)];
        if (parts.Body)
        {
            whole.Add(envelope.Body);
        }

        return [.. elements.Where(element => !whole.Exists(element.IsDescendantOf))];
    }

    /// <summary>Whether encrypting the parts hides an element, or something that it is in.</summary>
    public static bool Hides(SoapEnvelope envelope, MessageParts encrypted, XmlElement element) =>
        (encrypted.Body && element.IsDescendantOf(envelope.Body))
        || Headers(envelope, encrypted, default).Concat(Elements(envelope, encrypted)).Any(outer => element == outer || element.IsDescendantOf(outer))
        || Contents(envelope, encrypted).Any(element.IsDescendantOf);

    /// <summary>Refuses a message that lacks a part (WS-SecurityPolicy 1.3, section 4.3).</summary>
    /// <exception cref="WsSecurityException"><see cref="SecurityFailure.RequiredPartMissing"/>.</exception>
    public static void DemandPresent(SoapEnvelope envelope, MessageParts required)
    {
        foreach (var name in required.Headers)
        {
            if (!Headers(envelope, new MessageParts { Headers = [name] }, default).Any())
            {
                throw Missing($"the header {name}");
            }
        }

        foreach (var name in required.Elements)
        {
            if (Elements(envelope, new MessageParts { Elements = [name] }).Count == 0)
            {
                throw Missing($"the element {name}");
            }
        }

        foreach (var path in required.Paths)
        {
            if (!Selected(envelope, [path]).Any())
            {
                throw Missing($"what {path} selects");
            }
        }
    }

    private static IEnumerable<XmlElement> Selected(SoapEnvelope envelope, IReadOnlyList<LocationPath> paths) => paths.Count == 0
        ? []
        : paths.SelectMany(path => path.Select(envelope.Index)).Where(element => !IsInSecurityHeader(envelope, element)).DistinctBy(element => element.Start).OrderBy(element => element.Start);

    private static bool IsBelowPart(SoapEnvelope envelope, XmlElement element) =>
        element.IsDescendantOf(envelope.Body) || (element.IsDescendantOf(envelope.Header) && element.Parent != envelope.Header);

    private static bool IsInSecurityHeader(SoapEnvelope envelope, XmlElement element)
    {
        for (var current = element; element.IsDescendantOf(envelope.Header) && !current.IsNone; current = current.Parent)
        {
            if (current.Parent == envelope.Header)
            {
                return IsSecurityHeader(current);
            }
        }

        return false;
    }

    private static bool IsSecurityHeader(XmlElement block) => block.Is("Security"u8, Wsse.Namespace);

    private static bool IsNamed(XmlElement element, IReadOnlyList<QualifiedName> names)
    {
        foreach (var name in names)
        {
            if (element.NamespaceUri == name.Namespace && (name.Name is null || Encoding.UTF8.GetString(element.LocalName) == name.Name))
            {
                return true;
            }
        }

        return false;
    }

    private static WsSecurityException Missing(string what) => new(SecurityFailure.RequiredPartMissing, $"The policy demands {what}, and the message has none.");
}
