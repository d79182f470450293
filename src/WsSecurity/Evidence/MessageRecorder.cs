using Microsoft.Extensions.Logging;

namespace WsSecurity.Evidence;

/// <summary>Has the messages of one role kept, as its recording says.</summary>
internal sealed class MessageRecorder(EvidenceRecording recording, ProcessingLimits limits, ILogger log)
{
    public bool KeepsSent => recording.KeepsSent;

    public bool KeepsRefused => recording.KeepsRefused;

    /// <summary>Keeps a message that was accepted, or that is about to leave.</summary>
    /// <returns>The record's number; null where nobody waits for it.</returns>
    /// <exception cref="WsSecurityException">It could not be kept, and must be.</exception>
    public async ValueTask<long?> KeepAsync(MessageEvidence message, CancellationToken cancellationToken)
    {
        try
        {
            var kept = recording.Trail.AppendAsync(message.ToDraft(recording.Endpoint, limits));
            return recording.IsRequired ? await kept.WaitAsync(cancellationToken).ConfigureAwait(false) : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (!recording.IsRequired)
            {
                EvidenceLog.MessageNotKept(log, exception);
                return null;
            }

            throw new WsSecurityException(SecurityFailure.EvidenceUnavailable, "The message could not be kept as evidence, and must be.", exception);
        }
    }

    /// <summary>Keeps a message that leaves, for callers that cannot wait asynchronously.</summary>
    /// <exception cref="WsSecurityException">It could not be kept, and must be.</exception>
    public void Keep(MessageEvidence message)
    {
        var kept = KeepAsync(message, CancellationToken.None);
        if (!kept.IsCompletedSuccessfully)
        {
            kept.AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Keeps a message that was refused. It stays refused, whatever becomes of its record.</summary>
    public async ValueTask KeepRefusedAsync(MessageEvidence message, CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            EvidenceLog.MessageNotKept(log, exception);
        }
    }
}
