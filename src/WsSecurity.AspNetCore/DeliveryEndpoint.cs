using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using WsSecurity.AspNetCore.Deliveries;
using WsSecurity.AspNetCore.Soap;
using WsSecurity.Messaging;

namespace WsSecurity.AspNetCore;

/// <summary>
/// A SOAP endpoint of this host as the handler of deliveries: each runs through the pipeline behind <c>UseDeliveries</c> as a POST of the plain message, with its
/// caller as <see cref="HttpContext.User"/>, with <see cref="IWsSecurityFeature"/> and with <see cref="IDeliveryFeature"/>. What the endpoint answers is the reply; its fault
/// brings a message again for whose reply nobody waits.
/// </summary>
/// <remarks>
/// The HTTP headers say what the envelope proves: a SOAPAction only where a signature covers the WS-Addressing Action, otherwise none, and the service finds the
/// operation by the Body.
/// </remarks>
public sealed class DeliveryEndpoint : IDeliveryHandler
{
    private readonly IServiceProvider _provider;
    private readonly string _name;
    private readonly TaskCompletionSource<(PathString Path, RequestDelegate Next)> _place = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal DeliveryEndpoint(IServiceProvider provider, string name)
    {
        _provider = provider;
        _name = name;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No pipeline has <c>UseDeliveries</c> with its name, or no SOAP endpoint stands behind it.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> HandleAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var (path, next) = await PlaceAsync(cancellationToken).ConfigureAwait(false);
        using var reply = new OctetBuffer();
        using var exchange = new DeliveryExchange(delivery, path, reply, cancellationToken);
        var contexts = _provider.GetRequiredService<IHttpContextFactory>();
        var scope = _provider.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var context = contexts.Create(exchange.Features);
            try
            {
                context.RequestServices = scope.ServiceProvider;
                await next(context).ConfigureAwait(false);
                await exchange.CompleteAsync().ConfigureAwait(false);
                return Answer(context, path, reply);
            }
            finally
            {
                await exchange.EndAsync().ConfigureAwait(false);
                contexts.Dispose(context);
            }
        }
    }

    /// <exception cref="InvalidOperationException">It has a place already.</exception>
    internal void Attach(PathString path, RequestDelegate next)
    {
        if (!_place.TrySetResult((path, next)))
        {
            throw new InvalidOperationException($"The delivery endpoint '{_name}' has a place in a pipeline already; register one for each endpoint.");
        }
    }

    // Receivers may start before the pipeline is built; when the host has started, it is.
    private async Task<(PathString Path, RequestDelegate Next)> PlaceAsync(CancellationToken cancellationToken)
    {
        if (!_place.Task.IsCompleted)
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = _provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
            await Task.WhenAny(_place.Task, started.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!_place.Task.IsCompleted)
            {
                throw new InvalidOperationException($"The delivery endpoint '{_name}' has no place in the pipeline: call app.UseDeliveries(path, \"{_name}\") in front of the SOAP endpoint.");
            }
        }

        return await _place.Task.ConfigureAwait(false);
    }

    private ReadOnlyMemory<byte>? Answer(HttpContext context, PathString path, OctetBuffer reply)
    {
        var response = context.Response;
        if (reply.Length > 0 && SoapMediaType.TryParse(response.ContentType, out _) && string.IsNullOrEmpty(response.Headers[HeaderNames.ContentEncoding]))
        {
            // The buffer is cleared when this is over.
            return reply.Written.ToArray();
        }

        if (response.StatusCode is < 200 or >= 300)
        {
            throw new InvalidOperationException($"What stands behind UseDeliveries answered {path} with status {response.StatusCode} and no SOAP message; the SOAP endpoint must serve that path.");
        }

        if (reply.Length > 0)
        {
            var logger = _provider.GetRequiredService<ILoggerFactory>().CreateLogger<DeliveryEndpoint>();
            Log.DeliveryAnswerNotSoap(logger, path, response.StatusCode, response.ContentType);
        }

        return null;
    }
}
