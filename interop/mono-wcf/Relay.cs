using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace WsSecurity.Interop.MonoWcf;

/// <summary>Somebody on the way between a client and a service: keeps what passes, and changes it where a test says so.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private readonly WebApplication _application;
    private readonly Uri _target;
    private readonly Func<byte[], byte[]> _ofRequest;
    private readonly Func<byte[], byte[]> _ofReply;
    private string? _contentType;
    private string? _host;

    private Relay(Uri target, Func<byte[], byte[]>? ofRequest, Func<byte[], byte[]>? ofReply)
    {
        _target = target;
        _ofRequest = ofRequest ?? (message => message);
        _ofReply = ofReply ?? (message => message);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(Pass);
    }

    /// <summary>The relay's address for the target.</summary>
    public Uri Address => new($"{_application.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}{_target.AbsolutePath}");

    /// <summary>The request that came.</summary>
    public byte[]? Request { get; private set; }

    /// <summary>The reply that came.</summary>
    public byte[]? Reply { get; private set; }

    /// <summary>The status that the service answered with.</summary>
    public int Status { get; private set; }

    public static async Task<Relay> Start(Uri target, Func<byte[], byte[]>? ofRequest = null, Func<byte[], byte[]>? ofReply = null)
    {
        var relay = new Relay(target, ofRequest, ofReply);
        await relay._application.StartAsync();
        return relay;
    }

    /// <summary>Sends the last request to the service once more.</summary>
    /// <returns>The status that it answers with.</returns>
    public async Task<int> SendAgain()
    {
        using var request = Create(Request!);
        using var response = await Http.SendAsync(request);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task Pass(HttpContext http)
    {
        using var received = new MemoryStream();
        await http.Request.Body.CopyToAsync(received, http.RequestAborted);
        Request = received.ToArray();
        (_contentType, _host) = (http.Request.ContentType, http.Request.Host.Value);
        using var request = Create(_ofRequest(Request));
        using var response = await Http.SendAsync(request, http.RequestAborted);
        Reply = await response.Content.ReadAsByteArrayAsync(http.RequestAborted);
        Status = (int)response.StatusCode;
        http.Response.StatusCode = Status;
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await http.Response.Body.WriteAsync(_ofReply(Reply), http.RequestAborted);
    }

    // The service sees the address that its caller used.
    private HttpRequestMessage Create(byte[] message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _target) { Content = new ByteArrayContent(message) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", _contentType);
        request.Headers.Host = _host;
        return request;
    }
}
