using System.Diagnostics.CodeAnalysis;
using System.Xml;
using WsSecurity.Policy;
using WsSecurity.Policy.AppConfig;

namespace WsSecurity;

/// <summary>
/// Message security as an <c>app.config</c> or <c>web.config</c> of .NET Framework declares it below <c>&lt;system.serviceModel&gt;</c>, for one endpoint or for a
/// binding that no endpoint uses: imported, or refused.
/// </summary>
public sealed class AppConfigImport
{
    private AppConfigImport(AppConfigEndpoint endpoint, IEnumerable<string> notes)
    {
        Name = endpoint.Name;
        BindingName = endpoint.BindingName.Length == 0 ? endpoint.BindingKind : endpoint.BindingName;
        EndpointName = endpoint.EndpointName;
        Address = endpoint.Address;
        Contract = endpoint.Contract;
        Credentials = endpoint.Credentials;
        Explanation = [.. endpoint.Reading.Notes, .. notes];
        var refusals = endpoint.Reading.Refusals.Distinct().ToList();
        if (endpoint.Security.NoMessageSecurity is { } reason)
        {
            refusals.Insert(0, $"bindings/{endpoint.BindingKind}: there is no message security to import: {reason}");
        }

        Policy = refusals.Count == 0 ? endpoint.Security.Policy : null;
        if (Policy is not null && Check(Policy) is { } contradiction)
        {
            refusals.Add($"bindings/{endpoint.BindingKind}: {contradiction}");
            Policy = null;
        }

        Refusal = Policy is null ? new PolicyImportException(Name, refusals) : null;
    }

    /// <summary>The endpoint's name; where it has none, the binding's, else the contract's.</summary>
    public string Name { get; }

    /// <summary>The binding's name; of one without a name its kind, as <c>wsHttpBinding</c>.</summary>
    public string BindingName { get; }

    /// <summary>The endpoint's address; null where it is relative, or there is no endpoint.</summary>
    public Uri? Address { get; }

    /// <summary>The endpoint's contract; null where there is no endpoint.</summary>
    public string? Contract { get; }

    /// <summary>The policy; null where it was refused.</summary>
    public SecurityPolicy? Policy { get; }

    /// <summary>Why it was refused; null where it was imported.</summary>
    public PolicyImportException? Refusal { get; }

    /// <summary>The credentials that the endpoint's behavior and identity describe.</summary>
    public AppConfigCredentials Credentials { get; }

    /// <summary>What is honoured by other means than the policy, is left to code, or has no effect; each with its path and line.</summary>
    public IReadOnlyList<string> Explanation { get; }

    /// <summary>Whether the policy was imported.</summary>
    [MemberNotNullWhen(true, nameof(Policy))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsImported => Policy is not null;

    private string? EndpointName { get; }

    /// <summary>Reads every endpoint and binding that has message security.</summary>
    /// <param name="path">The file. Sections that it keeps in other files (<c>configSource</c>) are read, too.</param>
    /// <returns>Clients' endpoints, services' endpoints, and the bindings that none of them uses.</returns>
    /// <exception cref="XmlException">It is not well-formed, or has a document type.</exception>
    /// <exception cref="PolicyImportException">A section cannot be read.</exception>
    public static IReadOnlyList<AppConfigImport> ReadAll(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadAll(AppConfigDocument.Load(path));
    }

    /// <inheritdoc cref="ReadAll(string)"/>
    /// <param name="document">The document; a section in another file is refused.</param>
    public static IReadOnlyList<AppConfigImport> ReadAll(Stream document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return ReadAll(AppConfigDocument.Load(document));
    }

    /// <summary>Reads one endpoint or binding.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name of the endpoint or of the binding; may be null where only one has message security.</param>
    /// <returns>What was read of it.</returns>
    /// <exception cref="ArgumentException">There is none of that name, or several and no name was given.</exception>
    /// <exception cref="XmlException">It is not well-formed, or has a document type.</exception>
    /// <exception cref="PolicyImportException">A section cannot be read.</exception>
    public static AppConfigImport Read(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Pick(AppConfigDocument.Load(path), name);
    }

    /// <inheritdoc cref="Read(string, string)"/>
    /// <param name="document">The document; a section in another file is refused.</param>
    /// <param name="name">The name of the endpoint or of the binding; may be null where only one has message security.</param>
    public static AppConfigImport Read(Stream document, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        return Pick(AppConfigDocument.Load(document), name);
    }

    private static List<AppConfigImport> ReadAll(AppConfigDocument document) =>
        [.. EndpointReader.ReadAll(document).Where(endpoint => endpoint.Security.NoMessageSecurity is null).Select(endpoint => new AppConfigImport(endpoint, document.Notes))];

    private static AppConfigImport Pick(AppConfigDocument document, string? name)
    {
        var imports = EndpointReader.ReadAll(document).Select(endpoint => (Endpoint: endpoint, Import: new AppConfigImport(endpoint, document.Notes))).ToList();
        var secured = imports.Where(entry => entry.Endpoint.Security.NoMessageSecurity is null).Select(entry => entry.Import).ToList();
        if (name is null)
        {
            return secured.Count == 1
                ? secured[0]
                : throw new ArgumentException(
                    secured.Count == 0 ? "The document has no endpoint or binding with message security." : $"The document has several, and one must be named: {Names(secured)}.", nameof(name));
        }

        var all = imports.ConvertAll(entry => entry.Import);
        List<AppConfigImport>[] candidates = [all.FindAll(import => import.EndpointName == name), all.FindAll(import => import.BindingName == name), all.FindAll(import => import.Name == name)];
        var found = candidates.FirstOrDefault(list => list.Count > 0)
            ?? throw new ArgumentException($"The document has no endpoint or binding of the name '{name}'; it has: {Names(all)}.", nameof(name));

        // Several endpoints may share a binding; which of them is asked for matters where they say different things.
        return found.TrueForAll(import => import.Policy == found[0].Policy && import.Credentials == found[0].Credentials)
            ? found[0]
            : throw new ArgumentException($"Several endpoints have the binding '{name}' and differ; name one of them: {Names(found)}.", nameof(name));
    }

    private static string Names(IEnumerable<AppConfigImport> imports) => string.Join(", ", imports.Select(import => import.Name).Distinct());

    private static string? Check(SecurityPolicy policy)
    {
        try
        {
            SecurityBinding.For(policy);
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}
