using System.Runtime.CompilerServices;
using Relay.Shared.Storage;
using Relay.Tests.Support;

namespace Relay.Tests.Simulation;

/// <summary>One process's way to tables that others write too: every call is a step of the schedule. A range is read whole, or not at all.</summary>
internal sealed class SimulatedTables(ITableStore inner, SimulatedProcess process, SimulatedSchedule schedule, Action<string, TableRow> onWritten) : ITableStore
{
    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
        ReadAsync("table:get", table, () => inner.GetAsync(table, partitionKey, rowKey, CancellationToken.None), cancellationToken);

    public async IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<TableRow> rows = await ReadAsync("table:query", table, async () => await inner.QueryAsync(table, range, CancellationToken.None).ToListAsync(), cancellationToken);
        foreach (TableRow row in rows)
        {
            yield return row;
        }
    }

    public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        // Copied now: the caller may wipe its buffers before the writes land.
        TableWrite[] copies = [.. writes.Select(FaultyTableStore.Copy)];
        return schedule.CallAsync(
            process,
            ("table:commit", table, string.Join('+', copies.GroupBy(write => $"{write.Kind} {KindOf(write.RowKey)}").Select(same => same.Count() == 1 ? same.Key : $"{same.Key} x{same.Count()}"))),
            DoAsync,
            DoAsync,
            fault => throw Fault("table:commit", table, fault),
            cancellationToken);

        async Task<CommitResult> DoAsync()
        {
            CommitResult result = await inner.CommitAsync(table, partitionKey, copies, CancellationToken.None);
            schedule.Counts.LostRaces += result.IsSaved ? 0 : 1;
            foreach (TableWrite write in result.IsSaved ? copies : [])
            {
                if (await inner.GetAsync(table, partitionKey, write.RowKey, CancellationToken.None) is { } row)
                {
                    onWritten(table, row);
                }
            }

            return result;
        }
    }

    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

    internal static StorageFaultException Fault(string operation, string target, SimulatedFault fault) => fault switch
    {
        SimulatedFault.Unavailable => new StorageFaultException(operation, target, 503, "ServerBusy"),
        SimulatedFault.ServerError => new StorageFaultException(operation, target, 500, "InternalError"),
        SimulatedFault.Throttled => new StorageFaultException(operation, target, 429, "TooManyRequests"),
        _ => new StorageFaultException(operation, target, 0, null),
    };

    private Task<T> ReadAsync<T>(string name, string table, Func<Task<T>> act, CancellationToken cancellationToken) =>
        schedule.CallAsync(process, (name, table, ""), act, act, fault => throw Fault(name, table, fault), cancellationToken);

    /// <summary>What kind of row it is: the part of its key that is no id.</summary>
    private static string KindOf(string rowKey) => rowKey.Length > 1 && rowKey[1] == ':' ? rowKey[..1] : rowKey.Length == 1 ? rowKey : "row";
}
