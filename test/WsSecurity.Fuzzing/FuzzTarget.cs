namespace WsSecurity.Fuzzing;

/// <summary>Something that reads octets of a peer: it may refuse them with <see cref="WsSecurityException"/>, or an expression with <see cref="FormatException"/>; any other exception is a finding.</summary>
internal sealed class FuzzTarget(string name, FuzzTarget.Reader read)
{
    /// <summary>Reads the octets and checks what must hold afterwards.</summary>
    public delegate void Reader(byte[] octets);

    /// <summary>Every target; each has a folder of its name below <c>Corpus</c>.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("scan", ScanTarget.Read),
        new("c14n", CanonicalizationTarget.Read),
        new("xpath", XPathTarget.Read),
        new("saml", AssertionTarget.Read),
    ];

    public string Name { get; } = name;

    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);

    /// <summary>Returns whether the octets were accepted.</summary>
    public bool Run(ReadOnlySpan<byte> octets)
    {
        try
        {
            read(octets.ToArray());
            return true;
        }
        catch (Exception refusal) when (refusal is WsSecurityException or FormatException)
        {
            return false;
        }
    }

    /// <summary>A finding: something that must hold does not.</summary>
    public static void Require(bool holds, string claim)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Finding: {claim}.");
        }
    }
}
