using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using WsSecurity.AspNetCore.Soap;

namespace WsSecurity.AspNetCore;

/// <summary>Takes plain requests of users whom the host has authenticated, vouches for them, and hands verified replies back in plain.</summary>
internal sealed class WsSecurityGatewayMiddleware
{
    private readonly WsSecurityGateway _gateway;
    private readonly PathString _path;
    private readonly SecurityServices _services;
    private readonly ILogger _logger;

    public WsSecurityGatewayMiddleware(WsSecurityGateway gateway, PathString path, SecurityServices services)
    {
        var carriesAssertion = gateway.Policy.AuthenticationMode is AuthenticationMode.IssuedTokenForCertificate or AuthenticationMode.IssuedTokenOverTransport
            || gateway.Policy.SupportingTokens.Any(token => token.Type == SecurityTokenType.Saml);
        if (!carriesAssertion)
        {
            throw new ArgumentException("The policy of a gateway that vouches for its users has a SAML assertion among its SupportingTokens.", nameof(gateway));
        }

        _gateway = gateway;
        _path = path;
        _services = services;
        _logger = services.LoggerFactory.CreateLogger<WsSecurityGatewayMiddleware>();

        // Told now, and not with the first request.
        CreateInitiator(new SamlAssertionDescription { Subject = "nobody", ConfirmationMethod = SamlConfirmationMethod.SenderVouches });
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_gateway.AllowMetadata && MetadataRequest.Is(context.Request, _path))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        using var plain = new OctetBuffer();
        using var wire = new OctetBuffer();
        var mediaType = SoapMediaType.Default;
        PendingReply pending;
        try
        {
            mediaType = SoapMediaType.Parse(context.Request);
            if (_gateway.Assertion(context) is not { } description)
            {
                Log.UserNotVouchedFor(_logger, context.Request.Path, context.Connection.RemoteIpAddress?.ToString());
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return;
            }

            await SoapRequestReader.ReadAsync(context.Request, plain, _gateway.Policy.Limits.MaxMessageSize).ConfigureAwait(false);
            pending = CreateInitiator(description).ProtectRequest(plain.Written, Describe(context, mediaType), wire);
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

        using (pending)
        {
            await ForwardAsync(context, next, pending, wire, mediaType).ConfigureAwait(false);
        }
    }

    private Initiator CreateInitiator(SamlAssertionDescription description) =>
        new(_gateway.Policy, _gateway.Credentials with { SamlAssertion = _gateway.Issuer.Issue(description) }, _services);

    // Whether the way to the service is protected is for the forwarder to know; so bearer assertions go only encrypted.
    private static MessageContext Describe(HttpContext context, SoapMediaType mediaType) =>
        new() { Action = mediaType.Action, Charset = mediaType.Charset };

    private async Task ForwardAsync(HttpContext context, RequestDelegate next, PendingReply pending, OctetBuffer wire, SoapMediaType mediaType)
    {
        using var reply = new OctetBuffer(_gateway.Policy.Limits.MaxMessageSize);
        try
        {
            await RunForwarderAsync(context, next, wire, reply, mediaType).ConfigureAwait(false);
            await AnswerAsync(context, pending, reply, mediaType).ConfigureAwait(false);
        }
        catch (WsSecurityException refusal)
        {
            Log.ReplyRefused(_logger, context.Request.Path, refusal.Failure, refusal.Message);
            await SoapResponse.WriteFaultAsync(context, refusal, mediaType.Version, StatusCodes.Status502BadGateway).ConfigureAwait(false);
        }
    }

    private static async Task RunForwarderAsync(HttpContext context, RequestDelegate next, OctetBuffer wire, OctetBuffer reply, SoapMediaType mediaType)
    {
        var received = ReceivedRequest.Of(context.Request);
        var acceptEncoding = context.Request.Headers.AcceptEncoding;
        var authorization = context.Request.Headers.Authorization;
        var responseBody = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var captured = new StreamResponseBodyFeature(reply);
        using var envelope = wire.OpenRead();
        ReceivedRequest.ReplaceBody(context.Request, envelope, wire.Length, mediaType);

        // What is compressed cannot be verified; what authenticated the user here is not for the service to see.
        context.Request.Headers.AcceptEncoding = default;
        context.Request.Headers.Authorization = default;
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
            context.Request.Headers.AcceptEncoding = acceptEncoding;
            context.Request.Headers.Authorization = authorization;
        }
    }

    private async Task AnswerAsync(HttpContext context, PendingReply pending, OctetBuffer reply, SoapMediaType mediaType)
    {
        var response = context.Response;
        response.ContentLength = null;
        if (reply.Length == 0)
        {
            // One-way, or an error of the forwarder, which says nothing.
            return;
        }

        if (!SoapMediaType.TryParse(response.ContentType, out var replyType) || !string.IsNullOrEmpty(response.Headers[HeaderNames.ContentEncoding]))
        {
            Log.ReplyNotSoap(_logger, context.Request.Path, response.StatusCode, response.ContentType);
            response.Clear();
            response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        var verified = pending.VerifyReply(reply.Written, Describe(context, mediaType) with { Action = replyType.Action, Charset = replyType.Charset });
        using var output = new OctetBuffer();
        foreach (var segment in verified.Envelope)
        {
            output.Write(segment.Span);
        }

        await SoapResponse.WriteAsync(context, replyType.ToContentType(), output).ConfigureAwait(false);
    }
}
