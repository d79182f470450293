using Microsoft.AspNetCore.Http;

namespace WsSecurity.Cli.Demo;

/// <summary>Stands where an eavesdropper would: it keeps the octets of the last request and its reply.</summary>
internal sealed class WireTap
{
    public byte[] Request { get; private set; } = [];

    public byte[] Reply { get; private set; } = [];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        using var request = new MemoryStream();
        await context.Request.Body.CopyToAsync(request, context.RequestAborted).ConfigureAwait(false);
        Request = request.ToArray();
        context.Request.Body = new MemoryStream(Request, writable: false);

        var body = context.Response.Body;
        using var reply = new MemoryStream();
        context.Response.Body = reply;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            context.Response.Body = body;
        }

        Reply = reply.ToArray();
        await body.WriteAsync(Reply, context.RequestAborted).ConfigureAwait(false);
    }
}
