using System.ServiceModel;
using NUnit.Framework;
using WsSecurity.Mail.Tests.Servers;

namespace WsSecurity.Mail.Tests;

/// <summary>A server whose answer to a mail is lost, late or not yet.</summary>
public sealed class LostAnswerTests
{
    [Test]
    public void ConnectionThatBreaksAfterTheMail_SendsTheSameMailAgain()
    {
        using var smtp = new ScriptedSmtp(AfterMail.TakeAndBreakOff, AfterMail.TakeAndBreakOff);
        using var client = new MailClient("orders", new() { Server = smtp.Server });

        client.Notes.Note("gnome");

        Assert.That(smtp.Mails, Has.Count.EqualTo(3));
        Assert.That(smtp.Mails.Distinct().Count(), Is.EqualTo(1), "Message-ID and octets alike");
    }

    [Test]
    public void ServerThatVanishesAfterTheMail_IsToldAsDoubt()
    {
        var smtp = new ScriptedSmtp(AfterMail.TakeAndBreakOff);
        using var client = new MailClient("orders", new() { Server = smtp.Server, Timeout = TimeSpan.FromSeconds(3) });
        var sending = Task.Run(() => client.Notes.Note("gnome"));
        SpinWait.SpinUntil(() => smtp.Mails.Count == 1, TimeSpan.FromSeconds(10));
        smtp.Dispose();

        Assert.That(() => sending.GetAwaiter().GetResult(), Throws.InstanceOf<TimeoutException>().With.Message.Contains("may have it"));
    }

    [Test]
    public void ServerThatPutsTheMailOff_IsBusy()
    {
        using var smtp = new ScriptedSmtp(AfterMail.PutOff);
        using var client = new MailClient("orders", new() { Server = smtp.Server });

        Assert.That(() => client.Notes.Note("gnome"), Throws.InstanceOf<ServerTooBusyException>().With.Message.Contains("greylisted"));

        client.Notes.Note("gnome");
        Assert.That(smtp.Mails, Has.Count.EqualTo(2));
    }

    [Test]
    public void ServerThatDoesNotAnswer_EndsTheCallWithItsTimeout()
    {
        using var smtp = new ScriptedSmtp(AfterMail.SaySomethingLater);
        using var client = new MailClient("orders", new() { Server = smtp.Server, Timeout = TimeSpan.FromSeconds(1) });

        Assert.That(() => client.Notes.Note("gnome"), Throws.InstanceOf<TimeoutException>().With.Message.Contains("may have it"));
    }

    [Test]
    public void Abort_EndsTheCall()
    {
        using var smtp = new ScriptedSmtp(AfterMail.SaySomethingLater);
        using var client = new MailClient("orders", new() { Server = smtp.Server });
        var sending = client.Notes.NoteAsync("gnome");
        SpinWait.SpinUntil(() => smtp.Mails.Count == 1, TimeSpan.FromSeconds(10));

        ((IClientChannel)client.Notes).Abort();

        Assert.That(async () => await sending, Throws.InstanceOf<CommunicationObjectAbortedException>());
    }
}
