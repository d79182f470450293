using System.Xml;
using System.Xml.Linq;
using WsSecurity.Policy.WsSecurityPolicy;

namespace WsSecurity;

/// <content>The policy as a service publishes it: WS-Policy with WS-SecurityPolicy, in a WSDL or alone.</content>
public sealed partial record SecurityPolicy
{
    /// <summary>Imports the policy of an endpoint from its WSDL 1.1, or a policy from a WS-Policy document.</summary>
    /// <param name="path">The file; documents in its folder and below that it imports or refers to are read, too.</param>
    /// <param name="name">The name of the binding, port or policy; may be null where the document has only one.</param>
    /// <returns>The policy, its parts named. <see cref="PolicyImport"/> also explains the choice among alternatives.</returns>
    /// <exception cref="PolicyImportException">The policy has assertions that are not supported; all of them are named.</exception>
    /// <exception cref="ArgumentException">The document has no policy of that name, or several and no name was given.</exception>
    /// <exception cref="XmlException">It is not well-formed, or has a document type.</exception>
    public static SecurityPolicy FromWsdl(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Pick(PolicyImport.ReadAll(path), name);
    }

    /// <summary>Imports the policy of an endpoint from its WSDL 1.1 at an address, with the documents of the same origin that it imports.</summary>
    /// <param name="address">The address, as <c>https://service.example/orders.svc?wsdl</c>.</param>
    /// <param name="client">Asks for the documents.</param>
    /// <param name="name">The name of the binding, port or policy; may be null where the document has only one.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The policy, its parts named.</returns>
    /// <exception cref="HttpRequestException">The document was not to be had.</exception>
    /// <exception cref="PolicyImportException">The policy has assertions that are not supported; all of them are named.</exception>
    /// <exception cref="ArgumentException">The document has no policy of that name, or several and no name was given.</exception>
    /// <exception cref="XmlException">A document is not well-formed, or has a document type.</exception>
    public static async Task<SecurityPolicy> FromWsdlAsync(Uri address, HttpClient client, string? name = null, CancellationToken cancellationToken = default) =>
        Pick(await PolicyImport.ReadAllAsync(address, client, cancellationToken).ConfigureAwait(false), name);

    /// <inheritdoc cref="FromWsdl(string, string)"/>
    /// <param name="document">The document.</param>
    /// <param name="name">The name of the binding, port or policy; may be null where the document has only one.</param>
    public static SecurityPolicy FromWsdl(Stream document, string? name = null) => Pick(PolicyImport.ReadAll(document), name);

    /// <inheritdoc cref="FromWsdl(string, string)"/>
    /// <param name="document">The document.</param>
    /// <param name="name">The name of the binding, port or policy; may be null where the document has only one.</param>
    public static SecurityPolicy FromWsdl(TextReader document, string? name = null) => Pick(PolicyImport.ReadAll(document), name);

    /// <summary>
    /// Writes the policy, for the endpoint's policy subject of a WSDL. Imported again it means the same, with its parts named. What is a
    /// matter of this party alone (<see cref="Limits"/>, <see cref="Tolerances"/>, <see cref="DetectReplays"/>) is not said.
    /// </summary>
    /// <param name="version">The version of WS-Policy.</param>
    /// <returns>A <c>wsp:Policy</c> in normal form.</returns>
    /// <exception cref="NotSupportedException">WS-SecurityPolicy cannot say the policy, or only message by message; what, is named.</exception>
    /// <exception cref="ArgumentException">The policy contradicts itself.</exception>
    public XElement ToWsPolicy(WsPolicyVersion version = WsPolicyVersion.WsPolicy15)
    {
        var statement = PolicyStatement.Of(this);
        return IsSameForAll(statement.Signed) && IsSameForAll(statement.Encrypted) && IsSameForAll(statement.Required) && statement.Tokens.All(token => token.Actions.Count == 0)
            ? new PolicyWriter(version).WriteEndpoint(statement, withParts: true)
            : throw new NotSupportedException(
                $"Messages have different parts or tokens, which one policy cannot say; use {nameof(ToEndpointWsPolicy)} and {nameof(ToMessageWsPolicy)}.");
    }

    /// <summary>Writes the policy without its parts and the tokens of single actions, for the endpoint's policy subject, beside <see cref="ToMessageWsPolicy"/> for each message.</summary>
    /// <param name="version">The version of WS-Policy.</param>
    /// <returns>A <c>wsp:Policy</c> in normal form.</returns>
    /// <exception cref="NotSupportedException">WS-SecurityPolicy cannot say the policy; what, is named.</exception>
    /// <exception cref="ArgumentException">The policy contradicts itself.</exception>
    public XElement ToEndpointWsPolicy(WsPolicyVersion version = WsPolicyVersion.WsPolicy15) =>
        new PolicyWriter(version).WriteEndpoint(PolicyStatement.Of(this), withParts: false);

    /// <summary>Writes the parts of one message, and the tokens that only its action has, for the message's policy subject (WS-SecurityPolicy 1.3, sections 4 and 8).</summary>
    /// <param name="isReply">Whether the message answers.</param>
    /// <param name="action">Its WS-Addressing action; null means what goes for every action.</param>
    /// <param name="version">The version of WS-Policy.</param>
    /// <returns>A <c>wsp:Policy</c> in normal form, empty where the whole endpoint has all of it.</returns>
    /// <exception cref="NotSupportedException">WS-SecurityPolicy cannot say the policy; what, is named.</exception>
    /// <exception cref="ArgumentException">The policy contradicts itself.</exception>
    public XElement ToMessageWsPolicy(bool isReply, string? action = null, WsPolicyVersion version = WsPolicyVersion.WsPolicy15) =>
        new PolicyWriter(version).WriteMessage(PolicyStatement.Of(this), isReply, action);

    private static bool IsSameForAll(ProtectedParts? parts) => parts is null or { All: not null, Operations.Count: 0 };

    private static SecurityPolicy Pick(IReadOnlyList<PolicyImport> imports, string? name)
    {
        var found = name is null ? imports : [.. imports.Where(import => import.Name == name)];
        if (found.Count != 1)
        {
            var names = string.Join(", ", imports.Select(import => import.Name));
            throw new ArgumentException(
                imports.Count == 0 ? "The document has no policy."
                : name is null ? $"The document has several policies, and one must be named: {names}."
                : $"The document has {(found.Count == 0 ? "no policy" : "more than one policy")} of the name '{name}'; it has: {names}.",
                nameof(name));
        }

        return found[0].Policy ?? throw found[0].Refusal!;
    }
}
