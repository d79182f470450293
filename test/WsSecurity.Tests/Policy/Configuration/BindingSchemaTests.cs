using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace WsSecurity.Tests.Policy.Configuration;

/// <summary>The JSON schema for editors says what the reader accepts.</summary>
internal sealed class BindingSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(BindingSchema.Create())!.AsObject();

    [Test]
    public void Schema_IsTheOneOfTheReader()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "appsettings.schema.json");
        File.WriteAllText(Path.ChangeExtension(path, "received.json"), BindingSchema.Create());
        Assert.That(BindingSchema.Create(), Is.EqualTo(File.ReadAllText(path).ReplaceLineEndings("\n")), "approve the change by copying appsettings.schema.received.json over src/WsSecurity/appsettings.schema.json");
    }

    [TestCase("""{ "AuthenticationMode": "MutualCertificateDuplex" }""")]
    [TestCase("""{ "AuthenticationMode": "UserNameOverTransport", "SupportingTokens": [ { "Kind": "Signed", "Type": "Username", "PasswordType": "Digest" } ] }""")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "Credentials": { "Certificate": { "Path": "a.pem", "KeyPath": "a.key" }, "PeerCertificates": [ "b.pem" ], "ServiceIdentity": "service.example" } }""")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "TrustDomains": { "a": { "Anchors": [ "ca.pem" ], "Revocation": "Online" } }, "Users": { "alice": "x" } }""")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "SignedParts": { "Body": true, "Headers": [ { "Namespace": "urn:a" } ], "Operations": { "urn:o": { "Body": false } } } }""")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "RequiredParts": { "Paths": [ "//Id", { "Path": "//x:Id", "Namespaces": { "x": "urn:x" } } ] } }""")]
    [TestCase("""{ "AuthenticationMode": "UserNameOverTransport", "SupportingTokens": [ { "Kind": "Signed", "Type": "Jwt" } ] }""")]
    [TestCase("""{ "AuthenticationMode": "IssuedToken", "Credentials": { "SamlAssertion": { "Path": "a.xml", "ProofKeyPath": "a.key" } } }""")]
    [TestCase("""{ "AuthenticationMode": "Kerberos", "Credentials": { "KerberosClient": { "ServicePrincipal": "HTTP/a", "Keytab": "a.keytab" } }, "TrustDomains": { "a": { "KerberosRealms": [ "A" ] } } }""")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "Limits": { "MaxDepth": 7 }, "Tolerances": { "ClockSkew": "00:01:00" } }""")]
    public void Schema_BindingThatTheReaderTakes_Fits(string binding) => Assert.That(Errors(binding), Is.Empty);

    [TestCase("""{ "ProtectionLevel": "Sign" }""", "AuthenticationMode")]
    [TestCase("""{ "AuthenticationMode": "SspiNegotiated" }""", "AuthenticationMode")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "Unknown": 1 }""", "Unknown")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "IncludeTimestamp": "yes" }""", "IncludeTimestamp")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "Tolerances": { "ClockSkew": "5" } }""", "ClockSkew")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "Limits": { "MaxDepth": 0 } }""", "MaxDepth")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "Credentials": { "Certificate": { "File": "a.pem" } } }""", "Certificate")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "SupportingTokens": [ { "Type": "Username" } ] }""", "Kind")]
    [TestCase("""{ "AuthenticationMode": "MutualCertificate", "SignedParts": { "Paths": [ { "Expression": "//Id" } ] } }""", "Paths")]
    [TestCase("""{ "AuthenticationMode": "IssuedToken", "Credentials": { "SamlAssertion": { "Path": "a.xml", "Key": "a.key" } } }""", "SamlAssertion")]
    [TestCase("""{ "AuthenticationMode": "Kerberos", "Credentials": { "KerberosClient": { "Keytab": "a.keytab" } } }""", "ServicePrincipal")]
    public void Schema_BindingThatTheReaderRefuses_DoesNotFit(string binding, string place)
    {
        Assert.That(Errors(binding), Has.Some.Contains(place));
        Assert.That(() => BindingFile.Load(binding), Throws.InstanceOf<BindingConfigurationException>());
    }

    private static List<string> Errors(string binding)
    {
        var document = JsonNode.Parse($$"""{ "Logging": {}, "WsSecurity": { "Bindings": { "Orders": {{binding}} } } }""")!;
        return [.. Check(document, Schema, string.Empty)];
    }

    // As much of JSON Schema as ours uses.
    private static IEnumerable<string> Check(JsonNode? value, JsonObject schema, string path)
    {
        if (schema["$ref"] is { } reference)
        {
            schema = Schema["definitions"]![reference.ToString().Split('/')[^1]]!.AsObject();
        }

        if (schema["anyOf"] is JsonArray choices)
        {
            return choices.Any(choice => !Check(value, choice!.AsObject(), path).Any()) ? [] : [$"{path}: fits nothing"];
        }

        if (schema["enum"] is JsonArray names)
        {
            return names.Any(name => JsonNode.DeepEquals(name, value)) ? [] : [$"{path}: is none of the names"];
        }

        return schema["type"]?.ToString() switch
        {
            "object" => value is JsonObject members ? CheckMembers(members, schema, path) : [$"{path}: is no object"],
            "array" => value is JsonArray items ? items.SelectMany((item, i) => Check(item, schema["items"]!.AsObject(), $"{path}/{i}")) : [$"{path}: is no list"],
            "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False ? [] : [$"{path}: is no boolean"],
            "integer" => value is JsonValue number && number.TryGetValue<int>(out var integer) && integer >= (int)schema["minimum"]! ? [] : [$"{path}: is no number"],
            "string" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String && (schema["pattern"] is not { } pattern || Regex.IsMatch(value.ToString(), pattern.ToString())) ? [] : [$"{path}: is no such text"],
            _ => [],
        };
    }

    private static IEnumerable<string> CheckMembers(JsonObject members, JsonObject schema, string path)
    {
        foreach (var name in (schema["required"] as JsonArray ?? []).Where(name => !members.ContainsKey(name!.ToString())))
        {
            yield return $"{path}: lacks {name}";
        }

        foreach (var (key, member) in members)
        {
            var known = schema["properties"]?[key] ?? (schema["additionalProperties"] is JsonObject others ? others : null);
            if (known is not null)
            {
                foreach (var error in Check(member, known.AsObject(), $"{path}/{key}"))
                {
                    yield return error;
                }
            }
            else if (schema["additionalProperties"] is JsonValue)
            {
                yield return $"{path}/{key}: is not known";
            }
        }
    }
}
