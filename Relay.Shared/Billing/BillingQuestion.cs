using System.Globalization;
using Relay.Shared.Analytics;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Billing;

/// <summary>From which day to which, both included.</summary>
internal readonly record struct BillingDays(UtcDay First, UtcDay Last)
{
    internal const string Format = "yyyy-MM-dd";
}

/// <summary>What the query of a bill says, as it came; empty where it says nothing.</summary>
public sealed record BillingQuestion(string Start, string End)
{
    /// <summary>Without a start from the first of this month on, without an end up to today.</summary>
    internal Result<BillingDays, GraphError> Read(UtcDay today)
    {
        if (!TryRead(Start, new UtcDay(new DateOnly(today.Date.Year, today.Date.Month, 1)), out UtcDay first))
        {
            return Invalid("start must be a day (UTC): yyyy-MM-dd.");
        }

        if (!TryRead(End, today, out UtcDay last))
        {
            return Invalid("end must be a day (UTC): yyyy-MM-dd.");
        }

        if (first > today.AddDays(1))
        {
            return Invalid("start lies in the future.");
        }

        if (last < first)
        {
            return Invalid("end lies before start. Both days are included.");
        }

        return first < today.AddDays(-CountStore.DaysKept) || last.Date.DayNumber - first.Date.DayNumber >= CountStore.DaysKept
            ? Invalid($"A bill reaches {CountStore.DaysKept} days back and covers as many at most.")
            : new BillingDays(first, last);
    }

    private static bool TryRead(string text, UtcDay otherwise, out UtcDay day)
    {
        bool isDay = DateOnly.TryParseExact(text, BillingDays.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date);
        day = text.Length == 0 ? otherwise : new UtcDay(date);
        return text.Length == 0 || isDay;
    }

    private static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because(details);
}
