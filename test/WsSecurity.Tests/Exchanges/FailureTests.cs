using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace WsSecurity.Tests.Exchanges;

/// <summary>Every reason to refuse a message occurs, by name; what the peer and the log learn of each.</summary>
public sealed class FailureTests
{
    private static readonly string[] Secrets = ["wonderland", "not the word", "1</a>", "2 &amp; 3", "a sum of money", "urn:uuid:1"];

    private static IEnumerable<SecurityFailure> Failures => Enum.GetValues<SecurityFailure>().Except([SecurityFailure.None, .. FailureBattery.OfTickets]);

    [TestCaseSource(nameof(Failures))]
    public void Exchange_WithOneFault_FailsByItsName(SecurityFailure failure)
    {
        var scenarios = new FailureBattery().Scenarios;
        Assert.That(scenarios.Keys, Does.Contain(failure), "A failure without an exchange that is refused for it.");
        Assert.That(() => scenarios[failure](), Refused.With(failure));
    }

    [TestCaseSource(nameof(Failures))]
    public void Fault_ForEveryFailure_SaysTheCodeAndNothingElse(SecurityFailure failure)
    {
        var refusal = Provoke(failure, null);
        foreach (var version in Enum.GetValues<SoapVersion>())
        {
            var output = new ArrayBufferWriter<byte>();
            Recipient.WriteFault(refusal, version, output);
            var fault = Encoding.UTF8.GetString(output.WrittenSpan);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(fault, Does.Contain($":{refusal.FaultCode}<"));
                Assert.That(fault, Does.Not.Contain(refusal.Message));
                Assert.That(fault, Has.Length.LessThan(700));
            }
        }
    }

    [Test]
    public void Battery_AllScenarios_KeepSecretsOutOfLogsAndMessages()
    {
        using var logs = new RecordingLoggerFactory();
        foreach (var failure in Failures)
        {
            for (Exception? exception = Provoke(failure, logs); exception is not null; exception = exception.InnerException)
            {
                logs.Lines.Add($"{failure}: {exception}");
            }
        }

        Assert.That(logs.Lines, Has.Count.GreaterThan(100));
        using (Assert.EnterMultipleScope())
        {
            foreach (var secret in Secrets)
            {
                Assert.That(logs.Lines, Has.None.Contains(secret));
            }
        }
    }

    [Test]
    public void Battery_EveryRefusedMessage_IsLoggedByName()
    {
        using var logs = new RecordingLoggerFactory();
        Provoke(SecurityFailure.DigestMismatch, logs);
        Assert.That(logs.Lines, Has.Some.Contains("Refused a message: DigestMismatch. The signed part /Envelope/Body was changed."));
    }

    [Test]
    public void Credentials_AsText_HideThePassword() =>
        Assert.That(new SecurityCredentials { UserName = "alice", Password = "wonderland" }.ToString(), Does.Contain("alice").And.Not.Contain("wonderland"));

    private static WsSecurityException Provoke(SecurityFailure failure, ILoggerFactory? logs) =>
        Assert.Throws<WsSecurityException>(() => new FailureBattery(logs).Scenarios[failure]())!;

    private sealed class RecordingLoggerFactory : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
