using System.Diagnostics;
using NUnit.Framework;

namespace WsSecurity.Amqp.Tests;

/// <summary>The sample of requests and replies, run as a newcomer would, at the broker of these tests.</summary>
public sealed class SampleTests
{
    [OneTimeSetUp]
    public void Require() => Broker.Require();

    [Test]
    public async Task Sample_AnswersAndPlacesEachOrderOnce()
    {
        var sample = Path.Combine(TestContext.CurrentContext.TestDirectory, "amqp-orders.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [sample, Broker.Running.NewQueue().ToString()]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(process.ExitCode, Is.Zero, await errors);
            Assert.That(output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
            {
                "gnome        gnome for CN=partner.example, order 1",
                "hedge        hedge for CN=partner.example, order 2",
                "unicorn      sold out",
                "a stranger   refused",
                "placed       2 orders of 4 deliveries",
            }));
        }
    }
}
