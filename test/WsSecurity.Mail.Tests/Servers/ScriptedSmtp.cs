using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WsSecurity.Mail.Tests.Servers;

/// <summary>What an SMTP server does when it has read a mail to its end.</summary>
internal enum AfterMail
{
    Take,
    TakeAndBreakOff,
    PutOff,
    SaySomethingLater,
}

/// <summary>A server that does what real ones do seldom: it answers each mail by the next line of its script, and then takes every one.</summary>
internal sealed class ScriptedSmtp : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Queue<AfterMail> _script;
    private readonly CancellationTokenSource _stop = new();

    public ScriptedSmtp(params AfterMail[] script)
    {
        _script = new Queue<AfterMail>(script);
        _listener.Start();
        _ = AcceptAsync();
    }

    public MailServer Server => new() { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port, Tls = MailServerTls.PlainText };

    /// <summary>Every mail that came to its end.</summary>
    public List<string> Mails { get; } = [];

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var connection = client;
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            await SayAsync(client, "220 scripted");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (line == "DATA")
                {
                    await SayAsync(client, "354 go on");
                    if (!await AnswerAsync(client, await ReadMailAsync(reader)))
                    {
                        return;
                    }
                }
                else
                {
                    await SayAsync(client, "250 scripted");
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task<string> ReadMailAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            mail.AppendLine(line);
        }

        return mail.ToString();
    }

    private async Task<bool> AnswerAsync(TcpClient client, string mail)
    {
        Mails.Add(mail);
        _script.TryDequeue(out var next);
        switch (next)
        {
            case AfterMail.TakeAndBreakOff:
                return false;
            case AfterMail.PutOff:
                await SayAsync(client, "451 greylisted");
                return true;
            case AfterMail.SaySomethingLater:
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return false;
            default:
                await SayAsync(client, "250 taken");
                return true;
        }
    }

    private async Task SayAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text + "\r\n"), _stop.Token);
}
