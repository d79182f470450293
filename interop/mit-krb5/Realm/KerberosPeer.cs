namespace WsSecurity.Interop.MitKrb5.Realm;

/// <summary>Whether MIT Kerberos is installed here, and whether it must be.</summary>
internal static class KerberosPeer
{
    private static readonly string[] Programs = ["krb5kdc", "kdb5_util", "kadmin.local", "kinit", "kvno", "faketime"];

    // A user's path often lacks the folder of the daemons.
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/sbin"];

    /// <summary>Why the peer cannot run here, or null when it can.</summary>
    public static string? Missing { get; } = FindMissing();

    public static bool IsRequired { get; } = RequiredPeers.Has("krb5");

    /// <summary>Whether the tests that need the peer take part: where it is required they do, and fail when it is missing.</summary>
    public static bool TakesPart { get; } = Missing is null || IsRequired;

    public static string Find(string program) =>
        Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"{program} is not installed.");

    private static string? FindMissing() =>
        OperatingSystem.IsLinux() && Programs.All(program => Folders.Any(folder => File.Exists(Path.Combine(folder, program))))
            ? null
            : "MIT Kerberos is not installed: apt-get install krb5-kdc krb5-admin-server krb5-user libgssapi-krb5-2 faketime.";
}
