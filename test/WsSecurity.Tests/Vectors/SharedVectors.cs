namespace WsSecurity.Tests.Vectors;

/// <summary>
/// Foreign test vectors, read in place beside the repository and never part of it: <c>../shared/vectors</c>. A clone without them lacks
/// the fixtures that need them; see <see cref="VectorFixtureAttribute"/>.
/// </summary>
internal static class SharedVectors
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder.</summary>
    public static string Require(string relativePath)
    {
        var path = Path.Combine(Root ?? throw new InvalidOperationException("The fixture lacks its [VectorFixture]."), relativePath);
        return Path.Exists(path) ? path : throw new FileNotFoundException($"The foreign test vector {relativePath} is missing.");
    }

    private static string? FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WsSecurity.Wcf.sln")))
            {
                var root = Path.Combine(folder.FullName, "..", "shared", "vectors");
                return Directory.Exists(root) ? Path.GetFullPath(root) : null;
            }
        }

        return null;
    }
}
