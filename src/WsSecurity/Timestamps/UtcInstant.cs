using System.Globalization;

namespace WsSecurity.Timestamps;

/// <summary>xs:dateTime in UTC, as Basic Security Profile 1.1 wants it (R3213, R3217, R3220, R3223).</summary>
internal static class UtcInstant
{
    private const string SecondsFormat = "yyyy-MM-dd'T'HH:mm:ss";

    public static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString(SecondsFormat + ".fff'Z'", CultureInfo.InvariantCulture);

    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length < 20 || text[^1] != 'Z')
        {
            return false;
        }

        var fraction = text[19..^1];
        if (!fraction.IsEmpty && (fraction.Length < 2 || fraction[0] != '.' || fraction[1..].ContainsAnyExceptInRange('0', '9')))
        {
            return false;
        }

        if (!DateTime.TryParseExact(text[..19], SecondsFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var seconds))
        {
            return false;
        }

        var ticks = 0L;
        for (var i = 1; i <= 7; i++)
        {
            ticks = (ticks * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        }

        instant = new DateTimeOffset(seconds.Ticks, TimeSpan.Zero).AddTicks(ticks);
        return true;
    }
}
