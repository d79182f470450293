using System.Text;
using Microsoft.Extensions.Logging;

namespace WsSecurity.Tests.Policy.Configuration;

/// <summary>A log that is read as text.</summary>
internal sealed class RecordingLog : ILoggerFactory, ILogger
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _text.AppendLine(formatter(state, exception));

    public void Dispose()
    {
    }
}
