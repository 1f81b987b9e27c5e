using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Relay.Fuzz.Judging;

/// <summary>What Relay has logged as a warning or worse since it was last asked.</summary>
internal sealed class LastWords : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public ILogger CreateLogger(string categoryName) => new Lines(_lines);

    public string Take()
    {
        List<string> taken = [];
        while (_lines.TryDequeue(out string? line))
        {
            taken.Add(line);
        }

        return string.Join(" | ", taken);
    }

    public void Dispose()
    {
    }

    private sealed class Lines(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Enqueue(formatter(state, exception));
            }
        }
    }
}
