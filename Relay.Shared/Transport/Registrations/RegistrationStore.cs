using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Registrations;

/// <summary>
/// Table <c>registrations</c>. PartitionKey is the number's hash; row <c>C</c> counts the starts of this hour and day, rows
/// <c>R:{registrationId}</c> are pending. Promises: a start is counted in the transaction that makes it; a guess is counted,
/// guarded by the ETag, before its code is compared, so concurrent guesses never exceed the limit; a registration is used once.
/// </summary>
public sealed class RegistrationStore(TransportStorage storage)
{
    private const int MaxRaces = 16;
    private const int MaxRowsRead = 64;

    private const string CounterRow = "C";
    private const string PendingPrefix = "R:";

    private const string HourColumn = "hour";
    private const string HourCountColumn = "inHour";
    private const string DayColumn = "day";
    private const string DayCountColumn = "inDay";

    private const string CodeColumn = "code";
    private const string ExpiresColumn = "expires";
    private const string AttemptsColumn = "attempts";

    /// <summary>Keeps a pending registration; or, when there were too many for this number, says when to come back.</summary>
    internal async Task<TimeSpan?> StartAsync(
        NumberHash number, string registrationId, byte[] codeHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            List<TableRow> rows = await ReadAsync(number, cancellationToken);
            TableRow? counter = rows.Find(row => row.RowKey == CounterRow);
            StartCounts counts = CountsAt(counter, now);
            if (counts.Wait(now) is { } wait)
            {
                return wait;
            }

            List<TableWrite> writes = [CounterWrite(counter, counts), TableWrite.Insert(PendingPrefix + registrationId, PendingColumns(codeHash, now))];
            writes.AddRange(rows.Where(row => HasEnded(row, now)).Select(row => TableWrite.Delete(row.RowKey, row.ETag)));
            if ((await CommitAsync(number, writes, cancellationToken)).IsSaved)
            {
                return null;
            }
        }

        return TimeSpan.FromSeconds(1);
    }

    /// <summary>Spends one attempt; then, and only then, whether the code is the right one. False also when there is nothing to guess at.</summary>
    internal async Task<bool> GuessAsync(
        NumberHash number, string registrationId, byte[] codeHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            TableRow? row = await storage.Tables.GetAsync(TableNames.Registrations, number.Hex, PendingPrefix + registrationId, cancellationToken);
            if (row is null || HasEnded(row, now) || row.Get<int>(AttemptsColumn) >= TransportLimits.MaxCodeAttempts)
            {
                return false;
            }

            Dictionary<string, object> spent = new() { [AttemptsColumn] = row.Get<int>(AttemptsColumn) + 1 };
            if ((await CommitAsync(number, [TableWrite.Merge(row.RowKey, row.ETag, spent)], cancellationToken)).IsSaved)
            {
                return CryptographicOperations.FixedTimeEquals(codeHash, row.Get<byte[]>(CodeColumn));
            }
        }

        return false;
    }

    /// <summary>Uses a registration up. True for exactly one caller.</summary>
    internal async Task<bool> ConsumeAsync(NumberHash number, string registrationId, CancellationToken cancellationToken) =>
        (await CommitAsync(number, [TableWrite.Delete(PendingPrefix + registrationId, null)], cancellationToken)).IsSaved;

    /// <summary>Forgets what has ended, and the counters unless they count a day after <paramref name="day"/>.</summary>
    internal async Task DeleteThroughAsync(NumberHash number, UtcDay day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (TableRow row in await ReadAsync(number, cancellationToken))
        {
            if (HasEnded(row, now) || (row.RowKey == CounterRow && row.Get<int>(DayColumn) <= day.Number))
            {
                await CommitAsync(number, [TableWrite.Delete(row.RowKey, row.ETag)], cancellationToken);
            }
        }
    }

    private static StartCounts CountsAt(TableRow? counter, DateTimeOffset now)
    {
        StartCounts fresh = StartCounts.At(now);
        return counter is null
            ? fresh
            : fresh with
            {
                InHour = counter.Get<int>(HourColumn) == fresh.Hour ? counter.Get<int>(HourCountColumn) : 0,
                InDay = counter.Get<int>(DayColumn) == fresh.Day ? counter.Get<int>(DayCountColumn) : 0,
            };
    }

    private static TableWrite CounterWrite(TableRow? counter, StartCounts counts)
    {
        Dictionary<string, object> columns = new()
        {
            [HourColumn] = counts.Hour,
            [HourCountColumn] = counts.InHour + 1,
            [DayColumn] = counts.Day,
            [DayCountColumn] = counts.InDay + 1,
        };
        return counter is null ? TableWrite.Insert(CounterRow, columns) : TableWrite.Replace(CounterRow, counter.ETag, columns);
    }

    private static Dictionary<string, object> PendingColumns(byte[] codeHash, DateTimeOffset now) => new()
    {
        [CodeColumn] = codeHash,
        [ExpiresColumn] = now + TransportLimits.CodeLife,
        [AttemptsColumn] = 0,
    };

    private static bool HasEnded(TableRow row, DateTimeOffset now) => row.RowKey != CounterRow && row.Get<DateTimeOffset>(ExpiresColumn) <= now;

    private async Task<List<TableRow>> ReadAsync(NumberHash number, CancellationToken cancellationToken)
    {
        List<TableRow> rows = [];
        await foreach (TableRow row in storage.Tables.QueryAsync(
            TableNames.Registrations, TableRange.Partition(number.Hex, MaxRowsRead), cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    private Task<CommitResult> CommitAsync(NumberHash number, List<TableWrite> writes, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(TableNames.Registrations, number.Hex, writes, cancellationToken);
}
