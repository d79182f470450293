using WsSecurity.AspNetCore.Tests;

namespace WsSecurity.Mail.Tests;

/// <summary>A maildir of its own, and receivers at it.</summary>
internal sealed class Mailbox : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("wssecurity-maildir-").FullName;

    public LogLines Log { get; } = new();

    public MaildirReceiverOptions Options => new()
    {
        Path = Path,
        Policy = MailClient.Policy,
        Credentials = TestKeys.ServiceCredentials,
        PollInterval = TimeSpan.FromMilliseconds(20),
        RetryDelay = TimeSpan.FromMilliseconds(20),
        MaxRetryDelay = TimeSpan.FromMilliseconds(100),
    };

    public async Task<MaildirReceiver> ReceiveAsync(Orders orders, MaildirReceiverOptions? options = null)
    {
        var receiver = new MaildirReceiver(options ?? Options, orders, new SecurityServices { LoggerFactory = Log });
        await receiver.StartAsync(CancellationToken.None);
        return receiver;
    }

    public string Deliver(byte[] mail, string folder = "new", string info = "") => Mails.Deliver(Path, mail, folder, info);

    /// <summary>The files of a folder, by name; of a subfolder's cur where it begins with a dot.</summary>
    public string[] Files(string folder) => Maildirs.Files(Path, folder[0] == '.' ? System.IO.Path.Combine(folder, "cur") : folder);

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<bool> isSo)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"It did not come about. {Log.Text}");
            }

            await Task.Delay(10);
        }
    }

    /// <summary>Waits until nothing is left to do.</summary>
    public Task EmptyAsync() => UntilAsync(() => Files("new").Length == 0 && Files("cur").Length == 0);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
