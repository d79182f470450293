using System.Collections.Concurrent;

namespace Samples;

/// <summary>Keeps what a part of a sample refuses, to be shown.</summary>
internal sealed class RefusalLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _refusals = new();

    public IEnumerable<string> Refusals => _refusals;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
        {
            _refusals.Enqueue(formatter(state, null));
        }
    }

    public void Dispose()
    {
    }
}
