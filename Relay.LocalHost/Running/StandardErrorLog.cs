using Microsoft.Extensions.Logging;

namespace Relay.LocalHost.Running;

/// <summary>Logs as lines on standard error, and into a file where one is given. Standard output stays for answers.</summary>
internal sealed class StandardErrorLog(TextWriter? file = null) : ILoggerProvider
{
    private readonly TextWriter _writer = TextWriter.Synchronized(file ?? Console.Error);

    public ILogger CreateLogger(string categoryName) => new Lines(categoryName, _writer);

    public void Dispose() => _writer.Flush();

    private sealed class Lines(string category, TextWriter writer) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            writer.WriteLine($"{logLevel} {category}[{eventId.Id}] {formatter(state, exception)}{(exception is null ? "" : " " + exception)}");
    }
}
