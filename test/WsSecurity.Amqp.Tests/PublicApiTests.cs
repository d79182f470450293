using NUnit.Framework;
using PublicApiGenerator;
using WsSecurity.Messaging;

namespace WsSecurity.Amqp.Tests;

public sealed class PublicApiTests
{
    [Test]
    public void PublicApi_IsTheApprovedOne()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "PublicApi.approved.txt");
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false };
        var actual = string.Join('\n', new[] { typeof(AmqpReceiver), typeof(DeliveryReceiver) }.Select(type => type.Assembly.GeneratePublicApi(options)))
            .ReplaceLineEndings("\n").Trim();
        File.WriteAllText(Path.ChangeExtension(path, "received.txt"), actual + "\n");
        Assert.That(actual, Is.EqualTo(File.ReadAllText(path).ReplaceLineEndings("\n").Trim()), "approve the change by copying PublicApi.approved.received.txt");
    }
}
