namespace WsSecurity;

/// <summary>A custom token as received, not validated yet.</summary>
/// <param name="Octets">What a binary token holds, decoded; of an element its canonical octets, UTF-8.</param>
/// <param name="Time">The time by the clock of the recipient.</param>
public sealed record CustomToken(ReadOnlyMemory<byte> Octets, DateTimeOffset Time)
{
    /// <summary>Writes nothing of the token.</summary>
    public override string ToString() => nameof(CustomToken);
}
