namespace WsSecurity.Exchanges.Parties;

/// <summary>
/// Asks the provider for one token of a policy: once at a time, whoever waits, and again shortly before it expires. Who gives up waiting leaves the call to the
/// others; when the last gives up it is cancelled. A failure goes to all who wait, and is not remembered.
/// </summary>
internal sealed class TokenAcquisition(ISecurityTokenProvider provider, SupportingToken token, TimeProvider timeProvider)
{
    // A message must arrive before its token expires; of a short life only a part is given up.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private const int MarginPart = 10;

    private readonly Lock _lock = new();
    private SecurityTokenCredential? _kept;
    private DateTimeOffset _renewAt;
    private Call? _call;

    public async ValueTask<SecurityTokenCredential?> GetAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Call call;
            var isMine = false;
            lock (_lock)
            {
                if (_kept is not null && timeProvider.GetUtcNow() < _renewAt)
                {
                    return _kept;
                }

                if (_call is null)
                {
                    isMine = true;
                    var started = _call = new Call();
                    started.Task = Task.Run(() => AcquireAsync(started), CancellationToken.None);
                }

                call = _call;
                call.Waiters++;
            }

            try
            {
                var acquired = await call.Task.WaitAsync(cancellationToken).ConfigureAwait(false);

                // A token of one message is its who asked for it; the others ask for their own.
                if (isMine || acquired is null || acquired.ReusableUntil is not null)
                {
                    return acquired;
                }
            }
            finally
            {
                Leave(call);
            }
        }
    }

    private async Task<SecurityTokenCredential?> AcquireAsync(Call call)
    {
        try
        {
            var acquired = await provider.GetTokenAsync(token, call.Source.Token).ConfigureAwait(false);
            var now = timeProvider.GetUtcNow();
            lock (_lock)
            {
                if (acquired?.ReusableUntil is { } expires)
                {
                    if (expires <= now)
                    {
                        throw new WsSecurityException(SecurityFailure.TokenExpired, $"The provider gave a token that expired at {expires:O}.");
                    }

                    var part = (expires - now) / MarginPart;
                    _kept = acquired;
                    _renewAt = expires - (part < Margin ? part : Margin);
                }
            }

            return acquired;
        }
        finally
        {
            lock (_lock)
            {
                _call = _call == call ? null : _call;
            }
        }
    }

    private void Leave(Call call)
    {
        lock (_lock)
        {
            if (--call.Waiters > 0)
            {
                return;
            }

            // Whoever comes now starts anew rather than wait for what is being cancelled.
            _call = _call == call ? null : _call;
        }

        call.Source.Cancel();
        call.Source.Dispose();
    }

    private sealed class Call
    {
        public Task<SecurityTokenCredential?> Task { get; set; } = null!;

        public CancellationTokenSource Source { get; } = new();

        public int Waiters { get; set; }
    }
}
