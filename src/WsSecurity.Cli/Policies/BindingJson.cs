using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace WsSecurity.Cli.Policies;

/// <summary>Writes a policy as a binding of <c>appsettings.json</c>, with the certificates that a configuration names. Secrets are left for who has them.</summary>
internal static class BindingJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true };

    public static string Write(string name, SecurityPolicy policy, AppConfigCredentials? credentials = null)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("WsSecurity");
            writer.WriteStartObject("Bindings");
            writer.WriteStartObject(name);
            WritePolicy(writer, policy);
            WriteCredentials(writer, credentials);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    // Every key, also where it is the default: who reads the file sees what the service demands. Bounds and tolerances only where they are our own.
    private static void WritePolicy(Utf8JsonWriter writer, SecurityPolicy policy)
    {
        foreach (var property in StatedProperties.Of(typeof(SecurityPolicy)))
        {
            var value = property.GetValue(policy);
            if (value is not null
                && !Equals(value, ProcessingLimits.Default) && !Equals(value, Tolerances.None) && !IsEmpty(value))
            {
                writer.WritePropertyName(property.Name);
                WriteValue(writer, value);
            }
        }
    }

    private static bool IsEmpty(object value) => value is IEnumerable values and not string && !values.Cast<object>().Any();

    private static void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case TimeSpan duration:
                writer.WriteStringValue(duration.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture));
                break;
            case Enum or AlgorithmSuite:
                writer.WriteStringValue(value.ToString());
                break;
            case ProtectedParts parts:
                WriteParts(writer, parts);
                break;
            case IReadOnlyDictionary<string, MessageParts> operations:
                writer.WriteStartObject();
                foreach (var (action, own) in operations.OrderBy(operation => operation.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(action);
                    WriteValue(writer, own);
                }

                writer.WriteEndObject();
                break;
            case IReadOnlyDictionary<string, string> namespaces:
                writer.WriteStartObject();
                foreach (var (prefix, uri) in namespaces.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(prefix, uri);
                }

                writer.WriteEndObject();
                break;
            case LocationPath path:
                WritePath(writer, path);
                break;
            case IEnumerable values:
                writer.WriteStartArray();
                foreach (var item in values)
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject();
                WriteProperties(writer, value);
                writer.WriteEndObject();
                break;
        }
    }

    // The parts of every message stand beside those of requests, replies and operations.
    private static void WriteParts(Utf8JsonWriter writer, ProtectedParts parts)
    {
        writer.WriteStartObject();
        if (parts.All is not null)
        {
            WriteProperties(writer, parts.All);
        }

        foreach (var property in StatedProperties.Different(parts, new ProtectedParts()).Where(property => property.Name != nameof(parts.All)))
        {
            writer.WritePropertyName(property.Name);
            WriteValue(writer, property.GetValue(parts)!);
        }

        writer.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter writer, object record)
    {
        // That nothing is protected must be said, too.
        if (record is MessageParts { Body: false })
        {
            writer.WriteBoolean(nameof(MessageParts.Body), false);
        }

        // A custom token's type is called by the name of its handler.
        var isCustom = record is SupportingToken { Name: not null };
        foreach (var property in StatedProperties.Different(record, StatedProperties.DefaultOf(record.GetType())))
        {
            if (isCustom && property.Name == nameof(SupportingToken.Type))
            {
                continue;
            }

            writer.WritePropertyName(isCustom && property.Name == nameof(SupportingToken.Name) ? nameof(SupportingToken.Type) : property.Name);
            WriteValue(writer, property.GetValue(record)!);
        }
    }

    private static void WritePath(Utf8JsonWriter writer, LocationPath path)
    {
        if (path.Namespaces.Count == 0)
        {
            writer.WriteStringValue(path.Expression);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("Path", path.Expression);
        writer.WritePropertyName(nameof(path.Namespaces));
        WriteValue(writer, path.Namespaces);
        writer.WriteEndObject();
    }

    private static void WriteCredentials(Utf8JsonWriter writer, AppConfigCredentials? credentials)
    {
        if (credentials is null or { Certificate: null, PeerCertificate: null, ServiceDnsName: null })
        {
            return;
        }

        writer.WriteStartObject("Credentials");
        if (credentials.Certificate is { } own)
        {
            writer.WritePropertyName(nameof(SecurityCredentials.Certificate));
            WriteCertificate(writer, own);
        }

        if (credentials.PeerCertificate is { } peer)
        {
            writer.WriteStartArray(nameof(SecurityCredentials.PeerCertificates));
            WriteCertificate(writer, peer);
            writer.WriteEndArray();
        }

        if (credentials.ServiceDnsName is { } dns)
        {
            writer.WriteString("ServiceIdentity", dns);
        }

        writer.WriteEndObject();
    }

    private static void WriteCertificate(Utf8JsonWriter writer, StoreCertificate certificate)
    {
        writer.WriteStartObject();

        // The store of authorities is called so in configurations of .NET Framework alone.
        var store = certificate.StoreName == System.Security.Cryptography.X509Certificates.StoreName.CertificateAuthority ? "CA" : certificate.StoreName.ToString();
        writer.WriteString("Store", $"{certificate.StoreLocation}/{store}");
        writer.WriteString("Find", $"{certificate.FindType}={certificate.FindValue}");
        writer.WriteEndObject();
    }
}
