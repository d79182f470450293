using System.Net;
using System.Text;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using MimeKit;

namespace Samples.Mail;

/// <summary>Somebody with a mail program who may write into the mailbox, and has no key.</summary>
internal sealed class Mailbox(string host, int port, NetworkCredential credentials)
{
    /// <summary>Takes the first mail that was handled, and puts it into the inbox again.</summary>
    public async Task PutBackAsync(bool isTamperedWith)
    {
        using var client = await OpenAsync();
        var handled = await client.GetFolderAsync("Handled");
        await handled.OpenAsync(FolderAccess.ReadOnly);
        var mail = await handled.GetMessageAsync(0);
        if (isTamperedWith)
        {
            var content = ((MimePart)mail.Body!).Content!;
            using var envelope = new MemoryStream();
            await content.DecodeToAsync(envelope);
            var octets = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(envelope.ToArray()).Replace("gnome", "gnomes", StringComparison.Ordinal));
            ((MimePart)mail.Body!).Content = new MimeContent(new MemoryStream(octets));
        }

        await client.Inbox!.AppendAsync(FormatOptions.Default, mail);
    }

    /// <summary>Waits until so many mails are in a folder.</summary>
    public async Task UntilAsync(string name, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = await OpenAsync();
        while (true)
        {
            try
            {
                var folder = await client.GetFolderAsync(name, deadline.Token);
                await folder.StatusAsync(StatusItems.Count, deadline.Token);
                if (folder.Count == count)
                {
                    return;
                }
            }
            catch (FolderNotFoundException)
            {
                // The receiver makes it when it needs it.
            }

            await Task.Delay(50, deadline.Token);
        }
    }

    private async Task<ImapClient> OpenAsync()
    {
        // The server's certificate is the sample's own, made a moment ago.
        var client = new ImapClient { CheckCertificateRevocation = false, ServerCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" };
        await client.ConnectAsync(host, port, SecureSocketOptions.StartTls);
        await client.AuthenticateAsync(credentials);
        return client;
    }
}
