using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Mail.Tests.Servers;

/// <summary>
/// A Postfix with configuration, queue and mailboxes in a folder of its own, on loopback ports of its own; it can be stopped and started again. It takes mail for
/// <c>m0@example.test</c> to <c>m299@example.test</c> into maildirs.
/// </summary>
internal sealed class Postfix : IDisposable
{
    private const string Program = "/usr/sbin/postfix";
    private const int Mailboxes = 300;

    // The user that owns the mailboxes: nobody.
    private const int MailUser = 65534;

    private readonly DirectoryInfo _folder = PrivateFolder.Create("wssecurity-postfix-");
    private readonly int _sevenBitPort = PrivateFolder.FreePort();
    private int _mailboxes;
    private bool _runs;

    public Postfix()
    {
        foreach (var name in (string[])["etc", "spool", "data", "log", "mail"])
        {
            _folder.CreateSubdirectory(name);
        }

        Certificate = PrivateFolder.WriteCertificate(Etc);
        PrivateFolder.Run("chown", "postfix", Path.Combine(_folder.FullName, "data"));
        PrivateFolder.Run("chown", $"{MailUser}:{MailUser}", MailRoot);
        File.WriteAllLines(Path.Combine(Etc, "mailboxes"), Enumerable.Range(0, Mailboxes).Select(i => $"m{i}@example.test m{i}/"));
        File.WriteAllText(Path.Combine(Etc, "master.cf"), Services());
    }

    /// <summary>Why there is none here, or null.</summary>
    public static string? Missing { get; } = !File.Exists(Program) ? "Postfix is not installed (Debian: postfix)"
        : PrivateFolder.IsRoot ? null
        : "Postfix is started by root alone";

    /// <summary>Takes mail after STARTTLS and, where there is a SASL socket, for name and password.</summary>
    public int Port { get; } = PrivateFolder.FreePort();

    /// <summary>Takes mail without TLS.</summary>
    public int PlainPort { get; } = PrivateFolder.FreePort();

    /// <summary>Takes mail, and hands it on to a server that knows no 8BITMIME: what has eight bits is written anew.</summary>
    public int SevenBitRelayPort { get; } = PrivateFolder.FreePort();

    public X509Certificate2 Certificate { get; }

    public string MailRoot => Path.Combine(_folder.FullName, "mail");

    public string LogText => File.ReadAllText(Path.Combine(_folder.FullName, "log", "mail.log"));

    private string Etc => Path.Combine(_folder.FullName, "etc");

    /// <summary>A mailbox of its own for each test: the part before the @.</summary>
    public string NewMailbox()
    {
        var number = Interlocked.Increment(ref _mailboxes) - 1;
        return number < Mailboxes ? $"m{number}" : throw new InvalidOperationException("There are no more mailboxes.");
    }

    public string MaildirOf(string mailbox) => Path.Combine(MailRoot, mailbox);

    /// <param name="saslSocket">Dovecot's socket, where it is asked about passwords; without one nobody is asked for any.</param>
    public async Task StartAsync(string? saslSocket = null)
    {
        File.WriteAllText(Path.Combine(Etc, "main.cf"), MainConfiguration(saslSocket));
        PrivateFolder.Run(Program, "-c", Etc, "start");
        _runs = true;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            await PrivateFolder.WaitForGreetingAsync(Port, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"Postfix does not start: {LogText}");
        }
    }

    /// <summary>Ends the server and whatever it does, without a farewell to its clients.</summary>
    public void Stop()
    {
        if (_runs)
        {
            PrivateFolder.Run(Program, "-c", Etc, "abort");
            _runs = false;
        }
    }

    public void Dispose()
    {
        Stop();
        _folder.Delete(recursive: true);
    }

    private string MainConfiguration(string? saslSocket) => $"""
        compatibility_level = 3.6
        queue_directory = {_folder.FullName}/spool
        data_directory = {_folder.FullName}/data
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        maillog_file = {_folder.FullName}/log/mail.log
        maillog_file_prefixes = {_folder.FullName}/log
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = mta.example.test
        mydestination =
        mynetworks = 127.0.0.0/8
        alias_maps =
        virtual_mailbox_domains = example.test
        virtual_mailbox_base = {MailRoot}
        virtual_mailbox_maps = texthash:{Etc}/mailboxes
        virtual_mailbox_limit = 0
        virtual_uid_maps = static:{MailUser}
        virtual_gid_maps = static:{MailUser}
        message_size_limit = 50000000
        smtpd_tls_cert_file = {Etc}/cert.pem
        smtpd_tls_key_file = {Etc}/key.pem
        smtpd_tls_security_level = encrypt
        smtpd_sasl_type = dovecot
        smtpd_sasl_path = {saslSocket ?? "private/auth"}
        smtpd_sasl_auth_enable = {(saslSocket is null ? "no" : "yes")}
        smtpd_relay_restrictions = reject_unauth_destination
        smtpd_recipient_restrictions = {(saslSocket is null ? "permit" : "permit_sasl_authenticated, reject")}
        smtpd_client_connection_count_limit = 0
        smtpd_client_restrictions =
        smtpd_timeout = 60s

        """;

    private string Services() => $"""
        127.0.0.1:{Port} inet n - n - - smtpd
        127.0.0.1:{PlainPort} inet n - n - - smtpd
          -o smtpd_tls_security_level=none -o smtpd_sasl_auth_enable=no -o smtpd_recipient_restrictions=permit
        127.0.0.1:{SevenBitRelayPort} inet n - n - - smtpd
          -o smtpd_tls_security_level=none -o smtpd_sasl_auth_enable=no -o smtpd_recipient_restrictions=permit
          -o content_filter=smtp:[127.0.0.1]:{_sevenBitPort}
        127.0.0.1:{_sevenBitPort} inet n - n - - smtpd
          -o smtpd_tls_security_level=none -o smtpd_sasl_auth_enable=no -o smtpd_recipient_restrictions=permit
          -o content_filter= -o smtpd_discard_ehlo_keywords=8bitmime,binarymime,chunking,smtputf8
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        verify unix - - n - 1 verify
        proxymap unix - - n - - proxymap
        smtp unix - - n - - smtp
        error unix - - n - - error
        retry unix - - n - - error
        virtual unix - n n - - virtual
        anvil unix - - n - 1 anvil
        tlsmgr unix - - n 1000? 1 tlsmgr
        postlog unix-dgram n - n - 1 postlogd

        """;
}
