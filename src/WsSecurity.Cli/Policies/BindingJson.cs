using System.Text;
using System.Text.Json;

namespace WsSecurity.Cli.Policies;

/// <summary>Writes an imported policy as a binding of <c>appsettings.json</c>. Credentials are left for who has them.</summary>
internal static class BindingJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true };

    public static string Write(string name, SecurityPolicy policy)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("WsSecurity");
            writer.WriteStartObject("Bindings");
            writer.WriteStartObject(name);
            WritePolicy(writer, policy);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    // Every key that an import sets, also where it is the default: who reads the file sees what the service demands.
    private static void WritePolicy(Utf8JsonWriter writer, SecurityPolicy policy)
    {
        writer.WriteString(nameof(policy.AuthenticationMode), policy.AuthenticationMode.ToString());
        writer.WriteString(nameof(policy.MessageSecurityVersion), policy.MessageSecurityVersion.ToString());
        writer.WriteString(nameof(policy.DefaultAlgorithmSuite), policy.DefaultAlgorithmSuite.Name);
        writer.WriteString(nameof(policy.MessageProtectionOrder), policy.MessageProtectionOrder.ToString());
        writer.WriteString(nameof(policy.ProtectionLevel), policy.ProtectionLevel.ToString());
        writer.WriteString(nameof(policy.SecurityHeaderLayout), policy.SecurityHeaderLayout.ToString());
        writer.WriteBoolean(nameof(policy.IncludeTimestamp), policy.IncludeTimestamp);
        if (policy.RequireDerivedKeys is { } derived)
        {
            writer.WriteBoolean(nameof(policy.RequireDerivedKeys), derived);
        }

        if (policy.SecureConversationVersion is { } conversation)
        {
            writer.WriteString(nameof(policy.SecureConversationVersion), conversation.ToString());
        }

        writer.WriteBoolean(nameof(policy.RequireSignatureConfirmation), policy.RequireSignatureConfirmation);
        writer.WriteBoolean(nameof(policy.ProtectTokens), policy.ProtectTokens);
        writer.WriteBoolean(nameof(policy.AllowSerializedSigningTokenOnReply), policy.AllowSerializedSigningTokenOnReply);
        writer.WriteString(nameof(policy.KeyReference), policy.KeyReference.ToString());
        writer.WriteString(nameof(policy.KeyDerivation), policy.KeyDerivation.ToString());
        writer.WriteString(nameof(policy.InclusionMode), policy.InclusionMode.ToString());
        WriteParts(writer, nameof(policy.SignedParts), policy.SignedParts);
        WriteParts(writer, nameof(policy.EncryptedParts), policy.EncryptedParts);
        WriteParts(writer, nameof(policy.RequiredParts), policy.RequiredParts);
        WriteTokens(writer, policy.SupportingTokens);
    }

    private static void WriteTokens(Utf8JsonWriter writer, IReadOnlyList<SupportingToken> tokens)
    {
        if (tokens.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(nameof(SecurityPolicy.SupportingTokens));
        foreach (var token in tokens)
        {
            writer.WriteStartObject();
            writer.WriteString(nameof(token.Kind), token.Kind.ToString());
            writer.WriteString(nameof(token.Type), token.Name ?? token.Type.ToString());
            writer.WriteBoolean(nameof(token.Optional), token.Optional);
            if (token.Type == SecurityTokenType.Username)
            {
                writer.WriteString(nameof(token.PasswordType), token.PasswordType.ToString());
            }

            if (token.KeyReference != KeyReference.Default)
            {
                writer.WriteString(nameof(token.KeyReference), token.KeyReference.ToString());
            }

            if (token.InclusionMode != SecurityTokenInclusionMode.Default)
            {
                writer.WriteString(nameof(token.InclusionMode), token.InclusionMode.ToString());
            }

            if (token.Actions.Count > 0)
            {
                writer.WriteStartArray(nameof(token.Actions));
                foreach (var action in token.Actions)
                {
                    writer.WriteStringValue(action);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteParts(Utf8JsonWriter writer, string key, ProtectedParts? parts)
    {
        if (parts is null)
        {
            return;
        }

        writer.WriteStartObject(key);
        if (parts.All is not null)
        {
            WriteParts(writer, parts.All);
        }

        WriteNamed(writer, nameof(parts.Request), parts.Request);
        WriteNamed(writer, nameof(parts.Reply), parts.Reply);
        if (parts.Operations.Count > 0)
        {
            writer.WriteStartObject(nameof(parts.Operations));
            foreach (var (action, own) in parts.Operations.OrderBy(operation => operation.Key, StringComparer.Ordinal))
            {
                WriteNamed(writer, action, own);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter writer, string key, MessageParts? parts)
    {
        if (parts is not null)
        {
            writer.WriteStartObject(key);
            WriteParts(writer, parts);
            writer.WriteEndObject();
        }
    }

    private static void WriteParts(Utf8JsonWriter writer, MessageParts parts)
    {
        writer.WriteBoolean(nameof(parts.Body), parts.Body);
        if (parts.AllHeaders)
        {
            writer.WriteBoolean(nameof(parts.AllHeaders), true);
        }

        WriteNames(writer, nameof(parts.Headers), parts.Headers);
        WriteNames(writer, nameof(parts.Elements), parts.Elements);
        WritePaths(writer, nameof(parts.Paths), parts.Paths);
        WritePaths(writer, nameof(parts.ContentPaths), parts.ContentPaths);
    }

    private static void WritePaths(Utf8JsonWriter writer, string key, IReadOnlyList<LocationPath> paths)
    {
        if (paths.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(key);
        foreach (var path in paths)
        {
            writer.WriteStartObject();
            writer.WriteString("Path", path.Expression);
            if (path.Namespaces.Count > 0)
            {
                writer.WriteStartObject(nameof(path.Namespaces));
                foreach (var (prefix, uri) in path.Namespaces.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(prefix, uri);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter writer, string key, IReadOnlyList<QualifiedName> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(key);
        foreach (var name in names)
        {
            writer.WriteStartObject();
            writer.WriteString(nameof(name.Namespace), name.Namespace);
            if (name.Name is not null)
            {
                writer.WriteString(nameof(name.Name), name.Name);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
