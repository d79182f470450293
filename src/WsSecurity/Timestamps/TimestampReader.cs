using WsSecurity.Specifications;
using WsSecurity.Xml;

namespace WsSecurity.Timestamps;

/// <summary>Reads wsu:Timestamp (SOAP Message Security 1.1.1, section 10).</summary>
internal static class TimestampReader
{
    /// <exception cref="WsSecurityException">It breaks the specification or the Basic Security Profile.</exception>
    public static Timestamp Read(XmlElement element)
    {
        DateTimeOffset? created = null;
        DateTimeOffset? expires = null;
        foreach (var child in element.Children)
        {
            if (child.Is("Created"u8, Wsu.Namespace) && created is null && expires is null)
            {
                created = ReadInstant(child);
            }
            else if (child.Is("Expires"u8, Wsu.Namespace) && expires is null)
            {
                expires = ReadInstant(child);
            }
            else
            {
                // Basic Security Profile 1.1: R3203, R3224, R3221, R3222.
                throw Invalid("it holds something else than one Created and then at most one Expires");
            }
        }

        if (created is null)
        {
            throw Invalid("it has no Created");
        }

        if (expires <= created)
        {
            throw Invalid("it expires before it was created");
        }

        return new Timestamp(created.Value, expires);
    }

    public static DateTimeOffset ReadInstant(XmlElement element)
    {
        // Basic Security Profile 1.1, R3225 and R3226: no ValueType.
        if (element.GetAttribute("ValueType") is not null)
        {
            throw Invalid("a time has a ValueType");
        }

        if (!element.TryGetText(out var text) || !UtcInstant.TryParse(text.AsSpan().Trim(), out var instant))
        {
            throw Invalid("a time is not of the form 2004-01-30T12:00:00Z, in UTC, with seconds below 60");
        }

        return instant;
    }

    private static WsSecurityException Invalid(string what) => new(SecurityFailure.InvalidTimestamp, $"The Timestamp is invalid: {what}.");
}
