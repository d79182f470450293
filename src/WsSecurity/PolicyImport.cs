using System.Diagnostics.CodeAnalysis;
using System.Xml;
using WsSecurity.Policy.WsSecurityPolicy;

namespace WsSecurity;

/// <summary>A policy that was found in a WSDL or a WS-Policy document: imported, or refused.</summary>
public sealed class PolicyImport
{
    private PolicyImport(string name) => Name = name;

    /// <summary>Whose policy it is: the name of a WSDL's binding (of its port, where the port has policies), or the policy's Id.</summary>
    public string Name { get; }

    /// <summary>The policy; null where it was refused.</summary>
    public SecurityPolicy? Policy { get; private init; }

    /// <summary>Why it was refused; null where it was imported.</summary>
    public PolicyImportException? Refusal { get; private init; }

    /// <summary>Which alternative was chosen and why, and what is honoured by other means than the policy; a sentence each.</summary>
    public IReadOnlyList<string> Explanation { get; private init; } = [];

    /// <summary>Whether the policy was imported.</summary>
    [MemberNotNullWhen(true, nameof(Policy))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsImported => Policy is not null;

    /// <summary>
    /// Reads every policy of a file, and of the documents that it imports or refers to: those in its folder and below, and no others.
    /// </summary>
    /// <param name="path">The WSDL or WS-Policy document, which must not have a document type.</param>
    /// <returns>The policies in the document's order: of each endpoint of a WSDL 1.1 that has message security, else each outermost <c>wsp:Policy</c>.</returns>
    /// <exception cref="XmlException">A document is not well-formed, or has a document type.</exception>
    /// <exception cref="PolicyImportException">Its policies cannot be told apart.</exception>
    public static IReadOnlyList<PolicyImport> ReadAll(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadAll(DocumentSource.ReadFile(path));
    }

    /// <summary>Reads every policy of a document at an address, and of the documents that it imports or refers to: those of the same origin, and no others.</summary>
    /// <param name="address">The address, as <c>https://service.example/orders.svc?wsdl</c>.</param>
    /// <param name="client">Asks for the documents; its redirections are its own matter.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The policies in the document's order.</returns>
    /// <exception cref="HttpRequestException">The document was not to be had.</exception>
    /// <exception cref="XmlException">A document is not well-formed, or has a document type.</exception>
    /// <exception cref="PolicyImportException">Its policies cannot be told apart.</exception>
    public static async Task<IReadOnlyList<PolicyImport>> ReadAllAsync(Uri address, HttpClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(client);
        return ReadAll(await DocumentSource.ReadAsync(address, client, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Reads every policy of a document: of each endpoint of a WSDL 1.1 that has message security, else each outermost <c>wsp:Policy</c>.</summary>
    /// <param name="document">The document, which must not have a document type; what it imports is not read.</param>
    /// <returns>The policies in the document's order.</returns>
    /// <exception cref="XmlException">It is not well-formed, or has a document type.</exception>
    /// <exception cref="PolicyImportException">Its policies cannot be told apart.</exception>
    public static IReadOnlyList<PolicyImport> ReadAll(Stream document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return ReadAll(PolicyDocuments.Only(PolicyDocument.Load(document)));
    }

    /// <inheritdoc cref="ReadAll(Stream)"/>
    public static IReadOnlyList<PolicyImport> ReadAll(TextReader document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return ReadAll(PolicyDocuments.Only(PolicyDocument.Load(document)));
    }

    private static List<PolicyImport> ReadAll(PolicyDocuments documents) =>
        [.. WsdlReader.FindSubjects(documents).Select(subject => Read(documents, subject))];

    private static PolicyImport Read(PolicyDocuments documents, PolicySubject subject)
    {
        try
        {
            var (policy, explanation) = PolicyImporter.Import(documents, subject);
            return new PolicyImport(subject.Name) { Policy = policy, Explanation = explanation };
        }
        catch (PolicyImportException exception)
        {
            return new PolicyImport(subject.Name) { Refusal = exception };
        }
    }
}
