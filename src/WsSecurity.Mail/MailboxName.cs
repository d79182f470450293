using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using MimeKit;

namespace WsSecurity.Mail;

/// <summary>
/// A mailbox, <c>name@domain</c>, of the characters that need no quotes (RFC 5321, section 4.1.2: Dot-string). What could end a command or a header, or
/// add a second receiver, is not among them.
/// </summary>
internal static partial class MailboxName
{
    // RFC 5321, section 4.5.3.1.3: a path, with its brackets.
    private const int MaxLength = 254;

    public static bool TryParse(string? text, [NotNullWhen(true)] out MailboxAddress? mailbox)
    {
        mailbox = text is { Length: <= MaxLength } && Mailbox().IsMatch(text) ? new MailboxAddress(null, text) : null;
        return mailbox is not null;
    }

    /// <summary>Reads the mailbox of a mailto address, which has no header fields (RFC 6068, section 2).</summary>
    public static bool TryParse(Uri address, [NotNullWhen(true)] out MailboxAddress? mailbox)
    {
        mailbox = null;
        return address.IsAbsoluteUri && address.Scheme == Uri.UriSchemeMailto && address.Query.Length == 0 && address.Fragment.Length == 0
            && TryParse($"{Uri.UnescapeDataString(address.UserInfo)}@{address.IdnHost}", out mailbox);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Mailbox();
}
