namespace WsSecurity.Timestamps;

/// <summary>A Timestamp that keeps to SOAP Message Security 1.1.1 section 10 and to Basic Security Profile 1.1 section 6.</summary>
internal sealed record Timestamp(DateTimeOffset Created, DateTimeOffset? Expires)
{
    /// <exception cref="WsSecurityException">The message is too old, or comes from the future.</exception>
    public void CheckFresh(DateTimeOffset now, Tolerances tolerances)
    {
        if (Created > now + tolerances.ClockSkew)
        {
            throw new WsSecurityException(SecurityFailure.MessageNotYetValid, $"The message was created at {Created:O}; the clock says {now:O}, and {tolerances.ClockSkew} of skew are permitted.");
        }

        if (Expires is { } expires && expires <= now - tolerances.ClockSkew)
        {
            throw new WsSecurityException(SecurityFailure.MessageExpired, $"The message expired at {expires:O}; the clock says {now:O}, and {tolerances.ClockSkew} of skew are permitted.");
        }

        // A peer cannot grant itself a longer life than we do: replays are remembered for as long as ours.
        if (Created + tolerances.TimestampLifetime <= now - tolerances.ClockSkew)
        {
            throw new WsSecurityException(SecurityFailure.MessageExpired, $"The message was created at {Created:O}; the clock says {now:O}, and messages live for {tolerances.TimestampLifetime}.");
        }
    }

    /// <summary>From when on the message is refused anyway.</summary>
    public DateTimeOffset RefusedFrom(Tolerances tolerances) => Created + tolerances.TimestampLifetime + tolerances.ClockSkew;
}
