using System.Security.Cryptography;
using System.Text;
using MimeKit;

namespace WsSecurity.Mail;

/// <summary>
/// How a SOAP envelope stands in a mail: as its only part, of the media type of its version, with the action where HTTP has it (SOAP 1.1 section
/// 6.1.1; RFC 3902 section 3.1 for SOAP 1.2), as the W3C's SOAP 1.2 Email Binding (Note of 3 July 2002) has it.
/// </summary>
internal static class SoapMail
{
    public const string Soap11 = "text/xml";
    public const string Soap12 = "application/soap+xml";
    public const string SoapAction = "SOAPAction";

    // RFC 5322, section 2.1.1: 998 octets a line; an action has no place to fold at.
    private const int MaxActionLength = 900;

    /// <summary>Whether an action can stand in a header as it is: printable ASCII without quotes and backslashes.</summary>
    public static bool IsAction(string action) =>
        action.Length <= MaxActionLength && action.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 && action.AsSpan().IndexOfAny('"', '\\') < 0;

    /// <summary>A name for the mail that is the same whenever the same message is sent.</summary>
    /// <param name="messageId">The envelope's own MessageID; null where it has none.</param>
    /// <param name="envelope">The envelope as it is sent.</param>
    /// <param name="domain">The domain of the sender.</param>
    public static string MessageIdOf(string? messageId, ReadOnlySpan<byte> envelope, string domain)
    {
        var hash = messageId is null ? SHA256.HashData(envelope) : SHA256.HashData(Encoding.UTF8.GetBytes(messageId));
        return $"{Convert.ToHexStringLower(hash.AsSpan(0, 16))}@{domain}";
    }

    /// <summary>Writes the mail.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="isSoap12">Its version.</param>
    /// <param name="charset">Its encoding.</param>
    /// <param name="action">The action, which <see cref="IsAction"/> accepts; null for none.</param>
    public static MimeMessage Create(byte[] envelope, bool isSoap12, string charset, string? action)
    {
        var part = new MimePart(new ContentType(isSoap12 ? "application" : "text", isSoap12 ? "soap+xml" : "xml") { Charset = charset })
        {
            Content = new MimeContent(new MemoryStream(envelope, writable: false)),

            // Whatever else would be open to servers that fold lines, trim them, or write other line ends.
            ContentTransferEncoding = ContentEncoding.Base64,
        };
        if (isSoap12 && action is not null)
        {
            part.Headers.Replace(Raw(new Header(HeaderId.ContentType, Soap12), $"{Soap12}; charset={charset};\r\n\taction=\"{action}\""));
        }

        var mail = new MimeMessage { Subject = "SOAP message", Body = part };

        // RFC 3834, section 5: answering machines stay silent.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        if (!isSoap12)
        {
            mail.Headers.Add(Raw(new Header(SoapAction, string.Empty), $"\"{action}\""));
        }

        return mail;
    }

    // As it is: not folded, not encoded.
    private static Header Raw(Header header, string value)
    {
        header.SetRawValue(Encoding.ASCII.GetBytes($" {value}\r\n"));
        return header;
    }
}
