using System.Xml;
using System.Xml.Linq;
using WsSecurity.Specifications;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>A document with policies: a WSDL, a policy, or anything that has policies in it.</summary>
internal sealed class PolicyDocument
{
    public const int MaxOctets = 32 * 1024 * 1024;

    private readonly Dictionary<string, XElement> _policies = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ambiguous = new(StringComparer.Ordinal);

    private PolicyDocument(XElement root, Uri? address)
    {
        Root = root;
        Address = address;
        foreach (var policy in root.DescendantsAndSelf().Where(element => PolicyNames.IsPolicy(element.Name, "Policy")))
        {
            foreach (var uri in Uris(policy))
            {
                if (!_policies.TryAdd(uri, policy))
                {
                    _ambiguous.Add(uri);
                }
            }
        }
    }

    public XElement Root { get; }

    /// <summary>Where it was read from; null where nobody knows.</summary>
    public Uri? Address { get; }

    /// <exception cref="XmlException">It is not well-formed, or has a document type.</exception>
    public static PolicyDocument Load(Stream stream, Uri? address = null)
    {
        using var reader = XmlReader.Create(stream, Settings());
        return new PolicyDocument(Load(reader), address);
    }

    /// <inheritdoc cref="Load(Stream, Uri)"/>
    public static PolicyDocument Load(TextReader text)
    {
        using var reader = XmlReader.Create(text, Settings());
        return new PolicyDocument(Load(reader), address: null);
    }

    /// <summary>An element that stands in text by itself.</summary>
    /// <exception cref="XmlException">It is not well-formed, or has a document type.</exception>
    public static XElement ReadElement(string text)
    {
        using var characters = new StringReader(text);
        using var reader = XmlReader.Create(characters, Settings());
        var element = Load(reader);
        element.Remove();
        return element;
    }

    /// <summary>The policy that a PolicyReference names; null where the document has none of that name.</summary>
    /// <exception cref="PolicyImportException">Two have it.</exception>
    public XElement? Find(string uri) => _ambiguous.Contains(uri)
        ? throw new PolicyImportException(uri, [$"wsp:PolicyReference: two policies have the name '{uri}'"])
        : _policies.GetValueOrDefault(uri);

    /// <summary>How a policy is called: by its Id or Name, else null.</summary>
    public static string? NameOf(XElement policy) => Uris(policy).FirstOrDefault()?.TrimStart('#');

    private static XElement Load(XmlReader reader) =>
        XDocument.Load(reader, LoadOptions.SetLineInfo).Root ?? throw new XmlException("There is no root element.");

    private static XmlReaderSettings Settings() => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxOctets,
        IgnoreComments = true,
        IgnoreWhitespace = true,
        IgnoreProcessingInstructions = true,
    };

    private static IEnumerable<string> Uris(XElement policy)
    {
        if ((string?)policy.Attribute((XNamespace)Wsu.Namespace + "Id") is { } id)
        {
            yield return $"#{id}";
        }

        if ((string?)policy.Attribute(XNamespace.Xml + "id") is { } xmlId)
        {
            yield return $"#{xmlId}";
        }

        if ((string?)policy.Attribute("Name") is { } name)
        {
            yield return name;
        }
    }
}
