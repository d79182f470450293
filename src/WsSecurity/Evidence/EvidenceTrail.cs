using Microsoft.Extensions.Logging;

namespace WsSecurity.Evidence;

/// <summary>
/// An audit trail that is being written: what <see cref="EvidenceRecording"/> hands it is chained by hash, signed by the host and kept by a store.
/// Everything that waits when the store is ready goes into one commit, under one signature and one flush; nobody is told that a record is kept before
/// it is signed and durable. Thread-safe; one trail for all endpoints of a host.
/// </summary>
public sealed class EvidenceTrail : IDisposable
{
    private const int MaxCommitSize = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Queue<Pending> _pending = new();
    private readonly IEvidenceStore _store;
    private readonly EvidenceTrailOptions _options;
    private readonly CheckpointSignature _signature;
    private readonly EvidenceChain _chain;
    private readonly ILogger _log;
    private readonly Thread _writer;
    private long _pendingSize;
    private bool _isOver;
    private bool _isOpened;
    private bool _isStamping;
    private EvidenceEntry? _notStamped;
    private DateTimeOffset _stampedAt = DateTimeOffset.MinValue;

    private EvidenceTrail(IEvidenceStore store, EvidenceTrailOptions options)
    {
        _store = store;
        _options = options;
        _log = options.LoggerFactory.CreateLogger("WsSecurity.Evidence");
        _signature = new CheckpointSignature(options.Certificate, options.Intermediates);
        _chain = new EvidenceChain(options, _signature);
        _writer = new Thread(Run) { IsBackground = true, Name = "WsSecurity evidence" };
    }

    /// <summary>The newest checkpoint that is kept; note it elsewhere, and a cut end is found out.</summary>
    public EvidenceHead Head { get; private set; } = new(-1, EvidenceHeader.NoPrevious);

    /// <summary>Goes on with the trail in a store, or begins one, and writes a first signed entry, so that what does not work fails here.</summary>
    /// <param name="store">The store; it is disposed with the trail.</param>
    /// <param name="options">How it is signed and timestamped.</param>
    /// <returns>The trail.</returns>
    /// <exception cref="ArgumentException">The certificate cannot sign.</exception>
    /// <exception cref="EvidenceException">The trail is damaged, or the time-stamping authority, where every commit is timestamped, gives no token.</exception>
    /// <exception cref="Exception">What the store throws when it cannot be written.</exception>
    public static EvidenceTrail Open(IEvidenceStore store, EvidenceTrailOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        var trail = new EvidenceTrail(store, options);
        trail.Commit([]);
        trail._writer.Start();
        return trail;
    }

    /// <summary>Keeps what waits, and ends. What comes later is refused.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            _wake.Set();
        }

        _writer.Join();
        EvidenceLog.Closed(_log, Head);
        _store.Dispose();
        _signature.Dispose();
        _wake.Dispose();
    }

    /// <summary>Has something kept.</summary>
    /// <returns>Its number, once it is durable.</returns>
    /// <exception cref="InvalidOperationException">Too much waits already.</exception>
    /// <exception cref="ObjectDisposedException">The trail is over.</exception>
    internal Task<long> AppendAsync(EvidenceDraft draft)
    {
        var pending = new Pending(draft);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            if (_pendingSize + draft.Size > _options.MaxPendingSize)
            {
                throw new InvalidOperationException($"{_pendingSize} octets of evidence wait for the store, and no more than {_options.MaxPendingSize} may.");
            }

            _pendingSize += draft.Size;
            _pending.Enqueue(pending);
            _wake.Set();
        }

        return pending.Kept.Task;
    }

    private void Run()
    {
        while (true)
        {
            var batch = Take(out var isOver);
            if (batch.Count > 0)
            {
                TryCommit(batch);
            }
            else if (isOver)
            {
                return;
            }
            else
            {
                // Woken for nothing, or by the clock: a checkpoint may have become due.
                StampInBackground();
                _wake.WaitOne(UntilDue());
            }
        }
    }

    private List<Pending> Take(out bool isOver)
    {
        var batch = new List<Pending>();
        lock (_lock)
        {
            isOver = _isOver;
            for (long size = 0; size < MaxCommitSize && _pending.TryDequeue(out var pending); size += pending.Draft.Size)
            {
                batch.Add(pending);
                _pendingSize -= pending.Draft.Size;
            }
        }

        return batch;
    }

    private void TryCommit(List<Pending> batch)
    {
        try
        {
            var first = Commit(batch.ConvertAll(pending => pending.Draft));
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Kept.SetResult(first + i);
            }
        }
        catch (Exception exception)
        {
            EvidenceLog.NotKept(_log, batch.Count, exception);
            batch.ForEach(pending => pending.Kept.SetException(exception));
            return;
        }

        StampInBackground();
    }

    // The number of the first draft.
    private long Commit(List<EvidenceDraft> drafts)
    {
        List<EvidenceEntry> entries = [];
        _store.Append(tail => entries = _chain.Extend(tail, drafts, opens: !_isOpened));
        var checkpoint = entries[^1];
        var first = checkpoint.Sequence - drafts.Count;
        if (!_isOpened || entries.Count > drafts.Count + 1)
        {
            EvidenceLog.Opened(_log, entries[0].Sequence);
        }

        _isOpened = true;
        if (_options.TimestampAuthority is { } authority && _options.TimestampInterval == TimeSpan.Zero)
        {
            checkpoint = Stamp(authority, checkpoint);
        }
        else if (drafts.Count == 0 || !drafts.TrueForAll(draft => draft.IsTimestamp))
        {
            // A token needs no token; a trail at rest comes to rest.
            Volatile.Write(ref _notStamped, checkpoint);
        }

        Head = new EvidenceHead(checkpoint.Sequence, Convert.ToHexStringLower(checkpoint.Hash()));
        return first;
    }

    private EvidenceEntry Stamp(TimestampAuthority authority, EvidenceEntry checkpoint)
    {
        var draft = DraftToken(authority, checkpoint);
        List<EvidenceEntry> entries = [];
        _store.Append(tail => entries = _chain.Extend(tail, [draft], opens: false));
        return entries[^1];
    }

    private EvidenceDraft DraftToken(TimestampAuthority authority, EvidenceEntry checkpoint)
    {
        var token = authority.Stamp(TimestampToken.Imprint(checkpoint), _options.TimeProvider.GetUtcNow());
        var record = EvidenceChain.WriteRecord(writer =>
        {
            writer.WriteString("kind", EvidenceKind.Timestamp);
            writer.WriteNumber("checkpoint", checkpoint.Sequence);
            EvidenceChain.WriteContent(writer, token);
        });
        return new EvidenceDraft(record, token) { IsTimestamp = true };
    }

    private TimeSpan UntilDue()
    {
        if (Volatile.Read(ref _notStamped) is null || _options.TimestampAuthority is null || Volatile.Read(ref _isStamping))
        {
            return Timeout.InfiniteTimeSpan;
        }

        var left = _stampedAt + _options.TimestampInterval - _options.TimeProvider.GetUtcNow();
        return left <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : left < TimeSpan.FromHours(1) ? left : TimeSpan.FromHours(1);
    }

    // On a thread beside: an authority that is slow must not hold up commits. Its token comes back as one more draft.
    private void StampInBackground()
    {
        if (_options.TimestampAuthority is not { } authority || Volatile.Read(ref _notStamped) is not { } checkpoint || Volatile.Read(ref _isStamping))
        {
            return;
        }

        var now = _options.TimeProvider.GetUtcNow();
        if (_stampedAt + _options.TimestampInterval > now)
        {
            return;
        }

        // What fails waits for its next turn.
        _stampedAt = now;
        Volatile.Write(ref _isStamping, true);
        new Thread(() => StampBeside(authority, checkpoint)) { IsBackground = true, Name = "WsSecurity timestamp" }.Start();
    }

    private void StampBeside(TimestampAuthority authority, EvidenceEntry checkpoint)
    {
        try
        {
            _ = AppendAsync(DraftToken(authority, checkpoint));
            Interlocked.CompareExchange(ref _notStamped, null, checkpoint);
        }
        catch (ObjectDisposedException)
        {
            // The trail ended meanwhile.
        }
        catch (Exception exception)
        {
            EvidenceLog.NotStamped(_log, checkpoint.Sequence, exception);
        }
        finally
        {
            Volatile.Write(ref _isStamping, false);
            lock (_lock)
            {
                if (!_isOver)
                {
                    _wake.Set();
                }
            }
        }
    }

    private sealed class Pending(EvidenceDraft draft)
    {
        public EvidenceDraft Draft { get; } = draft;

        public TaskCompletionSource<long> Kept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
