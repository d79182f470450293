using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WsSecurity.Evidence;

/// <summary>
/// The newest entry of a trail. Kept elsewhere (another machine's log, a mail, paper), it shows later that nothing up to it was cut off, which
/// no trail can show by itself.
/// </summary>
/// <param name="Sequence">The entry's number.</param>
/// <param name="Hash">The SHA-256 of its header, 64 hexadecimal digits.</param>
public sealed record EvidenceHead(long Sequence, string Hash)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="text">The number, a colon and the hash.</param>
    /// <param name="head">The head.</param>
    /// <returns>false when it is none.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EvidenceHead? head)
    {
        head = null;
        if (text?.Split(':') is not [var number, { Length: 64 } hash]
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !hash.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        head = new EvidenceHead(sequence, hash.ToLowerInvariant());
        return true;
    }

    /// <summary>The number, a colon and the hash.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence}:{Hash}");
}
