using System.Xml;
using System.Xml.Linq;

namespace WsSecurity.Policy.WsSecurityPolicy;

/// <summary>A document, and those that it imports (WSDL 1.1, section 2.1.1) or whose policies it refers to (WS-Policy 1.5, section 4.3.4).</summary>
internal sealed class PolicyDocuments
{
    private const int MaxDocuments = 64;

    private readonly List<PolicyDocument> _documents = [];
    private readonly Dictionary<XElement, PolicyDocument> _byRoot = [];
    private readonly Dictionary<string, PolicyDocument> _byAddress = new(StringComparer.Ordinal);
    private readonly List<string> _notRead = [];

    private PolicyDocuments(PolicyDocument main) => Add(main);

    /// <summary>The document that was asked for first.</summary>
    public PolicyDocument Main => _documents[0];

    public IReadOnlyList<PolicyDocument> All => _documents;

    /// <summary>Which documents were referred to and are not here, a sentence each.</summary>
    public IReadOnlyList<string> NotRead => _notRead;

    /// <summary>The document alone, where nothing says where others would be.</summary>
    public static PolicyDocuments Only(PolicyDocument document)
    {
        var documents = new PolicyDocuments(document);
        documents._notRead.AddRange(ImportsOf(document).Select(location => $"The import '{location}' was not read: where it is, is only known of a file or an address."));
        return documents;
    }

    /// <summary>Reads what a document refers to, and what that does.</summary>
    /// <param name="main">The document, which has an address.</param>
    /// <param name="open">Opens another one; null where it must not, or cannot.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async ValueTask<PolicyDocuments> LoadAsync(
        PolicyDocument main, Func<Uri, CancellationToken, ValueTask<Stream?>> open, CancellationToken cancellationToken)
    {
        var documents = new PolicyDocuments(main);
        for (var i = 0; i < documents._documents.Count; i++)
        {
            var document = documents._documents[i];
            foreach (var location in ImportsOf(document).Concat(ReferencesOf(document)).Distinct())
            {
                if (Uri.TryCreate(document.Address, location, out var address) && !documents._byAddress.ContainsKey(KeyOf(address)))
                {
                    await documents.ReadAsync(address, location, open, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        return documents;
    }

    /// <summary>The policy that a reference names: in its own document, in the one that it names, or the only one of that name.</summary>
    /// <exception cref="PolicyImportException">Several policies have it.</exception>
    public XElement? Find(XElement reference, string uri)
    {
        var own = DocumentOf(reference);
        if (own.Find(uri) is { } policy)
        {
            return policy;
        }

        var fragment = uri.IndexOf('#', StringComparison.Ordinal);
        if (fragment > 0 && Uri.TryCreate(own.Address, uri[..fragment], out var address) && _byAddress.TryGetValue(KeyOf(address), out var other))
        {
            return other.Find(uri[fragment..]);
        }

        var found = _documents.Select(document => document.Find(uri)).OfType<XElement>().ToList();
        return found.Count <= 1
            ? found.FirstOrDefault()
            : throw new PolicyImportException(uri, [$"wsp:PolicyReference{PolicyNormalizer.Line(reference)}: two policies have the name '{uri}'"]);
    }

    /// <summary>A reference as an element, of what only an attribute names.</summary>
    public XElement Reference(XElement holder, string uri)
    {
        var reference = new XElement(PolicyNames.Policy15 + "PolicyReference", new XAttribute("URI", uri));
        reference.AddAnnotation(DocumentOf(holder));
        return reference;
    }

    private static string KeyOf(Uri address) => address.GetLeftPart(UriPartial.Query);

    // A schema holds no policies, and an import without a location leaves it to the reader where to look.
    private static IEnumerable<string> ImportsOf(PolicyDocument document) => document.Root.DescendantsAndSelf(PolicyNames.Wsdl + "definitions")
        .Elements(PolicyNames.Wsdl + "import").Select(import => (string?)import.Attribute("location")).OfType<string>().Where(location => location.Length > 0);

    private static IEnumerable<string> ReferencesOf(PolicyDocument document) => document.Root.Descendants()
        .Where(element => PolicyNames.IsPolicy(element.Name, "PolicyReference"))
        .Select(reference => (string?)reference.Attribute("URI") ?? string.Empty)
        .Concat(document.Root.DescendantsAndSelf().Attributes().Where(attribute => PolicyNames.IsPolicy(attribute.Name, "PolicyURIs"))
            .SelectMany(attribute => attribute.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
        .Where(uri => uri.IndexOf('#', StringComparison.Ordinal) > 0 && document.Find(uri) is null)

        // Without the fragment, which is a part of the name to some file addresses.
        .Select(uri => uri[..uri.IndexOf('#', StringComparison.Ordinal)]);

    private PolicyDocument DocumentOf(XElement element) => element.Annotation<PolicyDocument>() ?? _byRoot[element.AncestorsAndSelf().Last()];

    private void Add(PolicyDocument document)
    {
        _documents.Add(document);
        _byRoot.Add(document.Root, document);
        if (document.Address is not null)
        {
            _byAddress.TryAdd(KeyOf(document.Address), document);
        }
    }

    private async ValueTask ReadAsync(Uri address, string location, Func<Uri, CancellationToken, ValueTask<Stream?>> open, CancellationToken cancellationToken)
    {
        if (_documents.Count >= MaxDocuments)
        {
            throw new PolicyImportException(location, [$"wsdl:import: there are more than {MaxDocuments} documents"]);
        }

        if (await open(address, cancellationToken).ConfigureAwait(false) is not { } stream)
        {
            _notRead.Add($"The document '{location}' was not read: it is not there, or not beside the one that refers to it.");
            return;
        }

        await using (stream.ConfigureAwait(false))
        {
            try
            {
                Add(PolicyDocument.Load(stream, address));
            }
            catch (XmlException exception)
            {
                throw new XmlException($"{location}: {exception.Message}", exception, exception.LineNumber, exception.LinePosition);
            }
        }
    }
}
