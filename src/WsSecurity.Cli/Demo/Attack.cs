using System.Text;

namespace WsSecurity.Cli.Demo;

/// <summary>Something that an attacker does with a message that he has recorded.</summary>
/// <param name="Description">What he does.</param>
/// <param name="Wire">What he sends.</param>
/// <param name="Expected">Why it must be refused.</param>
internal sealed record Attack(string Description, byte[] Wire, SecurityFailure Expected)
{
    /// <summary>Attacks on a recorded request.</summary>
    /// <param name="recorded">The request as it was on the wire.</param>
    /// <param name="plain">The same request without protection.</param>
    public static IReadOnlyList<Attack> On(byte[] recorded, byte[] plain)
    {
        var wire = Encoding.UTF8.GetString(recorded);
        var created = Find(wire, "Created>", 0);
        var cipher = Find(wire, "CipherValue>", Find(wire, "Body", 0));
        return
        [
            new("changes a second of the Timestamp", Change(wire, created + "2026-11-24T12:00:0".Length, '0', '1'), SecurityFailure.DigestMismatch),
            new("changes the ciphertext of the Body", Change(wire, cipher + 40, 'A', 'B'), SecurityFailure.DecryptionFailed),
            new("sends the same octets once more", recorded, SecurityFailure.MessageReplayed),
            new("sends an order without any protection", plain, SecurityFailure.SecurityHeaderMissing),
        ];
    }

    private static int Find(string wire, string text, int start) => wire.IndexOf(text, start, StringComparison.Ordinal) + text.Length;

    private static byte[] Change(string wire, int index, char one, char other) =>
        Encoding.UTF8.GetBytes($"{wire[..index]}{(wire[index] == one ? other : one)}{wire[(index + 1)..]}");
}
