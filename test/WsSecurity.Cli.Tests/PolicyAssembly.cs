using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;

namespace WsSecurity.Cli.Tests;

/// <summary>Compiles what the tool writes as C#.</summary>
internal static class PolicyAssembly
{
    /// <summary>The <c>Policy</c> of a class.</summary>
    public static SecurityPolicy Compile(string code, string className)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Written", [CSharpSyntaxTree.ParseText(code)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.That(result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning), Is.Empty, code);
        return (SecurityPolicy)Assembly.Load(image.ToArray()).GetType(className)!.GetProperty("Policy")!.GetValue(null)!;
    }
}
