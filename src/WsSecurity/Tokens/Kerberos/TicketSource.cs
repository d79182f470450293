using WsSecurity.Tokens.Kerberos.Gssapi;

namespace WsSecurity.Tokens.Kerberos;

/// <summary>
/// Makes an AP-REQ for each request, with an authenticator of its own. The ticket is asked for once, and again shortly before it expires. Thread-safe.
/// </summary>
internal sealed class TicketSource(KerberosClientCredential credential, TimeProvider time)
{
    // Longer than clocks may differ by default, so that no ticket expires for its receiver.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(6);

    private readonly Lock _lock = new();

    // Where the tickets of a keytab are kept, apart from those of the user who runs the process.
    private readonly string _memory = $"MEMORY:wssecurity-{Guid.NewGuid():N}";
    private Ticket? _ticket;
    private Task<Ticket>? _acquiring;

    /// <summary>Sees to it that there is a ticket. Where the KDC must be asked, a thread of the pool waits for it, one for all who ask at the same time.</summary>
    /// <exception cref="WsSecurityException">There is no ticket.</exception>
    public ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // The library's calls cannot be interrupted: whoever cancels leaves the thread to them.
        return FindLasting() is null ? new ValueTask(AcquireAsync().WaitAsync(cancellationToken)) : default;
    }

    /// <summary>Makes a token, and blocks where no ticket was prepared.</summary>
    /// <exception cref="WsSecurityException">There is no ticket.</exception>
    public InitiatedContext Create() => TryCreate() ?? Create(AcquireAsync().GetAwaiter().GetResult());

    private Task<Ticket> AcquireAsync()
    {
        lock (_lock)
        {
            return _acquiring ??= Task.Run(Acquire);
        }
    }

    // A ticket can vanish from its cache before it expires: then it is asked for anew.
    private InitiatedContext? TryCreate()
    {
        if (FindLasting() is not { } ticket)
        {
            return null;
        }

        try
        {
            return KerberosMechanism.InitiateContext(ticket.Own, ticket.Target);
        }
        catch (GssapiException)
        {
            return null;
        }
    }

    private Ticket? FindLasting()
    {
        lock (_lock)
        {
            return _ticket is { } ticket && time.GetUtcNow() < ticket.RenewFrom ? ticket : null;
        }
    }

    private Ticket Acquire()
    {
        Ticket? ticket = null;
        try
        {
            using var principal = KerberosMechanism.Name(credential.Principal);
            var own = credential.Password is { } password
                ? KerberosMechanism.Acquire(principal, password)
                : KerberosMechanism.Acquire(principal, accepts: false, Store());
            var target = KerberosMechanism.Name(credential.ServicePrincipal);

            // The library asks the KDC with the first token, and keeps the ticket with the credential.
            var end = KerberosMechanism.InitiateContext(own, target).TicketEnd;
            var life = end - time.GetUtcNow();
            ticket = new Ticket(own, target, end - (life / 2 < RenewBefore ? life / 2 : RenewBefore));
            return ticket;
        }
        catch (GssapiException exception)
        {
            throw Unavailable(exception);
        }
        finally
        {
            lock (_lock)
            {
                // What it replaces may be in use by other threads, and is released by its finalizers.
                _ticket = ticket;
                _acquiring = null;
            }
        }
    }

    private InitiatedContext Create(Ticket ticket)
    {
        try
        {
            return KerberosMechanism.InitiateContext(ticket.Own, ticket.Target);
        }
        catch (GssapiException exception)
        {
            throw Unavailable(exception);
        }
    }

    private WsSecurityException Unavailable(GssapiException exception) =>
        new(SecurityFailure.TicketUnavailable, $"There is no Kerberos ticket for '{credential.ServicePrincipal}': {exception.Message}", exception);

    private List<(string Key, string Value)> Store()
    {
        var store = new List<(string Key, string Value)>();
        if (credential.Keytab is { } keytab)
        {
            store.Add(("client_keytab", keytab));
        }

        if ((credential.CredentialCache ?? (credential.Keytab is null ? null : _memory)) is { } cache)
        {
            store.Add(("ccache", cache));
        }

        return store;
    }

    private sealed record Ticket(GssapiCredential Own, GssapiName Target, DateTimeOffset RenewFrom);
}
