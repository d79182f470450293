namespace WsSecurity.Fuzzing;

/// <summary>Runs targets over the seed corpus that lies beside the program.</summary>
internal static class Corpus
{
    /// <summary>Runs each file once; returns how many there were.</summary>
    public static int Run(FuzzTarget target)
    {
        IReadOnlyList<byte[]> seeds = Load(target);
        int accepted = seeds.Count(seed => target.Run(seed));
        Console.WriteLine($"{target.Name}: {seeds.Count} files, {accepted} accepted");
        return seeds.Count;
    }

    /// <summary>Runs random mutations: octets replaced, pieces removed, doubled, and taken from another file.</summary>
    public static void Mutate(FuzzTarget target, int count)
    {
        IReadOnlyList<byte[]> seeds = Load(target);
        var random = new Random(count);
        int accepted = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] octets = seeds[random.Next(seeds.Count)];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                octets = Change(octets, seeds[random.Next(seeds.Count)], random);
            }

            accepted += target.Run(octets) ? 1 : 0;
        }

        Console.WriteLine($"{target.Name}: {count} mutations, {accepted} accepted");
    }

    private static byte[] Change(byte[] octets, byte[] other, Random random)
    {
        int start = random.Next(octets.Length + 1);
        int end = Math.Min(octets.Length, start + random.Next(12));
        int from = random.Next(other.Length + 1);
        return random.Next(4) switch
        {
            0 => [.. octets[..start], .. octets[end..]],
            1 => [.. octets[..end], .. octets[start..]],
            2 => [.. octets[..start], .. other[from..Math.Min(other.Length, from + random.Next(30))], .. octets[end..]],
            _ => [.. octets[..start], (byte)random.Next(256), .. octets[end..]],
        };
    }

    private static IReadOnlyList<byte[]> Load(FuzzTarget target) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];
}
