using System.Globalization;
using Relay.Benchmarks.Stage;
using Relay.Shared.Storage;

namespace Relay.Benchmarks.Bare;

/// <summary>
/// Makes the storage calls of one message again and again, with rows of the same content under keys of its own, and does nothing else:
/// the rate that storage alone allows.
/// </summary>
internal sealed class BareLoop
{
    private readonly IReadOnlyList<StorageCall> _calls;
    private readonly BenchAccounts _accounts;
    private readonly HashSet<(Account Account, string Table, string Partition, string Row)> _made;
    private readonly Dictionary<(Account Account, string Queue), TakenTogether> _queues;
    private readonly BareCaller[] _callers;

    private BareLoop(IReadOnlyList<StorageCall> calls, BenchAccounts accounts, int callers)
    {
        (_calls, _accounts) = (calls, accounts);
        _made = [.. calls.OfType<TableCommit>().SelectMany(commit => commit.Writes
            .Where(write => write.Kind == TableWriteKind.Insert)
            .Select(write => (commit.Account, commit.Table, commit.Partition, write.RowKey)))];
        _queues = calls.OfType<QueuePut>().Select(put => (put.Account, put.Queue)).Distinct()
            .ToDictionary(queue => queue, queue => new TakenTogether(Queues(queue.Account), NameOf(queue.Queue)));
        _callers = [.. Enumerable.Range(0, callers).Select(number => new BareCaller(number))];
    }

    /// <param name="calls">Of one message, all of it.</param>
    /// <param name="accounts">Where they were made, and are made again.</param>
    /// <param name="callers">How many make them at the same time.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal static async Task<BareLoop> PrepareAsync(
        IReadOnlyList<StorageCall> calls, BenchAccounts accounts, int callers, CancellationToken cancellationToken)
    {
        BareLoop loop = new(calls, accounts, callers);
        foreach (Account account in Enum.GetValues<Account>())
        {
            await loop.Queues(account).EnsureQueuesAsync([.. loop._queues.Keys.Where(queue => queue.Account == account).Select(queue => NameOf(queue.Queue))], cancellationToken);
        }

        foreach (BareCaller caller in loop._callers)
        {
            await loop.CopyRowsAsync(caller, cancellationToken);
        }

        return loop;
    }

    /// <summary>The calls of one message.</summary>
    internal async Task RunAsync(int number, CancellationToken cancellationToken)
    {
        BareCaller caller = _callers[number];
        caller.Round++;
        foreach (StorageCall call in _calls)
        {
            await (call switch
            {
                TableGet get => GetAsync(caller, get, cancellationToken),
                TableQuery query => QueryAsync(caller, query, cancellationToken),
                TableCommit commit => CommitAsync(caller, commit, cancellationToken),
                QueuePut put => Queues(put.Account).SendAsync(NameOf(put.Queue), put.Body, TimeSpan.Zero, TimeSpan.FromDays(1), cancellationToken),
                QueueTake take => TakeAsync(caller, take, cancellationToken),
                QueueDelete delete => DeleteAsync(caller, delete, cancellationToken),
                _ => throw new InvalidOperationException("There is no such call."),
            });
        }
    }

    /// <summary>What a message found in storage, so that the caller finds it too.</summary>
    private async Task CopyRowsAsync(BareCaller caller, CancellationToken cancellationToken)
    {
        IEnumerable<(Account Account, string Table, string Partition, string Row)> touched =
        [
            .. _calls.OfType<TableGet>().Select(get => (get.Account, get.Table, get.Partition, get.Row)),
            .. _calls.OfType<TableCommit>().SelectMany(commit => commit.Writes.Select(write => (commit.Account, commit.Table, commit.Partition, write.RowKey))),
        ];
        foreach ((Account account, string table, string partition, string row) in touched.Where(row => !_made.Contains(row)).Distinct())
        {
            if (await Tables(account).GetAsync(table, partition, row, cancellationToken) is { } found)
            {
                await Tables(account).CommitAsync(table, caller.Own(partition), [TableWrite.Upsert(row, found.Columns)], cancellationToken);
            }
        }
    }

    private async Task GetAsync(BareCaller caller, TableGet get, CancellationToken cancellationToken)
    {
        (string partition, string row) = KeysOf(caller, get.Account, get.Table, get.Partition, get.Row);
        if (await Tables(get.Account).GetAsync(get.Table, partition, row, cancellationToken) is { } found)
        {
            caller.Seen(get.Table, partition, row, found.ETag);
        }
    }

    private async Task QueryAsync(BareCaller caller, TableQuery query, CancellationToken cancellationToken)
    {
        await foreach (TableRow row in Tables(query.Account).QueryAsync(
            query.Table, query.Range with { PartitionKey = caller.Own(query.Range.PartitionKey) }, cancellationToken))
        {
            caller.Seen(query.Table, row.PartitionKey, row.RowKey, row.ETag);
        }
    }

    private async Task CommitAsync(BareCaller caller, TableCommit commit, CancellationToken cancellationToken)
    {
        List<TableWrite> writes = [.. commit.Writes.Select(write => Own(caller, commit, write))];
        string partition = caller.Own(commit.Partition);
        CommitResult result = await Tables(commit.Account).CommitAsync(commit.Table, partition, writes, cancellationToken);
        if (!result.IsSaved)
        {
            throw new InvalidOperationException($"The bare loop's commit to {commit.Table} failed ({result.Outcome}).");
        }

        for (int i = 0; i < result.ETags.Count; i++)
        {
            if (result.ETags[i] is { } etag)
            {
                caller.Seen(commit.Table, partition, writes[i].RowKey, etag);
            }
        }
    }

    private async Task TakeAsync(BareCaller caller, QueueTake take, CancellationToken cancellationToken) =>
        caller.Taken = await _queues[(take.Account, take.Queue)].TakeAsync(cancellationToken);

    private async Task DeleteAsync(BareCaller caller, QueueDelete delete, CancellationToken cancellationToken) =>
        await Queues(delete.Account).DeleteAsync(NameOf(delete.Queue), caller.Taken ?? throw new InvalidOperationException("Nothing was taken."), cancellationToken);

    private TableWrite Own(BareCaller caller, TableCommit commit, TableWrite write)
    {
        (string partition, string row) = KeysOf(caller, commit.Account, commit.Table, commit.Partition, write.RowKey);
        string? etag = write.ETag is null ? null : caller.ETag(commit.Table, partition, row);
        return write.Kind switch
        {
            TableWriteKind.Insert => TableWrite.Insert(row, write.Columns),
            TableWriteKind.Replace => TableWrite.Replace(row, etag ?? "", write.Columns),
            TableWriteKind.Merge => TableWrite.Merge(row, etag, write.Columns),
            TableWriteKind.Upsert => TableWrite.Upsert(row, write.Columns),
            _ => TableWrite.Delete(row, etag),
        };
    }

    /// <summary>A row that the message itself made is new in every round; any other is the caller's copy.</summary>
    private (string Partition, string Row) KeysOf(BareCaller caller, Account account, string table, string partition, string row) =>
        (caller.Own(partition), _made.Contains((account, table, partition, row)) ? string.Create(CultureInfo.InvariantCulture, $"{row}-{caller.Round}") : row);

    private ITableStore Tables(Account account) => account == Account.Relay ? _accounts.Relay.Tables : _accounts.Transport.Tables;

    private IQueueStore Queues(Account account) => account == Account.Relay ? _accounts.Relay.Queues : _accounts.Transport.Queues;

    private static string NameOf(string queue) => "bare-" + queue;
}
