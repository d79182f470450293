using NUnit.Framework;
using PublicApiGenerator;

namespace WsSecurity.CoreWcf.Amqp.Tests;

public sealed class PublicApiTests
{
    [Test]
    public void PublicApi_IsTheApprovedOne()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "PublicApi.approved.txt");
        var actual = typeof(AmqpTransportBindingElement).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").Trim();
        File.WriteAllText(Path.ChangeExtension(path, "received.txt"), actual + "\n");
        Assert.That(actual, Is.EqualTo(File.ReadAllText(path).ReplaceLineEndings("\n").Trim()), "approve the change by copying PublicApi.approved.received.txt");
    }
}
