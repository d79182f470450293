namespace WsSecurity.Evidence;

/// <summary>Proves kept requests anew: the role of then, at the time of then, on the octets of then.</summary>
internal sealed class MessageProof(Func<string?, DateTimeOffset, Recipient?>? recipients)
{
    private long _sent;
    private long _replies;
    private long _withheld;
    private long _unknown;
    private long _refused;

    public long Proven { get; private set; }

    public IReadOnlyList<string> Notes => recipients is null ? [] :
    [
        .. Note(_sent, "are our own, which the checkpoints' signature vouches for"),
        .. Note(_replies, "are replies, whose proof needs the keys of an exchange that is over"),
        .. Note(_withheld, "were kept without their passwords, so they prove nothing by themselves"),
        .. Note(_unknown, "belong to endpoints that were not given"),
        .. Note(_refused, "had been refused"),
    ];

    /// <exception cref="EvidenceException">The message does not prove what its record says.</exception>
    public void Demand(EvidenceRecord record)
    {
        if (recipients is null)
        {
            return;
        }

        switch (record)
        {
            case { Direction: EvidenceDirection.RequestSent or EvidenceDirection.ReplySent }:
                _sent++;
                return;
            case { Failure: not null }:
                _refused++;
                return;
            case { Direction: EvidenceDirection.ReplyReceived }:
                _replies++;
                return;
            case { Withheld: not null }:
                _withheld++;
                return;
        }

        if (recipients(record.Endpoint, record.MessageTime ?? record.Time) is not { } recipient)
        {
            _unknown++;
            return;
        }

        try
        {
            using var request = recipient.VerifyRequest(record.Content, record.Context);
            var tokens = request.Message.Evidence.Tokens.Select(token => token.Name);
            if (!tokens.SequenceEqual(record.Tokens, StringComparer.Ordinal))
            {
                throw new EvidenceException(
                    EvidenceFailure.MessageNotProven,
                    $"Message {record.Sequence} proves '{string.Join("', '", tokens)}', and its record says '{string.Join("', '", record.Tokens)}'.");
            }

            Proven++;
        }
        catch (WsSecurityException refusal)
        {
            throw new EvidenceException(EvidenceFailure.MessageNotProven, $"Message {record.Sequence} was accepted and now is not: {refusal.Failure}. {refusal.Message}", refusal);
        }
    }

    private static IEnumerable<string> Note(long count, string what) => count == 0 ? [] : [$"{count} messages were not proven anew: they {what}."];
}
