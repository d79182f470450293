using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Text;
using WsSecurity.AspNetCore.Tests;
using WsSecurity.Mail.Tests.Servers;
using WsSecurity.ServiceModel;

namespace WsSecurity.Mail.Tests;

/// <summary>A WCF client whose messages go by mail.</summary>
internal sealed class MailClient : IDisposable
{
    private readonly ChannelFactory<INotes> _factory;

    public MailClient(string mailbox, Options? options = null)
    {
        options ??= new Options();
        var version = options.Version ?? MessageVersion.Soap11;
        var binding = new CustomBinding(
            new TextMessageEncodingBindingElement(version, Encoding.UTF8),
            new SmtpTransportBindingElement { Server = options.Server ?? SubmissionServer(), From = "client@example.test" })
        {
            SendTimeout = options.Timeout ?? TimeSpan.FromMinutes(1),
        };
        _factory = new ChannelFactory<INotes>(
            binding.WithMessageSecurity(options.Policy ?? Policy, options.Credentials ?? TestKeys.ClientCredentials), new EndpointAddress($"mailto:{mailbox}@example.test"));
        Notes = _factory.CreateChannel();
    }

    /// <summary>Signed, encrypted, and valid for as long as mail may take.</summary>
    public static SecurityPolicy Policy { get; } = SecurityPolicy.MutualCertificateDuplex with
    {
        RequireSignatureConfirmation = true,
        Tolerances = new Tolerances { TimestampLifetime = TimeSpan.FromDays(7) },
    };

    public INotes Notes { get; }

    /// <summary>STARTTLS, a certificate of a private authority, and a password.</summary>
    public static MailServer SubmissionServer(Postfix? postfix = null) => new()
    {
        Host = "localhost",
        Port = (postfix ?? MailHost.Postfix).Port,
        Authorities = [(postfix ?? MailHost.Postfix).Certificate],
        Credentials = new System.Net.NetworkCredential("client", Dovecot.Password),
    };

    public void Dispose() => _factory.Abort();

    public sealed record Options
    {
        public MessageVersion? Version { get; init; }

        public MailServer? Server { get; init; }

        public SecurityPolicy? Policy { get; init; }

        public SecurityCredentials? Credentials { get; init; }

        public TimeSpan? Timeout { get; init; }
    }
}
