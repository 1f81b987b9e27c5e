namespace Relay.Phone.Commands;

/// <summary>How a command ended.</summary>
internal static class ExitCode
{
    internal const int Done = 0;
    internal const int Failed = 1;
    internal const int Usage = 2;

    /// <summary>Not everything waited for has come.</summary>
    internal const int Timeout = 3;

    /// <summary>The transport isn't there; the message is safe in the outbox and goes with the next run.</summary>
    internal const int Queued = 4;

    internal const int Interrupted = 130;
}
