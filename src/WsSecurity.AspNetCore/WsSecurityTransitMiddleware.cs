using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WsSecurity.AspNetCore.Soap;

namespace WsSecurity.AspNetCore;

/// <summary>Verifies and takes away the header that is for this node, adds one for another, and lets the rest of the message pass as it is.</summary>
internal sealed class WsSecurityTransitMiddleware
{
    private readonly WsSecurityTransit _transit;
    private readonly PathString _path;
    private readonly TransitRecipient? _recipient;
    private readonly TransitInitiator? _initiator;
    private readonly int _maxSize;
    private readonly ILogger _logger;

    public WsSecurityTransitMiddleware(WsSecurityTransit transit, PathString path, SecurityServices services)
    {
        if ((transit.Verified ?? transit.Added) is not { } policy)
        {
            throw new ArgumentException("Neither Verified nor Added is set, so that nothing would be done for messages that pass.", nameof(transit));
        }

        _transit = transit;
        _path = path;
        _recipient = transit.Verified is null ? null : new TransitRecipient(transit.Verified, transit.Credentials, services);
        _initiator = transit.Added is null ? null : new TransitInitiator(transit.Added, transit.Credentials, services);
        _maxSize = policy.Limits.MaxMessageSize;
        _logger = services.LoggerFactory.CreateLogger<WsSecurityTransitMiddleware>();
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_transit.AllowMetadata && MetadataRequest.Is(context.Request, _path))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        using var wire = new OctetBuffer();
        using var output = new OctetBuffer();
        var mediaType = SoapMediaType.Default;
        VerifiedTransit? verified = null;
        try
        {
            mediaType = SoapMediaType.Parse(context.Request);
            await SoapRequestReader.ReadAsync(context.Request, wire, _maxSize).ConfigureAwait(false);
            verified = await PassAsync(context, wire, output, mediaType).ConfigureAwait(false);
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

        await HandOnAsync(context, next, verified, output, mediaType).ConfigureAwait(false);
    }

    private async ValueTask<VerifiedTransit?> PassAsync(HttpContext context, OctetBuffer wire, OctetBuffer output, SoapMediaType mediaType)
    {
        var about = new MessageContext { Action = mediaType.Action, Charset = mediaType.Charset, IsTransportProtected = context.Request.IsHttps };
        if (_recipient is null)
        {
            await _initiator!.ProtectAsync(wire.Written, about, output, context.RequestAborted).ConfigureAwait(false);
            return null;
        }

        var verified = await _recipient.VerifyAsync(wire.Written, about, context.RequestAborted).ConfigureAwait(false);
        using var envelope = new OctetBuffer();
        var target = _initiator is null ? output : envelope;
        foreach (var segment in verified.Message.Envelope)
        {
            target.Write(segment.Span);
        }

        try
        {
            if (_initiator is not null)
            {
                await _initiator.ProtectAsync(envelope.Written, about with { Charset = null }, output, context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch
        {
            await verified.ReleaseAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return verified;
    }

    private async Task HandOnAsync(HttpContext context, RequestDelegate next, VerifiedTransit? verified, OctetBuffer output, SoapMediaType mediaType)
    {
        var received = ReceivedRequest.Of(context.Request);
        using var envelope = output.OpenRead();
        ReceivedRequest.ReplaceBody(context.Request, envelope, output.Length, mediaType);
        if (verified is not null)
        {
            context.Features.Set<IWsSecurityFeature>(new WsSecurityFeature(verified.Message));
            context.User = verified.Message.Principal;
        }

        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            received.Restore(context.Request);
            if (verified is not null)
            {
                // Whatever became of it, the next node may have seen the request: it must not be sent twice.
                await CompleteAsync(context, verified).ConfigureAwait(false);
            }
        }
    }

    private async Task CompleteAsync(HttpContext context, VerifiedTransit verified)
    {
        try
        {
            await verified.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.CompletionFailed(_logger, context.Request.Path, exception);
        }
    }
}
