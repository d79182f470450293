using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using WsSecurity.AspNetCore.Soap;

namespace WsSecurity.AspNetCore;

/// <summary>
/// Verifies a request before the application sees it, and protects what the application answers. The application never runs for a
/// request that is refused.
/// </summary>
internal sealed class WsSecurityMiddleware
{
    private readonly WsSecurityEndpoint _endpoint;
    private readonly PathString _path;
    private readonly Func<Recipient> _recipient;
    private readonly ILogger _logger;

    public WsSecurityMiddleware(WsSecurityEndpoint endpoint, Func<Recipient> recipient, PathString path, ILoggerFactory loggerFactory)
    {
        _endpoint = endpoint;
        _path = path;
        _recipient = recipient;
        _logger = loggerFactory.CreateLogger<WsSecurityMiddleware>();
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_endpoint.AllowMetadata && MetadataRequest.Is(context.Request, _path))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        using var wire = new OctetBuffer();
        var mediaType = SoapMediaType.Default;
        VerifiedRequest request;
        try
        {
            mediaType = SoapMediaType.Parse(context.Request);
            await SoapRequestReader.ReadAsync(context.Request, wire, _endpoint.Policy.Limits.MaxMessageSize).ConfigureAwait(false);
            request = await VerifyAsync(context, wire.Written, mediaType).ConfigureAwait(false);
        }
        catch (WsSecurityException refusal)
        {
            Log.RequestRefused(_logger, context.Request.Path, context.Connection.RemoteIpAddress?.ToString(), refusal.Failure, refusal.Message);
            await SoapResponse.WriteFaultAsync(context, refusal, mediaType.Version).ConfigureAwait(false);
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
            return;
        }

        using (request)
        {
            await RunAsync(context, next, request, mediaType).ConfigureAwait(false);
        }
    }

    private async ValueTask<VerifiedRequest> VerifyAsync(HttpContext context, ReadOnlyMemory<byte> wire, SoapMediaType mediaType)
    {
        var request = await _recipient().VerifyRequestAsync(wire, Describe(context.Request, mediaType), context.RequestAborted).ConfigureAwait(false);
        var message = request.Message;
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            var (evidence, caller) = (message.Evidence, message.Principal.Identity?.Name);
            Log.RequestVerified(_logger, context.Request.Path, evidence.Signatures.Count, evidence.EncryptedParts.Count, caller);
        }

        if (message.SoapVersion == mediaType.Version)
        {
            return request;
        }

        await request.ReleaseAsync(CancellationToken.None).ConfigureAwait(false);
        request.Dispose();
        throw new WsSecurityException(
            SecurityFailure.InvalidEnvelope, $"The content type is that of {mediaType.Version}, the envelope {message.SoapVersion}.");
    }

    private MessageContext Describe(HttpRequest request, SoapMediaType mediaType) => new()
    {
        UnderstoodHeaders = _endpoint.UnderstoodHeaders,
        Action = mediaType.Action,
        Charset = mediaType.Charset,
        EndpointAddress = _endpoint.EndpointAddress ?? AddressOf(request),
        IsTransportProtected = request.IsHttps,
    };

    // HTTP/1.0 has no Host; then a signed To fits nothing.
    private static Uri AddressOf(HttpRequest request) => new(UriHelper.BuildAbsolute(
        request.Scheme, request.Host.HasValue ? request.Host : new HostString("unknown.invalid"), request.PathBase, request.Path));

    private async Task RunAsync(HttpContext context, RequestDelegate next, VerifiedRequest request, SoapMediaType mediaType)
    {
        context.Features.Set<IWsSecurityFeature>(new WsSecurityFeature(request.Message));
        context.User = request.Message.Principal;
        using var reply = new OctetBuffer();
        try
        {
            await RunApplicationAsync(context, next, request.Message, mediaType, reply).ConfigureAwait(false);
        }
        finally
        {
            // Whatever became of it, the application has seen the request: it must not be seen twice.
            await CompleteAsync(context, request).ConfigureAwait(false);
        }

        await ReplyAsync(context, request, mediaType, reply).ConfigureAwait(false);
    }

    private async Task RunApplicationAsync(
        HttpContext context, RequestDelegate next, VerifiedMessage message, SoapMediaType mediaType, OctetBuffer reply)
    {
        var received = ReceivedRequest.Of(context.Request);
        var responseBody = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var captured = new StreamResponseBodyFeature(reply);
        var plain = message.OpenRead();
        await using (plain.ConfigureAwait(false))
        {
            var plainType = mediaType with { Action = ProvenAction.Of(message, mediaType, _endpoint) };
            ReceivedRequest.Replace(context.Request, plain, message.Envelope.Length, plainType);
            context.Features.Set<IHttpResponseBodyFeature>(captured);
            try
            {
                await next(context).ConfigureAwait(false);
                await captured.CompleteAsync().ConfigureAwait(false);
            }
            finally
            {
                captured.Dispose();
                context.Features.Set(responseBody);
                received.Restore(context.Request);
            }
        }
    }

    private async Task CompleteAsync(HttpContext context, VerifiedRequest request)
    {
        try
        {
            await request.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.CompletionFailed(_logger, context.Request.Path, exception);
        }
    }

    private async Task ReplyAsync(HttpContext context, VerifiedRequest request, SoapMediaType mediaType, OctetBuffer reply)
    {
        var response = context.Response;
        if (reply.Length == 0)
        {
            return;
        }

        if (_endpoint.Policy.EnableUnsecuredResponse)
        {
            await SoapResponse.WriteAsync(context, response.ContentType, reply).ConfigureAwait(false);
            return;
        }

        if (!SoapMediaType.TryParse(response.ContentType, out var replyType) || !string.IsNullOrEmpty(response.Headers[HeaderNames.ContentEncoding]))
        {
            Log.ReplyNotSoap(_logger, context.Request.Path, response.StatusCode, response.ContentType);
            Withhold(response);
            return;
        }

        using var output = new OctetBuffer();
        try
        {
            var about = Describe(context.Request, mediaType) with { Charset = replyType.Charset, Action = replyType.Action };
            await request.ProtectReplyAsync(reply.Written, about, output, CancellationToken.None).ConfigureAwait(false);
        }
        catch (WsSecurityException exception)
        {
            Log.ReplyNotProtected(_logger, context.Request.Path, exception);
            Withhold(response);
            return;
        }

        await SoapResponse.WriteAsync(context, replyType.ToContentType(), output).ConfigureAwait(false);
    }

    private static void Withhold(HttpResponse response)
    {
        response.Clear();
        response.StatusCode = StatusCodes.Status500InternalServerError;
    }
}
