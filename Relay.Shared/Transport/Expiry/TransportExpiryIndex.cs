using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Expiry;

/// <summary>
/// Table <c>expiry</c> of the transport: which partitions got something on which day, so that deletion never has to search.
/// PartitionKey <c>{yyyyMMdd}-{shard 0..15}</c>, RowKey <c>{kind}:{partition}</c>; row <c>swept/S</c> is the last day that is
/// done with. A row is written before the first write it stands for, and removed after the deletion it leads to: a crash
/// anywhere leaves a row too many, never one too few. A clock that jumps ahead only makes more days due.
/// </summary>
public sealed class TransportExpiryIndex(TransportStorage storage)
{
    private const int Shards = 16;
    private const int MaxRemembered = 100_000;

    private const string SweptPartition = "swept";
    private const string SweptRow = "S";
    private const string ThroughColumn = "through";

    private static readonly Dictionary<string, object> s_noColumns = [];

    private readonly Lock _gate = new();
    private readonly HashSet<string> _noted = new(StringComparer.Ordinal);
    private UtcDay _notedDay;

    /// <summary>Notes that a partition (which starts with a hex digit) gets something today; once per instance and day.</summary>
    public async Task NoteAsync(UtcDay day, ExpiryKind kind, string partition, CancellationToken cancellationToken)
    {
        string row = $"{Letter(kind)}:{partition}";
        if (IsNoted(day, row, out bool isFirstOfDay))
        {
            return;
        }

        if (isFirstOfDay)
        {
            await BeginAsync(day, cancellationToken);
        }

        int shard = int.Parse(partition.AsSpan(0, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        await CommitAsync(PartitionOf(day, shard), TableWrite.Upsert(row, s_noColumns), cancellationToken);
        Remember(day, row);
    }

    /// <summary>
    /// Gives every partition noted before <paramref name="firstLive"/> to <paramref name="delete"/>, oldest day first, until that says that it has no more
    /// time; says how many are done with.
    /// </summary>
    public async Task<int> SweepAsync(
        UtcDay firstLive, Func<ExpiryKind, string, UtcDay, CancellationToken, Task<bool>> delete, CancellationToken cancellationToken)
    {
        if (await SweptThroughAsync(cancellationToken) is not { } through)
        {
            return 0;
        }

        int swept = 0;
        for (UtcDay day = through.AddDays(1); day < firstLive; day = day.AddDays(1))
        {
            for (int shard = 0; shard < Shards; shard++)
            {
                (int count, bool isDone) = await SweepShardAsync(day, PartitionOf(day, shard), delete, cancellationToken);
                swept += count;
                if (!isDone)
                {
                    return swept;
                }
            }

            await CommitAsync(SweptPartition, ThroughWrite(TableWrite.Upsert, day), cancellationToken);
        }

        return swept;
    }

    private static string PartitionOf(UtcDay day, int shard) => string.Create(CultureInfo.InvariantCulture, $"{day.Key}-{shard}");

    private static char Letter(ExpiryKind kind) => kind switch
    {
        ExpiryKind.Mailbox => 'm',
        ExpiryKind.Pushes => 'p',
        ExpiryKind.DeviceKeys => 'k',
        ExpiryKind.Attachments => 'a',
        _ => 'r',
    };

    private static ExpiryKind KindOf(string row) => row[0] switch
    {
        'm' => ExpiryKind.Mailbox,
        'p' => ExpiryKind.Pushes,
        'k' => ExpiryKind.DeviceKeys,
        'a' => ExpiryKind.Attachments,
        _ => ExpiryKind.Registrations,
    };

    private static TableWrite ThroughWrite(Func<string, IReadOnlyDictionary<string, object>, TableWrite> write, UtcDay day) =>
        write(SweptRow, new Dictionary<string, object> { [ThroughColumn] = day.Key });

    private async Task<(int Swept, bool IsDone)> SweepShardAsync(
        UtcDay day, string shard, Func<ExpiryKind, string, UtcDay, CancellationToken, Task<bool>> delete, CancellationToken cancellationToken)
    {
        int swept = 0;
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.Expiry, TableRange.Partition(shard, int.MaxValue), cancellationToken))
        {
            if (!await delete(KindOf(row.RowKey), row.RowKey[2..], day, cancellationToken))
            {
                return (swept, false);
            }

            await CommitAsync(shard, TableWrite.Delete(row.RowKey, null), cancellationToken);
            swept++;
        }

        return (swept, true);
    }

    /// <summary>The first note there ever was says where sweeping starts; one on a day already swept (a clock set back) sets it back.</summary>
    private async Task BeginAsync(UtcDay day, CancellationToken cancellationToken)
    {
        if (await SweptThroughAsync(cancellationToken) is not { } through)
        {
            await CommitAsync(SweptPartition, ThroughWrite(TableWrite.Insert, day.AddDays(-1)), cancellationToken);
        }
        else if (through >= day)
        {
            await CommitAsync(SweptPartition, ThroughWrite(TableWrite.Upsert, day.AddDays(-1)), cancellationToken);
        }
    }

    private async Task<UtcDay?> SweptThroughAsync(CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Expiry, SweptPartition, SweptRow, cancellationToken) is { } row
        && UtcDay.TryParse(row.Get<string>(ThroughColumn), out UtcDay through)
            ? through
            : null;

    private bool IsNoted(UtcDay day, string row, out bool isFirstOfDay)
    {
        lock (_gate)
        {
            isFirstOfDay = _notedDay != day || _noted.Count == 0;
            return !isFirstOfDay && _noted.Contains(row);
        }
    }

    /// <summary>Only after the row is durable, so that nobody relies on a note that failed.</summary>
    private void Remember(UtcDay day, string row)
    {
        lock (_gate)
        {
            if (_notedDay != day || _noted.Count >= MaxRemembered)
            {
                _noted.Clear();
                _notedDay = day;
            }

            _noted.Add(row);
        }
    }

    private Task<CommitResult> CommitAsync(string partition, TableWrite write, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(TableNames.Expiry, partition, [write], cancellationToken);
}
