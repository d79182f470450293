namespace WsSecurity.CoreWcf.Tests;

/// <summary>What the adapter's README shows is what the sample does.</summary>
internal sealed class ReadmeTests
{
    [Test]
    public void Readme_EveryLineOfCode_StandsInTheSample()
    {
        var root = FindRoot();
        var sample = File.ReadAllLines(Path.Combine(root, "interop", "samples", "corewcf-host", "Program.cs")).Select(line => line.Trim()).ToHashSet();
        var lines = File.ReadAllLines(Path.Combine(root, "src", "WsSecurity.CoreWcf", "README.md"))
            .SkipWhile(line => line != "```csharp").Skip(1).TakeWhile(line => line != "```")
            .Select(line => line.Split("  //")[0].Trim()).Where(line => line.Length > 0).ToArray();

        Assert.That(lines, Is.Not.Empty);
        Assert.That(lines.Where(line => !sample.Contains(line)), Is.Empty);
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "WsSecurity.Wcf.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside of the repository.");
        }

        return folder;
    }
}
