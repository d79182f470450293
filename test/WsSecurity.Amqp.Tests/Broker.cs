using NUnit.Framework;
using WsSecurity.Interop;

namespace WsSecurity.Amqp.Tests;

/// <summary>The broker of this run, where there is one.</summary>
[SetUpFixture]
internal sealed class Broker
{
    private static RabbitMq? _running;

    public static RabbitMq Running => _running ?? throw new InvalidOperationException(RabbitMq.Missing);

    /// <summary>Leaves a fixture out where there is no broker, in one line.</summary>
    public static void Require()
    {
        if (RabbitMq.Missing is { } missing)
        {
            Assert.That(RequiredPeers.Has("rabbitmq"), Is.False, missing);
            Assert.Ignore(missing);
        }
    }

    [OneTimeSetUp]
    public async Task Start()
    {
        if (RabbitMq.Missing is null)
        {
            _running = new RabbitMq();
            await _running.StartAsync();
        }
    }

    [OneTimeTearDown]
    public void Stop() => _running?.Dispose();
}
