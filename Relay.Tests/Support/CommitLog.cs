using System.Collections.Concurrent;
using Relay.Shared.Storage;

namespace Relay.Tests.Support;

/// <summary>Tables that keep a note of every commit on a conversation and of how it ended.</summary>
internal sealed class CommitLog(ITableStore inner) : ITableStore
{
    private readonly ConcurrentQueue<ConversationWrite> _writes = new();

    /// <summary>Commits that moved a session on.</summary>
    public int SessionCommits => _writes.Count(write => write.IsSession && write.IsSaved);

    /// <summary>How often the commit of each message was refused because somebody else was first, in ascending order.</summary>
    public IReadOnlyList<int> LostRaces()
    {
        Dictionary<string, int> lost = [];
        foreach (ConversationWrite write in _writes.Where(write => write.IsSession))
        {
            foreach (string message in write.Messages)
            {
                lost[message] = lost.GetValueOrDefault(message) + (write.IsSaved ? 0 : 1);
            }
        }

        return [.. lost.Values.Order()];
    }

    public void Clear() => _writes.Clear();

    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
        inner.GetAsync(table, partitionKey, rowKey, cancellationToken);

    public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) =>
        inner.QueryAsync(table, range, cancellationToken);

    public async Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        CommitResult result = await inner.CommitAsync(table, partitionKey, writes, cancellationToken);
        if (table == TableNames.Conversations)
        {
            string[] messages = [.. writes.Select(write => write.RowKey).Where(row => row.StartsWith("O:", StringComparison.Ordinal) || row.StartsWith("R:", StringComparison.Ordinal))];
            _writes.Enqueue(new ConversationWrite(messages, writes.Any(write => write.RowKey == "S"), result.IsSaved));
        }

        return result;
    }

    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) =>
        inner.EnsureTablesAsync(tables, cancellationToken);

    private sealed record ConversationWrite(IReadOnlyList<string> Messages, bool IsSession, bool IsSaved);
}
