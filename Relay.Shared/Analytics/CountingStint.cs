using Relay.Shared.Billing;
using Relay.Shared.Primitives;

namespace Relay.Shared.Analytics;

/// <summary>What this process has counted of a number on a day, in one row of <c>counts</c>. Guarded by <see cref="MessageCounts"/>.</summary>
internal sealed class CountingStint(BusinessId business, PhoneNumberId number, UtcDay day)
{
    private readonly DayCounts _halfHours = new();
    private readonly UsageTotals _usage = new();

    internal BusinessId Business { get; } = business;

    internal PhoneNumberId Number { get; } = number;

    internal UtcDay Day { get; } = day;

    internal string Row { get; } = $"{day.Key}-{number}-{EnvelopeId.Create().Hex}";

    /// <summary>The insert of its row, once somebody needs it.</summary>
    internal Task? Opening { get; set; }

    /// <summary>Its row's; null before that is there.</summary>
    internal string? ETag { get; set; }

    /// <summary>Transactions that may or may not have happened yet.</summary>
    internal int InFlight { get; set; }

    internal DateTimeOffset? TornAt { get; set; }

    /// <summary>Nothing begins in it any more.</summary>
    internal bool IsEnding { get; set; }

    internal long Changes { get; private set; }

    internal long Written { get; set; }

    internal void Count(IEnumerable<UsageFact> facts, DateTimeOffset now)
    {
        int index = DayCounts.IndexOf(now);
        foreach (UsageFact fact in facts)
        {
            _usage.Add(fact);
            _halfHours.Sent[index] += fact.Kind == UsageKind.Sent ? 1 : 0;
            _halfHours.Delivered[index] += fact.Kind == UsageKind.Delivered ? 1 : 0;
            Changes++;
        }
    }

    /// <summary>As it is to be written now; null when that would change nothing.</summary>
    internal CountRow? ToWrite()
    {
        bool isDone = IsEnding && InFlight == 0;
        if (ETag is not { } etag || (Changes == Written && !isDone))
        {
            return null;
        }

        UsageTotals usage = new();
        usage.Add(_usage);
        return new CountRow(Row, Day, Number, etag)
        {
            State = !isDone ? CountState.Open : TornAt is null ? CountState.Closed : CountState.Torn,
            TornAt = TornAt,
            Usage = usage,
            Sent = DayCounts.Encode(_halfHours.Sent),
            Delivered = DayCounts.Encode(_halfHours.Delivered),
        };
    }
}
