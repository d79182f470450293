using PublicApiGenerator;

namespace WsSecurity.CoreWcf.Tests;

internal sealed class PublicApiTests
{
    [Test]
    public void PublicApi_IsTheApprovedOne()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "PublicApi.approved.txt");
        var actual = typeof(WsSecurityBindingElement).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] }).ReplaceLineEndings("\n").Trim();
        File.WriteAllText(Path.ChangeExtension(path, "received.txt"), actual + "\n");
        Assert.That(actual, Is.EqualTo(File.ReadAllText(path).ReplaceLineEndings("\n").Trim()), "approve the change by copying PublicApi.approved.received.txt");
    }
}
