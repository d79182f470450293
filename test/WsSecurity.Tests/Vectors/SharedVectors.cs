using NUnit.Framework;

namespace WsSecurity.Tests.Vectors;

/// <summary>
/// Foreign test vectors, read in place beside the repository and never part of it: <c>../shared/vectors</c>. A clone without them skips
/// the tests that need them.
/// </summary>
internal static class SharedVectors
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder; ignores the running test where it is missing.</summary>
    public static string Require(string relativePath)
    {
        var path = Root is null ? null : Path.Combine(Root, relativePath);
        if (!Path.Exists(path))
        {
            Assert.Ignore($"No foreign test vectors here: shared/vectors/{relativePath} is missing beside the repository.");
        }

        return path;
    }

    private static string? FindRoot()
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
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
