using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WsSecurity.Evidence;

/// <summary>
/// Says offline whether a trail is what its hosts signed. It finds every change, removal and exchange of records up to the newest checkpoint. What it cannot find
/// by itself: an end that was cut off right behind a checkpoint (<see cref="EvidenceVerifierOptions.KnownHead"/> finds that), and what whoever holds the
/// host's key signs anew, unless a timestamp or a known head contradicts.
/// </summary>
public sealed class EvidenceVerifier
{
    private readonly EvidenceVerifierOptions _options;

    /// <summary>Creates a verifier.</summary>
    /// <param name="options">What it believes.</param>
    public EvidenceVerifier(EvidenceVerifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>Verifies a trail from its first entry to its last.</summary>
    /// <param name="entries">The entries as a store reads them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found, up to the first thing that is wrong.</returns>
    public EvidenceReport Verify(IEnumerable<EvidenceEntry> entries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var walk = new Walk(_options);
        using var remaining = entries.GetEnumerator();
        try
        {
            while (remaining.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                walk.Visit(remaining.Current, remaining);
            }

            walk.End();
        }
        catch (EvidenceException exception)
        {
            return walk.Report() with { Failure = exception.Failure, Sequence = exception.Sequence ?? walk.At, Reason = exception.Message };
        }

        return walk.Report();
    }

    private sealed class Walk(EvidenceVerifierOptions options)
    {
        private readonly EvidenceTrust _signers = new(options.Trusted);
        private readonly EvidenceTrust _authorities = new(options.TrustedTimestampAuthorities, EvidenceTrust.TimeStamping);
        private readonly MessageProof _proof = new(options.Recipients);
        private readonly HashSet<string> _trustedSigners = [];
        private readonly Dictionary<long, byte[]> _checkpoints = [];
        private readonly List<string> _notes = [];
        private EvidenceHeader? _last;
        private string _lastHash = EvidenceHeader.NoPrevious;
        private long _signedUpTo = -1;
        private long _entries;
        private long _messages;
        private DateTimeOffset? _timestampedAt;
        private bool _isHeadFound = options.KnownHead is null;

        /// <summary>The number of the record that is being looked at, or that is to blame.</summary>
        public long? At { get; private set; }

        public void Visit(EvidenceEntry entry, IEnumerator<EvidenceEntry> following)
        {
            var expected = _last is null ? 0 : _last.Sequence + 1;
            At = expected;
            try
            {
                var record = EvidenceRecord.Read(entry);
                AccountForIncomplete(record, entry);
                DemandOrder(record, entry, expected, following);
                Visit(record, entry, expected);
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
            {
                throw new EvidenceException(EvidenceFailure.RecordAltered, $"Record {expected} was altered: it cannot be read. {exception.Message}", exception);
            }

            At = expected + 1;
        }

        private void Visit(EvidenceRecord record, EvidenceEntry entry, long expected)
        {
            DemandLink(record, expected);
            if (!record.HasItsContent)
            {
                throw new EvidenceException(EvidenceFailure.RecordAltered, $"Record {expected} was altered: its content is not the one that its header names.");
            }

            _last = record.Parsed;
            _lastHash = Convert.ToHexStringLower(entry.Hash());
            _entries++;
            CompareHead(expected);
            switch (record.Kind)
            {
                case EvidenceKind.Checkpoint:
                    VisitCheckpoint(record, entry);
                    break;
                case EvidenceKind.Timestamp:
                    VisitTimestamp(record);
                    break;
                case EvidenceKind.Message:
                    _messages++;
                    _proof.Demand(record);
                    break;
            }
        }

        public void End()
        {
            if (_last is null)
            {
                throw new EvidenceException(EvidenceFailure.TrailMissing, "The trail is empty.");
            }

            if (_signedUpTo < _last.Sequence)
            {
                At = _signedUpTo + 1;
                throw new EvidenceException(
                    EvidenceFailure.RecordNotSigned, $"Record {At} and what follows it are covered by no checkpoint: the end of the trail was cut off, or added without the key, or a crash came before anybody was told of it.");
            }

            if (!_isHeadFound)
            {
                At = _last.Sequence + 1;
                throw new EvidenceException(
                    EvidenceFailure.HeadMissing, $"The trail ends with record {_last.Sequence}, and record {options.KnownHead!.Sequence} is known to have been there: its end was cut off.");
            }
        }

        public EvidenceReport Report() => new()
        {
            Entries = _entries,
            Messages = _messages,
            MessagesProven = _proof.Proven,
            TimestampedAt = _timestampedAt,
            Head = _last is null ? null : new EvidenceHead(_last.Sequence, _lastHash),
            Notes = [.. _notes, .. _proof.Notes],
        };

        private void DemandOrder(EvidenceRecord record, EvidenceEntry entry, long expected, IEnumerator<EvidenceEntry> following)
        {
            if (_last is not null && record.Trail != _last.Trail)
            {
                throw new EvidenceException(EvidenceFailure.RecordForeign, $"Where record {expected} belongs stands one of another trail.");
            }

            if (record.Sequence == expected && entry.Sequence == expected)
            {
                return;
            }

            if (record.Sequence < expected)
            {
                throw new EvidenceException(EvidenceFailure.RecordOutOfOrder, $"Where record {expected} belongs, record {record.Sequence} stands again or too late.");
            }

            throw StandsLater(expected, following)
                ? new EvidenceException(EvidenceFailure.RecordOutOfOrder, $"Where record {expected} belongs stands record {record.Sequence}, and {expected} stands later.")
                : new EvidenceException(EvidenceFailure.RecordMissing, $"Record {expected} was removed: record {record.Sequence} stands in its place.");
        }

        private static bool StandsLater(long expected, IEnumerator<EvidenceEntry> following)
        {
            try
            {
                while (following.MoveNext())
                {
                    if (EvidenceRecord.Read(following.Current).Sequence == expected)
                    {
                        return true;
                    }
                }
            }
            catch (Exception exception) when (exception is EvidenceException or FormatException)
            {
                // One finding is enough.
            }

            return false;
        }

        private void DemandLink(EvidenceRecord record, long expected)
        {
            if (record.Parsed.Previous == _lastHash)
            {
                return;
            }

            // Either the one before is not what this one followed, or this one lies about it. Where a checkpoint signed the one before, it is this one.
            At = expected > 0 && _signedUpTo < expected - 1 ? expected - 1 : expected;
            throw new EvidenceException(EvidenceFailure.RecordAltered, $"Record {At} was altered: records {expected - 1} and {expected} do not follow each other by hash.");
        }

        private void AccountForIncomplete(EvidenceRecord record, EvidenceEntry entry)
        {
            var stated = record.Parsed.Record.TryGetProperty("incomplete", out var incomplete) ? incomplete.GetString() : null;
            if (entry.IncompleteBefore is null)
            {
                // In an export, or once somebody tidied up, what was stated no longer stands there.
                if (stated is not null)
                {
                    _notes.Add($"Before record {record.Sequence} a crash interrupted an append: {stated}.");
                }

                return;
            }

            if (stated != entry.IncompleteBefore)
            {
                throw new EvidenceException(
                    EvidenceFailure.RecordIncomplete, $"Before record {record.Sequence} stands half a record that no writer accounts for: {entry.IncompleteBefore}.");
            }

            _notes.Add($"Before record {record.Sequence} stands what a crash left of an interrupted append; its writer stated it: {stated}.");
        }

        private void CompareHead(long sequence)
        {
            if (options.KnownHead is not { } head || head.Sequence != sequence)
            {
                return;
            }

            _isHeadFound = head.Hash == _lastHash
                ? true
                : throw new EvidenceException(EvidenceFailure.HeadMissing, $"Record {sequence} is not the one whose hash is known: the trail was written anew up to there, or further.");
        }

        private void VisitCheckpoint(EvidenceRecord record, EvidenceEntry entry)
        {
            X509Certificate2 signer;
            X509Certificate2Collection others;
            try
            {
                (signer, others) = CheckpointSignature.Verify(record.Header, record.Content);
            }
            catch (CryptographicException exception)
            {
                At = _signedUpTo + 1;
                throw new EvidenceException(
                    EvidenceFailure.SignatureInvalid,
                    $"The signature of checkpoint {record.Sequence} does not fit, so a record from {At} to {record.Sequence} was altered, and what follows chained anew: {exception.Message}",
                    exception);
            }

            if (Refuse(signer, others, record.Time) is { } reason)
            {
                throw new EvidenceException(EvidenceFailure.SignerNotTrusted, $"Checkpoint {record.Sequence} is signed by somebody who is not trusted: {reason}.");
            }

            _signedUpTo = record.Sequence;
            _checkpoints[record.Sequence] = TimestampToken.Imprint(entry);
        }

        // Most checkpoints are signed by one certificate; its path is built once for each day of the trail.
        private string? Refuse(X509Certificate2 signer, X509Certificate2Collection others, DateTimeOffset time)
        {
            var day = $"{Convert.ToHexString(SHA256.HashData(signer.RawDataMemory.Span))} {time.UtcDateTime:yyyyMMdd}";
            if (_trustedSigners.Contains(day) && time >= signer.NotBefore.ToUniversalTime() && time <= signer.NotAfter.ToUniversalTime())
            {
                return null;
            }

            var reason = _signers.Refuse(signer, others, time);
            if (reason is null)
            {
                _trustedSigners.Add(day);
            }

            return reason;
        }

        private void VisitTimestamp(EvidenceRecord record)
        {
            var number = record.Parsed.Record.TryGetProperty("checkpoint", out var checkpoint) ? checkpoint.GetInt64() : -1;
            if (!_checkpoints.TryGetValue(number, out var imprint))
            {
                throw new EvidenceException(EvidenceFailure.TimestampInvalid, $"The timestamp {record.Sequence} is about record {number}, which is no checkpoint before it.");
            }

            var time = TimestampToken.Verify(record.Content, imprint, _authorities);
            if (_timestampedAt is null || time > _timestampedAt)
            {
                _timestampedAt = time;
            }
        }
    }
}
