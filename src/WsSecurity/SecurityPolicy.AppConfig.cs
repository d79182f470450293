using System.Xml;

namespace WsSecurity;

/// <content>The policy as .NET Framework's configuration declares it.</content>
public sealed partial record SecurityPolicy
{
    /// <summary>
    /// Reads the policy of a binding from an <c>app.config</c> or <c>web.config</c> of .NET Framework: a <c>&lt;customBinding&gt;</c> with <c>&lt;security&gt;</c>, or a
    /// standard binding with message security. What is not said has .NET Framework's default, which is not this library's: AES-256-CBC, SHA-1, strict layout.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name of the binding, or of an endpoint; may be null where only one has message security.</param>
    /// <returns>The policy. <see cref="AppConfigImport"/> also has the credentials, and what was left out because it has no effect.</returns>
    /// <exception cref="PolicyImportException">It has what is not supported; all of it is named, with its line.</exception>
    /// <exception cref="ArgumentException">There is none of that name, or several and no name was given.</exception>
    /// <exception cref="XmlException">It is not well-formed, or has a document type.</exception>
    public static SecurityPolicy FromAppConfig(string path, string? name = null)
    {
        var import = AppConfigImport.Read(path, name);
        return import.Policy ?? throw import.Refusal!;
    }

    /// <inheritdoc cref="FromAppConfig(string, string)"/>
    /// <param name="document">The document; a section in another file is refused.</param>
    /// <param name="name">The name of the binding, or of an endpoint; may be null where only one has message security.</param>
    public static SecurityPolicy FromAppConfig(Stream document, string? name = null)
    {
        var import = AppConfigImport.Read(document, name);
        return import.Policy ?? throw import.Refusal!;
    }
}
