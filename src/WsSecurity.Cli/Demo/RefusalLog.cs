using Microsoft.Extensions.Logging;

namespace WsSecurity.Cli.Demo;

/// <summary>The service's log, of which the demonstration shows the refusals.</summary>
internal sealed class RefusalLog : ILoggerProvider, ILogger
{
    /// <summary>The reason of the last refusal.</summary>
    public SecurityFailure? Last { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values
            && values.FirstOrDefault(value => value.Key == "Failure").Value is SecurityFailure failure)
        {
            Last = failure;
        }
    }

    public void Dispose()
    {
    }
}
