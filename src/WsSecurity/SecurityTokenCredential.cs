namespace WsSecurity;

/// <summary>A token to send: a <see cref="SamlAssertionCredential"/> or a <see cref="CustomTokenCredential"/>.</summary>
public abstract class SecurityTokenCredential
{
    private protected SecurityTokenCredential()
    {
    }

    /// <summary>Until when one that was acquired may be sent again; null where it is good for one message.</summary>
    internal abstract DateTimeOffset? ReusableUntil { get; }
}
