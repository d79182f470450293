using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using MimeKit;
using WsSecurity.AspNetCore.Tests;
using WsSecurity.Mail.Tests.Servers;

namespace WsSecurity.Mail.Tests;

/// <summary>A mailbox at Dovecot: its user's own mail program, and receivers at it.</summary>
internal sealed class ImapBox(Dovecot dovecot, string? mailbox = null)
{
    private static int _mailboxes;

    public string Name { get; } = mailbox ?? $"imap{Interlocked.Increment(ref _mailboxes)}";

    public LogLines Log { get; } = new();

    public ImapReceiverOptions Options => new()
    {
        Server = new MailServer
        {
            Host = "localhost",
            Port = dovecot.Port,
            Authorities = [dovecot.Certificate],
            Credentials = new System.Net.NetworkCredential(Name, Dovecot.Password),
        },
        Policy = MailClient.Policy,
        Credentials = TestKeys.ServiceCredentials,
        RetryDelay = TimeSpan.FromMilliseconds(20),
        MaxRetryDelay = TimeSpan.FromMilliseconds(100),
    };

    public async Task<ImapReceiver> ReceiveAsync(Orders orders, ImapReceiverOptions? options = null)
    {
        var receiver = new ImapReceiver(options ?? Options, orders, new SecurityServices { LoggerFactory = Log });
        await receiver.StartAsync(CancellationToken.None);
        return receiver;
    }

    public Task AppendAsync(byte[] mail, MessageFlags flags = MessageFlags.None) => WithAsync(async client =>
    {
        using var message = await MimeMessage.LoadAsync(new MemoryStream(mail));
        return await client.Inbox!.AppendAsync(FormatOptions.Default, message, flags);
    });

    /// <summary>How many mails are in a folder; of those that are seen, or not, where that is asked.</summary>
    public Task<int> CountAsync(string folder = "INBOX", SearchQuery? query = null) => WithAsync(async client =>
    {
        try
        {
            var found = await client.GetFolderAsync(folder);
            await found.OpenAsync(FolderAccess.ReadOnly);
            return (await found.SearchAsync(query ?? SearchQuery.All)).Count;
        }
        catch (FolderNotFoundException)
        {
            return 0;
        }
    });

    public async Task UntilAsync(int count, string folder = "INBOX")
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await CountAsync(folder) != count)
        {
            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"{folder} never had {count}. {Log.Text}");
            }

            await Task.Delay(50);
        }
    }

    private async Task<T> WithAsync<T>(Func<ImapClient, Task<T>> work)
    {
        using var client = new ImapClient { CheckCertificateRevocation = false };
        client.ServerCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == dovecot.Certificate.Thumbprint;
        await client.ConnectAsync("localhost", dovecot.Port, SecureSocketOptions.StartTls);
        await client.AuthenticateAsync(Name, Dovecot.Password);
        return await work(client);
    }
}
