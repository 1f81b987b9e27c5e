using System.Globalization;
using Relay.Shared.Analytics;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Billing;

/// <summary>
/// A business's bill from table <c>counts</c>: what was delivered, by the rules of the Cloud API since July 2025 (a template's category is billed by what is delivered, all else is
/// free). Never says more than happened; says all of a day that is final.
/// </summary>
public sealed class ReadBill(CountStore counts, TimeProvider time)
{
    internal async Task<Result<BillingAnswer, GraphError>> ExecuteAsync(BusinessId business, BillingQuestion question, CancellationToken cancellationToken)
    {
        if (!question.Read(UtcDay.Today(time)).TryGet(out BillingDays days, out GraphError? mistake))
        {
            return mistake;
        }

        SortedDictionary<(UtcDay Day, string Number), UsageTotals> totals = new(Comparer<(UtcDay Day, string Number)>.Create(
            static (one, other) => one.Day != other.Day ? one.Day.CompareTo(other.Day) : string.CompareOrdinal(one.Number, other.Number)));
        HashSet<UtcDay> open = [];
        int rows = 0;
        await foreach (CountRow row in counts.ListAsync(business, days.First, days.Last, cancellationToken))
        {
            if (++rows > CountStore.MaxRows)
            {
                return GraphErrorCode.InvalidParameter.Because("Too much was counted in that time. Ask for fewer days.");
            }

            (UtcDay, string) key = (row.Day, row.Number.Value);
            UsageTotals total = totals.TryGetValue(key, out UsageTotals? known) ? known : totals[key] = new UsageTotals();
            total.Add(row.Usage);
            if (!row.IsFinal)
            {
                open.Add(row.Day);
            }
        }

        return new BillingAnswer(
            business.Value,
            Text(days.First),
            Text(days.Last),
            open.Count == 0 && IsOver(days.Last),
            [.. totals.SelectMany(one => Lines(one.Key.Day, one.Key.Number, one.Value, !open.Contains(one.Key.Day) && IsOver(one.Key.Day)))]);
    }

    /// <summary>Whether nothing more can be counted on a day, but by what has a row.</summary>
    private bool IsOver(UtcDay day) => time.GetUtcNow() >= MessageCounts.EndOf(day) + SettleUsage.Settling;

    private static IEnumerable<BillingLine> Lines(UtcDay day, string number, UsageTotals totals, bool isFinal)
    {
        foreach (MessageCategory category in UsageTotals.Categories)
        {
            (long sent, long delivered) = (totals[new UsageFact(UsageKind.Sent, category)], totals[new UsageFact(UsageKind.Delivered, category)]);
            if (sent + delivered > 0)
            {
                yield return Line(BillingLine.Outbound, category) with { Billable = category != MessageCategory.Service, Sent = sent, Delivered = delivered };
            }
        }

        if (totals[new UsageFact(UsageKind.Received, MessageCategory.Service)] is > 0 and var received)
        {
            yield return Line(BillingLine.Inbound, MessageCategory.Service) with { Received = received };
        }

        BillingLine Line(string direction, MessageCategory category) => new()
        {
            Day = Text(day),
            Final = isFinal,
            PhoneNumberId = number,
            Direction = direction,
            Category = UsageTotals.NameOf(category),
            Billable = false,
        };
    }

    private static string Text(UtcDay day) => day.Date.ToString(BillingDays.Format, CultureInfo.InvariantCulture);
}
