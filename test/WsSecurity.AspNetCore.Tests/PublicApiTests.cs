using NUnit.Framework;
using PublicApiGenerator;

namespace WsSecurity.AspNetCore.Tests;

public sealed class PublicApiTests
{
    [Test]
    public void PublicApi_IsTheApprovedOne()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "PublicApi.approved.txt");

        // Extension methods stand in the namespaces of what they extend, which the generator leaves out by default.
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] };
        var actual = typeof(WsSecurityEndpoint).Assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").Trim();
        File.WriteAllText(Path.ChangeExtension(path, "received.txt"), actual + "\n");
        Assert.That(actual, Is.EqualTo(File.ReadAllText(path).ReplaceLineEndings("\n").Trim()), "approve the change by copying PublicApi.approved.received.txt");
    }
}
