using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using WsSecurity.AspNetCore.Soap;
using WsSecurity.Messaging;

namespace WsSecurity.AspNetCore.Deliveries;

/// <summary>The request and the response that a delivery is for the pipeline.</summary>
internal sealed class DeliveryExchange : IDisposable
{
    private readonly Stream _plain;
    private readonly DeliveryResponse _response = new();
    private readonly StreamResponseBodyFeature _body;

    public DeliveryExchange(Delivery delivery, PathString path, Stream reply, CancellationToken cancellationToken)
    {
        var message = delivery.Message;
        _plain = message.OpenRead();
        _body = new StreamResponseBodyFeature(reply);
        Features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = HttpMethods.Post, Scheme = "http", Protocol = "HTTP/1.1", Path = path.Value ?? string.Empty });
        Features.Set<IHttpResponseFeature>(_response);
        Features.Set<IHttpResponseBodyFeature>(_body);
        Features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = cancellationToken });
        Features.Set<IHttpAuthenticationFeature>(new HttpAuthenticationFeature { User = message.Principal });
        Features.Set<IWsSecurityFeature>(new WsSecurityFeature(message));
        Features.Set<IDeliveryFeature>(new DeliveryFeature(delivery));

        var request = new DefaultHttpContext(Features).Request;
        request.Host = new HostString("localhost");
        var mediaType = new SoapMediaType(message.SoapVersion, "utf-8", message.IsActionSigned ? message.Action : null);
        ReceivedRequest.Replace(request, _plain, message.Envelope.Length, mediaType);
    }

    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>Ends the response: what was written is in its buffer then.</summary>
    public async Task CompleteAsync()
    {
        await _response.StartAsync().ConfigureAwait(false);
        await _body.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Runs what waits for the response's end.</summary>
    public Task EndAsync() => _response.EndAsync();

    public void Dispose()
    {
        _body.Dispose();
        _plain.Dispose();
    }

    private sealed record DeliveryFeature(Delivery Delivery) : IDeliveryFeature;

    /// <summary>A response whose callbacks run, the last registered first.</summary>
    private sealed class DeliveryResponse : HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
        private readonly Stack<(Func<object, Task> Callback, object State)> _completed = new();

        public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

        public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

        public async Task StartAsync()
        {
            while (_starting.TryPop(out var next))
            {
                await next.Callback(next.State).ConfigureAwait(false);
            }
        }

        public async Task EndAsync()
        {
            while (_completed.TryPop(out var next))
            {
                await next.Callback(next.State).ConfigureAwait(false);
            }
        }
    }
}
