using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>A server of .NET Message Framing (MC-NMF) on a free port of loopback: duplex sessions and singletons.</summary>
internal sealed class FramingService : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<FramingConnection, Task> _serve;
    private readonly X509Certificate2? _tls;

    private FramingService(Func<FramingConnection, Task> serve, X509Certificate2? tls = null)
    {
        _serve = serve;
        _tls = tls;
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"net.tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/echo");

    /// <summary>Hosts a secured service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="format">Makes the format of each connection, since session encoders have a state.</param>
    /// <param name="tls">The certificate for clients that upgrade to TLS.</param>
    public static FramingService Start(SecuredService service, Func<WireFormat> format, X509Certificate2? tls = null) =>
        new(connection => ServeAsync(connection, service, format()), tls);

    /// <summary>Hosts anything.</summary>
    public static FramingService Start(Func<FramingConnection, Task> serve) => new(serve);

    public ValueTask DisposeAsync()
    {
        _stop.Cancel();
        _listener.Stop();
        return ValueTask.CompletedTask;
    }

    private static async Task ServeAsync(FramingConnection connection, SecuredService service, WireFormat format)
    {
        while (await connection.ReadEnvelopeAsync() is { } octets)
        {
            var answer = await service.AnswerAsync(format.Decode(octets, null));
            if (answer is not null)
            {
                await connection.WriteEnvelopeAsync(format.Encode(answer.Envelope));
                await answer.Then();
            }
        }

        await connection.WriteEndAsync();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true;
                _ = ServeAsync(client);
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var connection = new FramingConnection(client.GetStream(), _tls, _stop.Token);
                while (await connection.ReadPreambleAsync())
                {
                    await _serve(connection);
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException)
            {
                // The client, or the test, is done.
            }
        }
    }
}
