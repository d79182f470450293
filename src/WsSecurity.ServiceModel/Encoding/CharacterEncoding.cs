using System.Net.Http.Headers;

namespace WsSecurity.ServiceModel.Encoding;

/// <summary>What a media type says about how an envelope became octets.</summary>
internal static class CharacterEncoding
{
    /// <summary>Whether the octets are the XML text itself, in a charset that the engine reads, so that they can be verified as they came.</summary>
    /// <param name="contentType">The media type with its parameters; null or empty is none.</param>
    /// <param name="charset">The charset; null where none is stated.</param>
    public static bool IsText(string? contentType, out string? charset)
    {
        charset = null;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed) || !IsSoapText(parsed.MediaType))
        {
            return false;
        }

        charset = parsed.CharSet?.Trim('"');
        return charset is null || IsUtf8(charset) || charset.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the octets are the XML text in UTF-8, which is what the engine writes.</summary>
    /// <param name="contentType">The media type with its parameters.</param>
    public static bool IsUtf8Text(string? contentType) => IsText(contentType, out var charset) && charset is not null && IsUtf8(charset);

    // RFC 3902 (application/soap+xml) and SOAP 1.1, section 6 (text/xml).
    private static bool IsSoapText(string? mediaType) =>
        string.Equals(mediaType, "text/xml", StringComparison.OrdinalIgnoreCase) ||
        string.Equals(mediaType, "application/soap+xml", StringComparison.OrdinalIgnoreCase);

    private static bool IsUtf8(string charset) => string.Equals(charset, "utf-8", StringComparison.OrdinalIgnoreCase);
}
