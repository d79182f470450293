using MimeKit;
using WsSecurity.Mail.Tests.Servers;

namespace WsSecurity.Mail.Tests;

/// <summary>Looks into the maildirs that Postfix fills.</summary>
internal static class Maildirs
{
    /// <summary>Waits for a mail, and takes it away.</summary>
    public static async Task<byte[]> TakeAsync(string mailbox)
    {
        await WaitForAsync(mailbox, 1);
        var file = Files(MailHost.Postfix.MaildirOf(mailbox), "new").First();
        var raw = await File.ReadAllBytesAsync(file);
        File.Delete(file);
        return raw;
    }

    public static async Task WaitForAsync(string mailbox, int count, Postfix? postfix = null)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var maildir = (postfix ?? MailHost.Postfix).MaildirOf(mailbox);
        while (Files(maildir, "new").Length < count)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    public static string[] Files(string maildir, string folder)
    {
        var path = Path.Combine(maildir, folder);
        return Directory.Exists(path) ? [.. Directory.GetFiles(path).Order(StringComparer.Ordinal)] : [];
    }

    public static byte[] EnvelopeOf(MimeMessage mail)
    {
        using var octets = new MemoryStream();
        ((MimePart)mail.Body!).Content!.DecodeTo(octets);
        return octets.ToArray();
    }
}
