using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace WsSecurity.AspNetCore.Soap;

/// <summary>What of a request is replaced while the application runs, as it was received; middleware in front gets it back.</summary>
internal sealed record ReceivedRequest
{
    private const string SoapAction = "SOAPAction";

    public required Stream Body { get; init; }

    public required StringValues ContentType { get; init; }

    public required StringValues TransferEncoding { get; init; }

    public required StringValues Action { get; init; }

    public required long? ContentLength { get; init; }

    public static ReceivedRequest Of(HttpRequest request) => new()
    {
        Body = request.Body,
        ContentType = request.Headers.ContentType,
        TransferEncoding = request.Headers.TransferEncoding,
        Action = request.Headers[SoapAction],
        ContentLength = request.ContentLength,
    };

    /// <summary>Puts the plain envelope into the place of the received one, with headers that say the same as it.</summary>
    public static void Replace(HttpRequest request, Stream plain, long length, SoapMediaType mediaType)
    {
        request.Body = plain;
        request.Headers.TransferEncoding = default;
        request.ContentLength = length;
        request.ContentType = mediaType.ToContentType();

        // SOAP 1.2 has the action in the media type; a SOAPAction beside it would be heard by some.
        request.Headers[SoapAction] = mediaType.Version == SoapVersion.Soap11 ? $"\"{mediaType.Action}\"" : default(StringValues);
    }

    /// <summary>Puts another envelope into the place of the received one, in UTF-8; whatever else the headers say stays.</summary>
    public static void ReplaceBody(HttpRequest request, Stream envelope, long length, SoapMediaType mediaType)
    {
        request.Body = envelope;
        request.Headers.TransferEncoding = default;
        request.ContentLength = length;
        if (mediaType.Charset is { } charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            request.ContentType = mediaType.ToContentType();
        }
    }

    public void Restore(HttpRequest request)
    {
        request.Body = Body;
        request.Headers.ContentType = ContentType;
        request.Headers[SoapAction] = Action;
        request.ContentLength = ContentLength;
        request.Headers.TransferEncoding = TransferEncoding;
    }
}
