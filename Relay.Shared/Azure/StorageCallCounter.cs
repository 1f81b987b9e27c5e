using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Relay.Shared.Azure;

/// <summary>
/// Counts what the SDK sends, by service and kind, for benchmarks: an operation is what we asked for, an attempt is what the
/// service bills (an operation and its retries). Counts only; no address is kept.
/// </summary>
public sealed class StorageCallCounter
{
    private readonly ConcurrentDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    /// <summary>Counts by name, for instance <c>table:transaction</c> or <c>queue:put</c>, in the order of names.</summary>
    public IReadOnlyDictionary<string, StorageCalls> Snapshot() => new SortedDictionary<string, StorageCalls>(
        _tallies.ToDictionary(
            pair => pair.Key,
            pair => new StorageCalls(Interlocked.Read(ref pair.Value.Operations), Interlocked.Read(ref pair.Value.Attempts))),
        StringComparer.Ordinal);

    public void Reset() => _tallies.Clear();

    internal void Attach(ClientOptions options, Func<string, string, string> kind)
    {
        options.AddPolicy(new Policy(this, kind, isAttempt: false), HttpPipelinePosition.PerCall);
        options.AddPolicy(new Policy(this, kind, isAttempt: true), HttpPipelinePosition.PerRetry);
    }

    internal static string TableKind(string method, string path) => method switch
    {
        "POST" when path.EndsWith("$batch", StringComparison.Ordinal) => "table:transaction",
        "POST" when path.EndsWith("Tables", StringComparison.Ordinal) => "table:create",
        "POST" => "table:insert",
        "GET" when path.EndsWith("()", StringComparison.Ordinal) => "table:query",
        "GET" => "table:get",
        "PUT" => "table:replace",
        "PATCH" or "MERGE" => "table:merge",
        "DELETE" => "table:delete",
        _ => "table:other",
    };

    internal static string QueueKind(string method, string path) => method switch
    {
        "POST" => "queue:put",
        "GET" when path.EndsWith("/messages", StringComparison.Ordinal) => "queue:get",
        "PUT" when path.Contains("/messages/", StringComparison.Ordinal) => "queue:update",
        "DELETE" when path.Contains("/messages/", StringComparison.Ordinal) => "queue:delete",
        _ => "queue:other",
    };

    internal static string BlobKind(string method, string path) => method switch
    {
        "PUT" => "blob:put",
        "GET" => "blob:get",
        "DELETE" => "blob:delete",
        _ => "blob:other",
    };

    private void Count(string name, bool isAttempt)
    {
        Tally tally = _tallies.GetOrAdd(name, static _ => new Tally());
        Interlocked.Increment(ref isAttempt ? ref tally.Attempts : ref tally.Operations);
    }

    private sealed class Tally
    {
        public long Operations;
        public long Attempts;
    }

    private sealed class Policy(StorageCallCounter counter, Func<string, string, string> kind, bool isAttempt) : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            string method = message.Request.Method.Method;
            string path = message.Request.Uri.Path;
            counter.Count(kind(method, path), isAttempt);
        }
    }
}

/// <param name="Operations">What was asked for.</param>
/// <param name="Attempts">What was sent: operations and retries.</param>
public readonly record struct StorageCalls(long Operations, long Attempts);
