using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Mail.Tests.Servers;

/// <summary>A Dovecot that serves maildirs over IMAP, with a configuration of its own and on a loopback port of its own; it can be killed and started again.</summary>
internal sealed class Dovecot : IDisposable
{
    public const string Password = "of-the-mailbox";

    private const string Program = "/usr/sbin/dovecot";

    private readonly DirectoryInfo _folder = PrivateFolder.Create("wssecurity-dovecot-");
    private Process? _process;

    /// <param name="mailRoot">The folder of the maildirs, each named as its user, which belong to the user nobody where root runs this; null for one of its own.</param>
    /// <param name="capabilities">What it says that it can; null for all that it can.</param>
    public Dovecot(string? mailRoot = null, string? capabilities = null)
    {
        Certificate = PrivateFolder.WriteCertificate(_folder.FullName);
        if (mailRoot is null)
        {
            mailRoot = _folder.CreateSubdirectory("mail").FullName;
            if (PrivateFolder.IsRoot)
            {
                PrivateFolder.Run("chown", "nobody:nogroup", mailRoot);
            }
        }

        File.WriteAllText(Configuration, Text(mailRoot, capabilities));
    }

    /// <summary>Why there is none here, or null.</summary>
    public static string? Missing { get; } = File.Exists(Program) && File.Exists("/usr/lib/dovecot/imap") ? null : "Dovecot is not installed (Debian: dovecot-imapd)";

    /// <summary>IMAP with STARTTLS.</summary>
    public int Port { get; } = PrivateFolder.FreePort();

    /// <summary>IMAP in TLS from the first octet on.</summary>
    public int ImplicitTlsPort { get; } = PrivateFolder.FreePort();

    /// <summary>Where Postfix asks about passwords.</summary>
    public string SaslSocket => Path.Combine(_folder.FullName, "run", "auth-smtp");

    public X509Certificate2 Certificate { get; }

    public string LogText => File.ReadAllText(Path.Combine(_folder.FullName, "dovecot.log"));

    private string Configuration => Path.Combine(_folder.FullName, "dovecot.conf");

    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Program, ["-F", "-c", Configuration]))!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await PrivateFolder.WaitForGreetingAsync(Port, deadline.Token);
    }

    /// <summary>Ends the server without a warning, as a power cut would.</summary>
    public void Kill()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        Kill();
        _folder.Delete(recursive: true);
    }

    // Root starts each part under a user of its own; anybody else is all of them.
    private string Text(string mailRoot, string? capabilities)
    {
        var (mail, mailGroup, own, ownGroup, login) = PrivateFolder.IsRoot
            ? ("nobody", "nogroup", "dovecot", "dovecot", "dovenull")
            : (Environment.UserName, PrivateFolder.Group(), Environment.UserName, PrivateFolder.Group(), Environment.UserName);
        return $$"""
            base_dir = {{_folder.FullName}}/run
            state_dir = {{_folder.FullName}}/state
            log_path = {{_folder.FullName}}/dovecot.log
            protocols = imap
            listen = 127.0.0.1
            ssl = required
            ssl_cert = <{{_folder.FullName}}/cert.pem
            ssl_key = <{{_folder.FullName}}/key.pem
            mail_location = maildir:{{mailRoot}}/%n
            mail_uid = {{mail}}
            mail_gid = {{mailGroup}}
            first_valid_uid = 0
            mail_fsync = never
            auth_failure_delay = 0
            {{(capabilities is null ? string.Empty : $"imap_capability = {capabilities}")}}
            default_internal_user = {{own}}
            default_internal_group = {{ownGroup}}
            default_login_user = {{login}}
            passdb {
              driver = static
              args = password={{Password}}
            }
            userdb {
              driver = static
              args = home={{mailRoot}}/%n
            }
            service imap-login {
              chroot =
              inet_listener imap {
                port = {{Port}}
              }
              inet_listener imaps {
                port = {{ImplicitTlsPort}}
              }
            }
            service anvil {
              chroot =
            }
            service auth {
              unix_listener auth-smtp {
                mode = 0666
              }
            }

            """;
    }
}
