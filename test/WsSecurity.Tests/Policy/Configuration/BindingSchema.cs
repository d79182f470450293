using System.Collections;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using WsSecurity.Policy.Configuration;

namespace WsSecurity.Tests.Policy.Configuration;

/// <summary>
/// Makes the JSON schema of a binding's configuration: the keys of each object are those that the reader itself says it knows, their values come from the
/// properties that they set.
/// </summary>
internal static class BindingSchema
{
    private const string Probe = "?";

    private static readonly JsonObject Text = new() { ["type"] = "string" };

    private static readonly Dictionary<Type, string> Definitions = new()
    {
        [typeof(ProtectedParts)] = "parts",
        [typeof(MessageParts)] = "messageParts",
        [typeof(X509Certificate2)] = "certificate",
    };

    public static string Create()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "WsSecurity bindings in appsettings.json",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["WsSecurity"] = Object(("Bindings", new JsonObject { ["type"] = "object", ["additionalProperties"] = Reference("binding") })),
            },
            ["definitions"] = new JsonObject
            {
                ["binding"] = Known(typeof(SecurityPolicy), required: nameof(SecurityPolicy.AuthenticationMode)),
                ["parts"] = Known(typeof(ProtectedParts), "SignedParts"),
                ["messageParts"] = Known(typeof(MessageParts), "SignedParts:Request"),
                ["certificate"] = AnyOf(Text.DeepClone(), Known(null, "Credentials:Certificate")),
                ["certificates"] = AnyOf(Reference("certificate"), new JsonObject { ["type"] = "array", ["items"] = Reference("certificate") }),
            },
        };
        return schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true }).ReplaceLineEndings("\n") + "\n";
    }

    // An object at a place of the binding: what the reader calls known there, once it has met a key that is not.
    private static JsonObject Known(Type? type, string place = "", params string[] required) =>
        KnownBeside([], type, place, required);

    private static JsonObject KnownBeside(Dictionary<string, string> beside, Type? type, string place, params string[] required)
    {
        var schema = Object([.. KnownKeys(place, beside).Select(key => (key, ValueOf(type, place, key)))]);
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        }

        return schema;
    }

    public static IReadOnlyList<string> KnownKeys(string place, IReadOnlyDictionary<string, string> beside)
    {
        var prefix = place.Length == 0 ? "WsSecurity:Bindings:B:" : $"WsSecurity:Bindings:B:{place}:";
        var values = new Dictionary<string, string?> { ["WsSecurity:Bindings:B:AuthenticationMode"] = "MutualCertificateDuplex", [prefix + Probe] = "x" };
        foreach (var (key, value) in beside)
        {
            values[prefix + key] = value;
        }

        if (place.StartsWith("SupportingTokens:0:", StringComparison.Ordinal))
        {
            values["WsSecurity:Bindings:B:SupportingTokens:0:Kind"] = "Signed";
            values["WsSecurity:Bindings:B:SupportingTokens:0:Type"] = "Saml";
        }

        var configuration = new Microsoft.Extensions.Configuration.ConfigurationBuilder();
        Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(configuration, values);
        try
        {
            BindingConfiguration.Load(configuration.Build(), "B");
        }
        catch (BindingConfigurationException exception) when (exception.Key == prefix + Probe)
        {
            return exception.Message[(exception.Message.IndexOf("known: ", StringComparison.Ordinal) + "known: ".Length)..].Split(", ");
        }

        throw new InvalidOperationException($"{place} takes any key.");
    }

    private static JsonNode ValueOf(Type? type, string place, string key)
    {
        var name = place.Length == 0 ? key : $"{place[(place.LastIndexOf(':') + 1)..]}:{key}";
        return name switch
        {
            nameof(SecurityPolicy.AuthenticationMode) => Names(AuthenticationModes.Supported.Select(mode => mode.ToString())),
            nameof(SecurityPolicy.MessageSecurityVersion) => Names(MessageSecurityVersions.Names),
            "Credentials" => Known(typeof(SecurityCredentials), key),
            "Users" => Map(Text.DeepClone()),
            "TrustDomains" => Map(Known(typeof(TrustDomain), "TrustDomains:D")),
            "Credentials:SamlAssertion" => AnyOf(Text.DeepClone(), KnownBeside(new() { ["Path"] = "x" }, null, "Credentials:SamlAssertion", "Path")),
            "Credentials:KerberosClient" => KnownBeside(new() { ["ServicePrincipal"] = "x" }, typeof(KerberosClientCredential), "Credentials:KerberosClient", "ServicePrincipal"),
            "Credentials:KerberosService" => Known(typeof(KerberosServiceCredential), "Credentials:KerberosService"),
            "Credentials:ServiceIdentity" => Reference("certificate"),
            "D:SamlIssuers" => List(KnownBeside(new() { ["Issuer"] = "x" }, typeof(SamlIssuer), "TrustDomains:D:SamlIssuers:0", "Issuer", "Certificate")),
            "SignedParts:Operations" => Map(Reference("messageParts")),
            nameof(SecurityPolicy.SupportingTokens) => List(KnownBeside(new() { ["Kind"] = "Signed", ["Type"] = "Username" }, typeof(SupportingToken), "SupportingTokens:0", "Kind", "Type")),
            "0:Type" => AnyOf(Names(Enum.GetNames<SecurityTokenType>().Except([nameof(SecurityTokenType.Custom)])), Text.DeepClone()),
            "0:IssuedTokenParameters" => Known(typeof(IssuedTokenParameters), "SupportingTokens:0:IssuedTokenParameters"),
            "IssuedTokenParameters:ClaimTypeRequirements" =>
                List(KnownBeside(new() { ["Type"] = "x" }, typeof(ClaimTypeRequirement), "SupportingTokens:0:IssuedTokenParameters:ClaimTypeRequirements:0", "Type")),
            nameof(SecurityPolicy.Limits) => Known(typeof(ProcessingLimits), key),
            nameof(SecurityPolicy.Tolerances) => Known(typeof(Tolerances), key),
            _ => ValueOf((type == typeof(ProtectedParts) ? type.GetProperty(key) ?? typeof(MessageParts).GetProperty(key) : type?.GetProperty(key))?.PropertyType, place),
        };
    }

    private static JsonNode ValueOf(Type? type, string place)
    {
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            null => place is "Credentials:Certificate" or "Credentials:SamlAssertion" or "SignedParts:Paths:0" ? Text.DeepClone() : new JsonObject(),
            _ when Definitions.TryGetValue(type, out var definition) => Reference(definition),
            _ when type == typeof(string) || type == typeof(SamlAssertionCredential) => Text.DeepClone(),
            _ when type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
            _ when type == typeof(int) || type == typeof(long) => new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
            _ when type == typeof(TimeSpan) => new JsonObject { ["type"] = "string", ["pattern"] = "^\\d\\d:\\d\\d:\\d\\d$" },
            _ when type == typeof(AlgorithmSuite) => Names(AlgorithmSuite.All.Select(suite => suite.Name)),
            { IsEnum: true } => Names(Enum.GetNames(type)),
            _ when type == typeof(IReadOnlyList<X509Certificate2>) => Reference("certificates"),
            _ when type == typeof(IReadOnlyList<QualifiedName>) => List(KnownBeside(new() { ["Namespace"] = "x" }, typeof(QualifiedName), "SignedParts:Headers:0", "Namespace")),
            _ when type == typeof(IReadOnlyList<LocationPath>) =>
                List(AnyOf(Text.DeepClone(), KnownBeside(new() { ["Path"] = "//a" }, typeof(LocationPath), "SignedParts:Paths:0", "Path"))),
            _ when type == typeof(IReadOnlyDictionary<string, string>) => Map(Text.DeepClone()),
            { IsGenericType: true } when type.IsAssignableTo(typeof(IEnumerable)) && type.GenericTypeArguments is [var item] => List(ValueOf(item, place)),
            _ => new JsonObject(),
        };
    }

    private static JsonObject Object(params (string Key, JsonNode Value)[] properties) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Value))),
        ["additionalProperties"] = false,
    };

    private static JsonObject Map(JsonNode value) => new() { ["type"] = "object", ["additionalProperties"] = value };

    private static JsonObject List(JsonNode item) => new() { ["type"] = "array", ["items"] = item };

    private static JsonObject Names(IEnumerable<string> names) => new() { ["enum"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) };

    private static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    private static JsonObject AnyOf(params JsonNode[] schemas) => new() { ["anyOf"] = new JsonArray(schemas) };
}
