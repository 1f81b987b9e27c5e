using System.Diagnostics;

namespace Relay.Shared.Telemetry;

/// <summary>What a span can be about.</summary>
public enum SpanName
{
    Accept,
    Deliver,
    Receive,
    Tell,
    Push,
}

/// <summary>How it ended.</summary>
public enum SpanOutcome
{
    Done,
    Refused,
    PutBack,
    Fault,
}

/// <summary>
/// Every span there is: <c>relay.accept</c>, <c>relay.deliver</c>, <c>relay.receive</c>, <c>relay.tell</c>, <c>relay.push</c>, each with <c>relay.outcome</c> and nothing
/// else. A span never takes on what a caller sent as <c>traceparent</c>, <c>tracestate</c> or baggage, and leads over no queue: it begins with the work that it is about.
/// </summary>
public static class RelayTraces
{
    public const string SourceName = "Relay";

    private static readonly ActivitySource Source = new(SourceName);

    private static readonly Dictionary<SpanName, string> Names = Enum.GetValues<SpanName>().ToDictionary(name => name, name => "relay." + name.ToString().ToLowerInvariant());

    public static TagSet<SpanOutcome> Outcome { get; } = TagSet<SpanOutcome>.Of<SpanOutcome>("relay.outcome");

    public static IReadOnlyCollection<string> All => Names.Values;

    /// <summary>Whether it is worth the cost of a span.</summary>
    internal static bool IsListened => Source.HasListeners();

    /// <summary>Runs work within a span; without a listener the work and nothing else.</summary>
    internal static Task RunAsync<TState>(SpanName name, TState state, Func<TState, CancellationToken, Task<SpanOutcome>> work, CancellationToken cancellationToken) =>
        IsListened ? WithinAsync(name, state, work, cancellationToken) : work(state, cancellationToken);

    /// <summary>The same, for work with a result.</summary>
    internal static async Task<TResult> WithinAsync<TResult>(SpanName name, Func<Task<TResult>> work, Func<TResult, SpanOutcome> judge)
    {
        using Activity? span = Begin(name);
        try
        {
            TResult result = await work();
            End(span, judge(result));
            return result;
        }
        catch
        {
            End(span, SpanOutcome.Fault);
            throw;
        }
    }

    private static Task<SpanOutcome> WithinAsync<TState>(SpanName name, TState state, Func<TState, CancellationToken, Task<SpanOutcome>> work, CancellationToken cancellationToken) =>
        WithinAsync(name, () => work(state, cancellationToken), outcome => outcome);

    private static Activity? Begin(SpanName name)
    {
        // A root: what surrounds it may carry what a stranger has sent.
        Activity.Current = null;
        return Source.StartActivity(Names[name], ActivityKind.Internal);
    }

    private static void End(Activity? span, SpanOutcome outcome)
    {
        if (span is null)
        {
            return;
        }

        KeyValuePair<string, object?> tag = Outcome.Pair(outcome);
        span.SetTag(tag.Key, tag.Value);
        span.SetStatus(outcome == SpanOutcome.Fault ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
    }
}
