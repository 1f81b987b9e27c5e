using System.Text.Json.Nodes;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Primitives;

namespace Relay.Shared.Analytics;

/// <summary>The field <c>analytics</c> of an account: how many messages its numbers sent, and how many were delivered, in each half hour, day or month with any.</summary>
public sealed class ShowAnalytics(CountStore store, MessageCounts counts, NumberStore numbers, TimeProvider time)
{
    private const int HalfHourSeconds = 1_800;

    internal async Task<Result<JsonObject, GraphError>> ExecuteAsync(BusinessId business, FieldSelection selection, CancellationToken cancellationToken)
    {
        if (!AnalyticsQuestion.Read(selection, time.GetUtcNow()).TryGet(out AnalyticsQuestion? question, out GraphError? mistake))
        {
            return mistake;
        }

        await counts.FlushAsync(cancellationToken);
        Dictionary<string, string> wanted = [];
        await foreach (BusinessNumber number in numbers.ListAsync(business, cancellationToken))
        {
            if (question.Numbers.Count == 0 || question.Numbers.Contains(number.Number.Digits))
            {
                wanted[number.Id.Value] = number.Number.Digits;
            }
        }

        // Inclusive: the day on which the last moment before the end lies.
        UtcDay last = UtcDay.Of(question.End.AddSeconds(-1));
        SortedDictionary<UtcDay, DayCounts> days = [];
        int rows = 0;
        await foreach (CountRow row in store.ListAsync(business, UtcDay.Of(question.Start), last, cancellationToken))
        {
            if (++rows > CountStore.MaxRows)
            {
                return GraphErrorCode.InvalidParameter.Because("analytics: too much was counted in that time. Ask for a shorter one.");
            }

            if (wanted.ContainsKey(row.Number.Value))
            {
                DayCounts counted = days.TryGetValue(row.Day, out DayCounts? known) ? known : days[row.Day] = new DayCounts();
                DayCounts.Add(counted.Sent, row.Sent);
                DayCounts.Add(counted.Delivered, row.Delivered);
            }
        }

        return new JsonObject
        {
            ["phone_numbers"] = new JsonArray([.. wanted.Values.Order(StringComparer.Ordinal).Select(digits => JsonValue.Create(digits))]),
            ["granularity"] = question.Granularity switch { Granularity.HalfHour => "HALF_HOUR", Granularity.Day => "DAY", _ => "MONTH" },
            ["data_points"] = new JsonArray([.. Points(days, question)]),
        };
    }

    private static IEnumerable<JsonNode> Points(SortedDictionary<UtcDay, DayCounts> days, AnalyticsQuestion question)
    {
        long first = question.Start.ToUnixTimeSeconds() / HalfHourSeconds * HalfHourSeconds;
        return
            from day in days
            let midnight = new DateTimeOffset(day.Key.Date, TimeOnly.MinValue, TimeSpan.Zero)
            from index in Enumerable.Range(0, DayCounts.HalfHours)
            let at = midnight.AddSeconds(index * HalfHourSeconds)
            where at.ToUnixTimeSeconds() >= first && at < question.End && (day.Value.Sent[index] > 0 || day.Value.Delivered[index] > 0)
            let start = StartOf(question.Granularity, at)
            group (Sent: day.Value.Sent[index], Delivered: day.Value.Delivered[index]) by start into point
            select new JsonObject
            {
                ["start"] = point.Key.ToUnixTimeSeconds(),
                ["end"] = EndOf(question.Granularity, point.Key).ToUnixTimeSeconds(),
                ["sent"] = point.Sum(one => (long)one.Sent),
                ["delivered"] = point.Sum(one => (long)one.Delivered),
            };
    }

    private static DateTimeOffset StartOf(Granularity granularity, DateTimeOffset at) => granularity switch
    {
        Granularity.HalfHour => at,
        Granularity.Day => new DateTimeOffset(at.Year, at.Month, at.Day, 0, 0, 0, TimeSpan.Zero),
        _ => new DateTimeOffset(at.Year, at.Month, 1, 0, 0, 0, TimeSpan.Zero),
    };

    private static DateTimeOffset EndOf(Granularity granularity, DateTimeOffset start) => granularity switch
    {
        Granularity.HalfHour => start.AddSeconds(HalfHourSeconds),
        Granularity.Day => start.AddDays(1),
        _ => start.AddMonths(1),
    };
}
