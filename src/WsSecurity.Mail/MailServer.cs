using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Mail;

/// <summary>A mail server, and how we come to it: SMTP for sending, IMAP for receiving. Immutable.</summary>
public sealed record MailServer
{
    /// <summary>The server's name; its certificate must be made out to it.</summary>
    public required string Host { get; init; }

    /// <summary>The port.</summary>
    /// <value>
    /// null: that of the protocol, 587 for SMTP (RFC 6409) and 143 for IMAP, 465 and 993 with <see cref="MailServerTls.Implicit"/> (RFC 8314).
    /// </value>
    public int? Port { get; init; }

    /// <summary>How the connection is encrypted.</summary>
    /// <value><see cref="MailServerTls.StartTls"/>: nothing is said in clear; a server that does not offer it is not used.</value>
    public MailServerTls Tls { get; init; } = MailServerTls.StartTls;

    /// <summary>The name and password for the server, which have nothing to do with those in the messages. They are only sent over TLS.</summary>
    /// <value>null: no authentication.</value>
    public NetworkCredential? Credentials { get; init; }

    /// <summary>The authorities that the server's certificate must come from, instead of the system's.</summary>
    /// <value>Empty: the system's.</value>
    public IReadOnlyList<X509Certificate2> Authorities { get; init; } = [];

    /// <summary>Whether the revocation of the server's certificate is looked up online.</summary>
    /// <value>true for the system's authorities; those of <see cref="Authorities"/> often publish nothing, so there it is false.</value>
    public bool? ChecksRevocation { get; init; }

    /// <summary>The server as it stands in messages and logs: host and port alone.</summary>
    public override string ToString() => Port is { } port ? $"{Host}:{port}" : Host;
}
