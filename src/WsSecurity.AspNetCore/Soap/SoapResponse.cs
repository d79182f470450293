using Microsoft.AspNetCore.Http;

namespace WsSecurity.AspNetCore.Soap;

/// <summary>Answers with a SOAP message.</summary>
internal static class SoapResponse
{
    /// <summary>Answers with the standard fault of a refusal.</summary>
    public static async Task WriteFaultAsync(HttpContext context, WsSecurityException refusal, SoapVersion version, int statusCode = StatusCodes.Status500InternalServerError)
    {
        using var fault = new OctetBuffer();
        Recipient.WriteFault(refusal, version, fault);
        context.Response.Clear();
        context.Response.StatusCode = statusCode;
        await WriteAsync(context, new SoapMediaType(version, null, null).ToContentType(), fault).ConfigureAwait(false);
    }

    public static async Task WriteAsync(HttpContext context, string? contentType, OctetBuffer octets)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = octets.Length;
        await context.Response.Body.WriteAsync(octets.Written, context.RequestAborted).ConfigureAwait(false);
    }
}
