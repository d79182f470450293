using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>Kestrel on a free port of loopback.</summary>
internal sealed class HttpService : IAsyncDisposable
{
    private readonly WebApplication _application;

    private HttpService(WebApplication application, Uri address)
    {
        _application = application;
        Address = address;
    }

    public Uri Address { get; }

    public Uri WebSocketAddress => new UriBuilder(Address) { Scheme = "ws" }.Uri;

    /// <summary>Hosts a secured service over HTTP.</summary>
    public static Task<HttpService> StartAsync(SecuredService service, WireFormat? format = null, X509Certificate2? tls = null) =>
        StartAsync(context => ServeAsync(context, service, format ?? WireFormat.Text), tls);

    /// <summary>Hosts a secured service over WebSocket, one message a frame sequence.</summary>
    public static Task<HttpService> StartWebSocketAsync(SecuredService service, Func<WireFormat> format) =>
        StartAsync(context => WebSocketSession.ServeAsync(context, service, format()));

    /// <summary>Hosts anything.</summary>
    public static async Task<HttpService> StartAsync(RequestDelegate handle, X509Certificate2? tls = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Listen(System.Net.IPAddress.Loopback, 0, listen =>
            {
                if (tls is not null)
                {
                    listen.UseHttps(tls);
                }
            });
        });
        if (tls is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        var application = builder.Build();
        application.UseWebSockets();
        application.Run(handle);
        await application.StartAsync();
        var bound = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        var host = tls is null ? "127.0.0.1" : "localhost";
        return new HttpService(application, new UriBuilder(bound) { Host = host, Path = "/echo" }.Uri);
    }

    public static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
    }

    private static async Task ServeAsync(HttpContext context, SecuredService service, WireFormat format)
    {
        var octets = await ReadAsync(context.Request);
        var contentType = context.Request.ContentType;
        var text = format.Decode(octets, contentType);
        var version = System.Text.Encoding.UTF8.GetString(text.Span).Contains(Envelopes.Soap12.NamespaceName, StringComparison.Ordinal) ? SoapVersion.Soap12 : SoapVersion.Soap11;
        var action = context.Request.Headers["SOAPAction"].FirstOrDefault()?.Trim('"');
        var answer = await service.AnswerAsync(text, string.IsNullOrEmpty(action) ? null : action, "utf-8");
        if (answer is null)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        context.Response.StatusCode = answer.IsFault ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
        context.Response.ContentType = format.ContentTypeFor(version);
        await context.Response.BodyWriter.WriteAsync(format.Encode(answer.Envelope));
        await answer.Then();
    }
}
