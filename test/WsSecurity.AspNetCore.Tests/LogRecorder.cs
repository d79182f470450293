using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WsSecurity.AspNetCore.Tests;

/// <summary>Keeps what was logged.</summary>
internal sealed class LogRecorder : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(string Message, SecurityFailure? Failure)> _entries = new();

    public IEnumerable<string> Messages => _entries.Select(entry => entry.Message);

    /// <summary>The failures of refused messages, each as often as it was logged.</summary>
    public IEnumerable<SecurityFailure> Failures => _entries.Select(entry => entry.Failure).OfType<SecurityFailure>();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var failure = state is IReadOnlyList<KeyValuePair<string, object?>> values ? values.FirstOrDefault(value => value.Key == "Failure").Value as SecurityFailure? : null;
        _entries.Enqueue((formatter(state, exception) + exception, failure));
    }

    public void Dispose()
    {
    }
}
