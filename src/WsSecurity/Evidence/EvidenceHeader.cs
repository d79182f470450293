using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace WsSecurity.Evidence;

/// <summary>What the header of every entry says: <c>{"format":1,"trail":…,"sequence":…,"previous":…,"time":…,"record":{"kind":…}}</c>.</summary>
internal sealed class EvidenceHeader
{
    private const int Format = 1;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private EvidenceHeader(string trail, long sequence, string previous, DateTimeOffset time, JsonElement record)
    {
        Trail = trail;
        Sequence = sequence;
        Previous = previous;
        Time = time;
        Record = record;
        Kind = record.GetProperty("kind").GetString() ?? "";
    }

    /// <summary>What the first entry calls the hash before it.</summary>
    public static string NoPrevious { get; } = new('0', 64);

    /// <summary>The trail's random name.</summary>
    public string Trail { get; }

    public long Sequence { get; }

    /// <summary>The hash of the header before; lower case hexadecimal.</summary>
    public string Previous { get; }

    public DateTimeOffset Time { get; }

    public JsonElement Record { get; }

    public string Kind { get; }

    public static byte[] Write(string trail, long sequence, string previous, DateTimeOffset time, ReadOnlySpan<byte> record)
    {
        var output = new ArrayBufferWriter<byte>(record.Length + 256);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteString("trail", trail);
            writer.WriteNumber("sequence", sequence);
            writer.WriteString("previous", previous);
            writer.WriteString("time", FormatTime(time));
            writer.WritePropertyName("record");
            writer.WriteRawValue(record, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static EvidenceHeader Read(ReadOnlyMemory<byte> octets)
    {
        try
        {
            // Two properties of one name would let two readers see two records.
            using var document = JsonDocument.Parse(octets, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement.Clone();
            return root.GetProperty("format").GetInt32() == Format
                ? new EvidenceHeader(
                    root.GetProperty("trail").GetString()!,
                    root.GetProperty("sequence").GetInt64(),
                    root.GetProperty("previous").GetString()!,
                    ParseTime(root.GetProperty("time")),
                    root.GetProperty("record"))
                : throw new FormatException("The entry is of a later format than this version reads.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("The entry's header cannot be read.", exception);
        }
    }

    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset ParseTime(JsonElement element) =>
        DateTimeOffset.ParseExact(element.GetString() ?? "", TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
