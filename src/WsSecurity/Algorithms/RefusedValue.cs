namespace WsSecurity.Algorithms;

/// <summary>What a peer wrote, made fit for a message in the local log.</summary>
internal static class RefusedValue
{
    private const int MaxLength = 128;

    /// <summary>Bounded in length, and without control characters, which could forge lines of a log.</summary>
    public static string Show(string untrusted)
    {
        var shown = untrusted.Length > MaxLength ? string.Concat(untrusted.AsSpan(0, MaxLength), "…") : untrusted;
        return string.Create(shown.Length, shown, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) ? '\uFFFD' : source[i];
            }
        });
    }
}
