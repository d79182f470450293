namespace WsSecurity.Mail;

/// <summary>How a connection to a mail server is encrypted.</summary>
public enum MailServerTls
{
    /// <summary>By STARTTLS before anything else is said (RFC 3207, RFC 9051 section 6.2.1). Where the server does not offer it, the connection is given up.</summary>
    StartTls,

    /// <summary>From the first octet on (RFC 8314).</summary>
    Implicit,

    /// <summary>
    /// Not at all: who is on the way sees addresses and actions, can drop messages, and reads whatever the policy leaves in clear. For a relay on this host.
    /// </summary>
    PlainText,
}
