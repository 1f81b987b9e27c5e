using Microsoft.Extensions.Logging;

namespace Relay.Privacy.Watching;

/// <summary>A log at its most detailed: lines, their values, exceptions, and the scopes that other loggers would add to each line.</summary>
internal sealed class WatchedLog(Sightings seen) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Lines($"log {categoryName}", seen);

    public void Dispose()
    {
    }

    private sealed class Lines(string where, Sightings seen) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            AddValues(state);
            seen.AddText(where, $"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            AddValues(state);
            seen.AddText(where, $"{formatter(state, exception)} {exception}");
        }

        private void AddValues<TState>(TState state)
        {
            foreach ((string name, object? value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                seen.AddText(where, $"{name}={value}");
            }
        }
    }
}
