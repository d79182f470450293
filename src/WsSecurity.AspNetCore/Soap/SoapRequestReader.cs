using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace WsSecurity.AspNetCore.Soap;

/// <summary>Takes the octets of a request's body, within the policy's limit.</summary>
internal static class SoapRequestReader
{
    /// <exception cref="WsSecurityException">The body is larger than the limit, or in a coding that nobody undid.</exception>
    public static async Task ReadAsync(HttpRequest request, OctetBuffer octets, int maxSize)
    {
        if (!string.IsNullOrEmpty(request.Headers[HeaderNames.ContentEncoding]))
        {
            throw new WsSecurityException(SecurityFailure.InvalidEncoding, "The body has a Content-Encoding; put request decompression in front.");
        }

        if (request.ContentLength > maxSize)
        {
            throw TooLarge(maxSize);
        }

        try
        {
            int count;
            while ((count = await request.Body.ReadAsync(octets.GetMemory(), request.HttpContext.RequestAborted).ConfigureAwait(false)) > 0)
            {
                octets.Advance(count);
                if (octets.Length > maxSize)
                {
                    throw TooLarge(maxSize);
                }
            }
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new WsSecurityException(SecurityFailure.MessageTooLarge, "The body is larger than the server's own limit.", exception);
        }
    }

    private static WsSecurityException TooLarge(int maxSize) =>
        new(SecurityFailure.MessageTooLarge, $"The body is larger than the {maxSize} octets of {nameof(ProcessingLimits.MaxMessageSize)}.");
}
