using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace WsSecurity.AspNetCore.Soap;

/// <summary>The media type of a SOAP message (SOAP 1.1 section 6, SOAP 1.2 Part 2 section 7.1.4) and what it says beside the envelope.</summary>
internal sealed record SoapMediaType(SoapVersion Version, string? Charset, string? Action)
{
    private const string Soap11 = "text/xml";
    private const string Soap12 = "application/soap+xml";

    public static SoapMediaType Default { get; } = new(SoapVersion.Soap11, null, null);

    public static bool TryParse(string? contentType, [NotNullWhen(true)] out SoapMediaType? mediaType)
    {
        mediaType = null;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed))
        {
            return false;
        }

        var charset = parsed.Charset.HasValue ? HeaderUtilities.RemoveQuotes(parsed.Charset).ToString() : null;
        if (parsed.MediaType.Equals(Soap11, StringComparison.OrdinalIgnoreCase))
        {
            mediaType = new SoapMediaType(SoapVersion.Soap11, charset, null);
        }
        else if (parsed.MediaType.Equals(Soap12, StringComparison.OrdinalIgnoreCase))
        {
            var action = parsed.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("action", StringComparison.OrdinalIgnoreCase));
            mediaType = new SoapMediaType(SoapVersion.Soap12, charset, NullIfEmpty(action?.GetUnescapedValue().ToString()));
        }

        return mediaType is not null;
    }

    /// <summary>Reads the media type of a request, with the action of its SOAPAction header where the version has one.</summary>
    public static bool TryParse(HttpRequest request, [NotNullWhen(true)] out SoapMediaType? mediaType)
    {
        if (!TryParse(request.ContentType, out mediaType))
        {
            return false;
        }

        if (mediaType.Version == SoapVersion.Soap11)
        {
            // More than one SOAPAction is for nobody to choose from: together they equal no Action.
            mediaType = mediaType with { Action = NullIfEmpty(request.Headers["SOAPAction"].ToString().Trim().Trim('"')) };
        }

        return true;
    }

    /// <summary>Reads the media type of a request, as <see cref="TryParse(HttpRequest, out SoapMediaType?)"/> does.</summary>
    /// <exception cref="WsSecurityException">It is none of SOAP.</exception>
    public static SoapMediaType Parse(HttpRequest request) => TryParse(request, out var parsed)
        ? parsed
        : throw new WsSecurityException(
            SecurityFailure.InvalidEnvelope,
            $"Content type '{request.ContentType}' is none of SOAP; text/xml (SOAP 1.1) and application/soap+xml (SOAP 1.2) are.");

    /// <summary>The header's value, for UTF-8.</summary>
    public string ToContentType()
    {
        var value = new MediaTypeHeaderValue(Version == SoapVersion.Soap11 ? Soap11 : Soap12) { Charset = "utf-8" };
        if (Version == SoapVersion.Soap12 && Action is not null)
        {
            var action = new NameValueHeaderValue("action");
            action.SetAndEscapeValue(Action);
            value.Parameters.Add(action);
        }

        return value.ToString();
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
