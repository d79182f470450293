using NUnit.Framework;
using WsSecurity.Interop;
using WsSecurity.Mail.Tests.Servers;

namespace WsSecurity.Mail.Tests;

/// <summary>The mail servers of this run, where there are any.</summary>
[SetUpFixture]
internal sealed class MailHost
{
    private static Postfix? _postfix;
    private static Dovecot? _dovecot;

    public static Postfix Postfix => _postfix ?? throw new InvalidOperationException(Postfix.Missing);

    public static Dovecot Dovecot => _dovecot ?? throw new InvalidOperationException(Dovecot.Missing);

    /// <summary>Leaves a fixture out where not both servers are, in one line.</summary>
    public static void Require()
    {
        if (Postfix.Missing is { } missing)
        {
            LeaveOut("postfix", missing);
        }

        RequireDovecot();
    }

    /// <summary>Leaves a fixture out where there is no IMAP server, in one line.</summary>
    public static void RequireDovecot()
    {
        if (Dovecot.Missing is { } missing)
        {
            LeaveOut("dovecot", missing);
        }
    }

    [OneTimeSetUp]
    public async Task Start()
    {
        if (Dovecot.Missing is not null)
        {
            return;
        }

        if (Postfix.Missing is null)
        {
            _postfix = new Postfix();
        }

        _dovecot = new Dovecot(_postfix?.MailRoot);
        await _dovecot.StartAsync();
        if (_postfix is not null)
        {
            await _postfix.StartAsync(_dovecot.SaslSocket);
        }
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _postfix?.Dispose();
        _dovecot?.Dispose();
    }

    private static void LeaveOut(string peer, string missing)
    {
        Assert.That(RequiredPeers.Has(peer), Is.False, missing);
        Assert.Ignore($"{missing}; the tests of mail servers are left out.");
    }
}
