using System.Buffers;
using System.Security;
using System.Text;
using MimeKit;
using WsSecurity.AspNetCore.Tests;

namespace WsSecurity.Mail.Tests;

/// <summary>Mails as clients write them, without a server.</summary>
internal static class Mails
{
    private static int _delivered;

    /// <summary>A mail with an order, protected by the client.</summary>
    public static byte[] Order(string article, SecurityPolicy? policy = null, SecurityCredentials? credentials = null, Action<MimeMessage>? change = null) =>
        Write(Protect(article, policy, credentials), change);

    /// <summary>The protected envelope alone.</summary>
    public static byte[] Protect(string article, SecurityPolicy? policy = null, SecurityCredentials? credentials = null, string headers = "")
    {
        var plain = $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>{headers}</s:Header><s:Body><Note xmlns=\"urn:orders\"><text>{SecurityElement.Escape(article)}</text></Note></s:Body></s:Envelope>";
        var wire = new ArrayBufferWriter<byte>();
        new Initiator(policy ?? MailClient.Policy, credentials ?? TestKeys.ClientCredentials)
            .ProtectRequest(Encoding.UTF8.GetBytes(plain), MessageContext.Empty, wire).Dispose();
        return wire.WrittenSpan.ToArray();
    }

    /// <summary>Puts an envelope into a mail.</summary>
    public static byte[] Write(byte[] envelope, Action<MimeMessage>? change = null)
    {
        using var mail = SoapMail.Create(envelope, isSoap12: false, "utf-8", "urn:orders/INotes/Note");
        mail.From.Add(new MailboxAddress(null, "client@example.test"));
        mail.To.Add(new MailboxAddress(null, "orders@example.test"));
        change?.Invoke(mail);
        return Octets(mail);
    }

    public static byte[] Octets(MimeMessage mail)
    {
        using var octets = new MemoryStream();
        mail.WriteTo(octets);
        return octets.ToArray();
    }

    /// <summary>Delivers as an MTA does: written in tmp, renamed into new.</summary>
    public static string Deliver(string maildir, byte[] mail, string folder = "new", string info = "")
    {
        var name = $"{1_700_000_000 + Interlocked.Increment(ref _delivered)}.M{Guid.NewGuid():N}.host{info}";
        foreach (var part in (string[])["tmp", "new", "cur"])
        {
            Directory.CreateDirectory(Path.Combine(maildir, part));
        }

        var temporary = Path.Combine(maildir, "tmp", name);
        File.WriteAllBytes(temporary, mail);
        File.Move(temporary, Path.Combine(maildir, folder, name));
        return name;
    }
}
