using NUnit.Framework;
using PublicApiGenerator;

namespace WsSecurity.Mail.Tests;

public sealed class PublicApiTests
{
    [Test]
    public void PublicApi_IsTheApprovedOne()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "PublicApi.approved.txt");
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false };
        var actual = typeof(SmtpTransportBindingElement).Assembly.GeneratePublicApi(options)
            .ReplaceLineEndings("\n").Trim();
        File.WriteAllText(Path.ChangeExtension(path, "received.txt"), actual + "\n");
        Assert.That(actual, Is.EqualTo(File.ReadAllText(path).ReplaceLineEndings("\n").Trim()), "approve the change by copying PublicApi.approved.received.txt");
    }
}
