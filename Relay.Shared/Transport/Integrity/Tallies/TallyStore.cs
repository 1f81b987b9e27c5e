using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Integrity.Tallies;

/// <summary>
/// Table <c>signals</c>, tallies: RowKey <c>n-{day}-{instance}</c>, one instance's totals of a day, written whole by that instance alone, so that a repeat changes nothing; and
/// <c>day-{day}</c>, what a day that is over came to, inserted once: then its sketches and the instances' rows are not needed any more.
/// </summary>
public sealed class TallyStore(TransportStorage storage)
{
    private const string TallyColumn = "tally";
    private const string MessagedColumn = "messaged";
    private const string ServedColumn = "served";
    private const string ComplainedColumn = "complained";
    private const string DayPrefix = "day-";

    /// <summary>Instances that may have counted on one day.</summary>
    private const int MaxInstances = 5_000;

    internal Task SaveAsync(string business, UtcDay day, string instance, DayTally tally, CancellationToken cancellationToken) => storage.Tables.CommitAsync(
        TableNames.Signals, business, [TableWrite.Upsert($"n-{day.Key}-{instance}", new Dictionary<string, object> { [TallyColumn] = tally.Encode() })], cancellationToken);

    /// <summary>What all instances have written of a day.</summary>
    internal async Task<DayTally> ReadAsync(string business, UtcDay day, CancellationToken cancellationToken)
    {
        DayTally sum = new();
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.Signals, TableRange.StartingWith(business, $"n-{day.Key}-", MaxInstances), cancellationToken))
        {
            sum.Add(DayTally.Decode(row.Get<byte[]>(TallyColumn)));
        }

        return sum;
    }

    /// <summary>Takes down what a day came to; the first one stands.</summary>
    internal Task CloseDayAsync(string business, DaySignals signals, CancellationToken cancellationToken) => storage.Tables.CommitAsync(
        TableNames.Signals,
        business,
        [
            TableWrite.Insert(DayPrefix + signals.Day.Key, new Dictionary<string, object>
            {
                [TallyColumn] = signals.Tally.Encode(),
                [MessagedColumn] = signals.Messaged,
                [ServedColumn] = signals.Served,
                [ComplainedColumn] = signals.Complained,
            }),
        ],
        cancellationToken);

    /// <summary>Days that are over, from <paramref name="from"/> on, oldest first.</summary>
    internal async Task<List<DaySignals>> ReadDaysAsync(string business, UtcDay from, CancellationToken cancellationToken)
    {
        List<DaySignals> days = [];
        TableRange range = TableRange.StartingWith(business, DayPrefix, DaySignals.DaysKept + 2) with { FromRowKey = DayPrefix + from.Key };
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.Signals, range, cancellationToken))
        {
            if (UtcDay.TryParse(row.RowKey[DayPrefix.Length..], out UtcDay day))
            {
                days.Add(new DaySignals(
                    day, DayTally.Decode(row.Get<byte[]>(TallyColumn)), row.Get<long>(MessagedColumn), row.Get<long>(ServedColumn), row.Get<long>(ComplainedColumn)));
            }
        }

        return days;
    }
}

/// <summary>What a day came to, in counts.</summary>
/// <param name="Day">Which.</param>
/// <param name="Tally">Messages.</param>
/// <param name="Messaged">Distinct users that were messaged.</param>
/// <param name="Served">Distinct users that were messaged within a service window.</param>
/// <param name="Complained">Distinct users that reported or blocked the business.</param>
public sealed record DaySignals(UtcDay Day, DayTally Tally, long Messaged, long Served, long Complained)
{
    /// <summary>How long a day's counts are kept: what bursts are compared with.</summary>
    public const int DaysKept = 28;
}
