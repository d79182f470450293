using System.Collections.Concurrent;
using System.Net.Sockets;
using System.ServiceModel;
using System.ServiceModel.Security;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using WsSecurity.Mail.Servers;

namespace WsSecurity.Mail.Channels;

/// <summary>The server that takes our mail, and connections to it, which are used again while they are open.</summary>
internal sealed class SmtpRelay(MailServer server) : IDisposable
{
    private const int SubmissionPort = 587;
    private const int ImplicitTlsPort = 465;
    private const int MaxConnections = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentBag<SmtpClient> _idle = [];
    private readonly SemaphoreSlim _room = new(MaxConnections);
    private volatile bool _isDisposed;

    /// <summary>Sends until the server has taken it.</summary>
    /// <exception cref="CommunicationException">It did not take the mail, and another attempt may be made.</exception>
    /// <exception cref="OperationCanceledException">It was given up; the text says whether the server may have it.</exception>
    public async Task SendAsync(MimeMessage mail, MailboxAddress from, MailboxAddress to, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Exception? broken = null;
            for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
            {
                try
                {
                    await AttemptAsync(mail, from, to, cancellationToken).ConfigureAwait(false);
                    return;
                }
                catch (BrokenWhileSendingException failure)
                {
                    broken = failure.InnerException!;
                }
                catch (CommunicationException failure) when (broken is not null && failure is ServerTooBusyException or EndpointNotFoundException { InnerException: not SmtpCommandException })
                {
                    // The server may have the mail from an attempt before; only the same octets again keep it one.
                }
                catch (OperationCanceledException given) when (cancellationToken.IsCancellationRequested)
                {
                    throw GivenUp(broken, given, cancellationToken);
                }

                try
                {
                    await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
                }
                catch (OperationCanceledException given)
                {
                    throw GivenUp(broken, given, cancellationToken);
                }
            }
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryTake(out var client))
        {
            client.Dispose();
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException given)
        {
            throw GivenUp(null, given, cancellationToken);
        }
    }

    private OperationCanceledException GivenUp(Exception? broken, OperationCanceledException given, CancellationToken cancellationToken) => broken is null
        ? new OperationCanceledException($"The mail server {server} had not taken the mail yet; it may have it if the last answer was lost.", given, cancellationToken)
        : new OperationCanceledException(
            $"The connection to the mail server {server} broke while it took the mail, so it may have it or not: {broken.Message}", new AggregateException(given, broken), cancellationToken);

    private async Task AttemptAsync(MimeMessage mail, MailboxAddress from, MailboxAddress to, CancellationToken cancellationToken)
    {
        var client = await TakeAsync(cancellationToken).ConfigureAwait(false);
        var isReusable = false;
        try
        {
            await client.SendAsync(FormatOptions.Default, mail, from, [to], cancellationToken).ConfigureAwait(false);
            isReusable = true;
        }
        catch (SmtpCommandException refusal) when (refusal.StatusCode != SmtpStatusCode.ServiceNotAvailable)
        {
            isReusable = client.IsConnected;
            throw Refused(refusal, to);
        }
        catch (SmtpCommandException refusal)
        {
            throw Refused(refusal, to);
        }
        catch (NotSupportedException lack)
        {
            throw new CommunicationException($"The mail server {server} cannot carry the mail: {lack.Message}", lack);
        }
        catch (Exception failure) when (failure is SmtpProtocolException or IOException or SocketException or TimeoutException or ServiceNotConnectedException)
        {
            throw new BrokenWhileSendingException(failure);
        }
        finally
        {
            Return(client, isReusable);
        }
    }

    private async Task<SmtpClient> TakeAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryTake(out var idle))
        {
            // Servers close what rests too long; nothing has been sent yet, so this is the time to find out.
            if (await AnswersAsync(idle, cancellationToken).ConfigureAwait(false))
            {
                return idle;
            }

            idle.Dispose();
        }

        var client = new SmtpClient();
        try
        {
            await ServerConnection.OpenAsync(client, server, SubmissionPort, ImplicitTlsPort, cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch (Exception failure)
        {
            client.Dispose();
            throw Unreachable(failure);
        }
    }

    private static async Task<bool> AnswersAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.NoOpAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is SmtpCommandException or SmtpProtocolException or IOException or SocketException or TimeoutException or ServiceNotConnectedException)
        {
            return false;
        }
    }

    private void Return(SmtpClient client, bool isReusable)
    {
        if (isReusable && !_isDisposed)
        {
            _idle.Add(client);
            if (!_isDisposed || !_idle.TryTake(out client!))
            {
                return;
            }
        }

        client.Dispose();
    }

    private Exception Unreachable(Exception failure) => failure switch
    {
        OperationCanceledException => failure,
        SslHandshakeException or System.Security.Authentication.AuthenticationException =>
            new SecurityNegotiationException($"TLS with the mail server {server} did not come about: {failure.Message}", failure),
        NotSupportedException => new SecurityNegotiationException($"The mail server {server} offers no STARTTLS, or no way to authenticate that fits: {failure.Message}", failure),
        AuthenticationException => new MessageSecurityException($"The mail server {server} does not take our name and password: {failure.Message}", failure),
        SmtpCommandException refusal when IsPassing(refusal) => new ServerTooBusyException($"The mail server {server} takes no mail now: {failure.Message}", failure),
        SocketException or IOException or TimeoutException => new EndpointNotFoundException($"The mail server {server} cannot be reached: {failure.Message}", failure),
        _ => new CommunicationException($"The mail server {server} does not speak with us: {failure.Message}", failure),
    };

    private CommunicationException Refused(SmtpCommandException refusal, MailboxAddress to)
    {
        if (IsPassing(refusal))
        {
            return new ServerTooBusyException($"The mail server {server} does not take the mail now, and may later: {refusal.Message}", refusal);
        }

        return refusal.ErrorCode == SmtpErrorCode.RecipientNotAccepted
            ? new EndpointNotFoundException($"The mail server {server} takes no mail for {to.Address}: {refusal.Message}", refusal)
            : new CommunicationException($"The mail server {server} refused the mail: {refusal.Message}", refusal);
    }

    // RFC 5321, section 4.2.1: 4yz, transient negative completion.
    private static bool IsPassing(SmtpCommandException refusal) => (int)refusal.StatusCode is >= 400 and < 500;

    /// <summary>The connection broke while the server may have taken the mail.</summary>
    private sealed class BrokenWhileSendingException(Exception cause) : Exception(cause.Message, cause);
}
