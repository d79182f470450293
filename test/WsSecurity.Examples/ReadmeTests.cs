using NUnit.Framework;

namespace WsSecurity.Examples;

/// <summary>Every C# block of the README stands, line for line, between markers in an example that this project compiles and runs.</summary>
public sealed class ReadmeTests
{
    private static readonly string Root = FindRoot();

    [Test]
    public void Readme_EveryCodeBlock_IsCompiledHere()
    {
        var examples = Directory.GetFiles(Path.Combine(Root, "test", "WsSecurity.Examples"), "*.cs").SelectMany(file => ReadExamples(File.ReadAllLines(file))).ToList();
        var blocks = ReadBlocks(File.ReadAllLines(Path.Combine(Root, "README.md"))).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(blocks, Is.Not.Empty);
            foreach (var block in blocks)
            {
                Assert.That(examples, Does.Contain(block), $"This block of README.md is no example:\n{block}");
            }
        }
    }

    private static IEnumerable<string> ReadExamples(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimStart().StartsWith("// readme: ", StringComparison.Ordinal) && !lines[i].EndsWith(" end", StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, i + 1, line => line.TrimStart() == "// readme: end");
                yield return Normalize(lines[(i + 1)..end]);
            }
        }
    }

    private static IEnumerable<string> ReadBlocks(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "```csharp")
            {
                var end = Array.IndexOf(lines, "```", i);
                yield return Normalize(lines[(i + 1)..end]);
                i = end;
            }
        }
    }

    private static string Normalize(string[] lines)
    {
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => (line.Length > indent ? line[indent..] : string.Empty).TrimEnd())).Trim('\n');
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WsSecurity.Wcf.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
