using Microsoft.AspNetCore.Http;

namespace WsSecurity.AspNetCore.Soap;

/// <summary>A request for the WSDL, which carries no message.</summary>
internal static class MetadataRequest
{
    // Exactly the path: some frameworks run operations for a GET below it (SoapCore: /Service.svc/Operation?argument=…). An upgrade
    // (WebSocket) would carry messages past us.
    public static bool Is(HttpRequest request, PathString path) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && (request.Path.Equals(path, StringComparison.OrdinalIgnoreCase) || (!path.HasValue && request.Path == "/"))
        && request.ContentLength is null or 0
        && request.Headers.Upgrade.Count == 0
        && request.Headers.TransferEncoding.Count == 0;
}
