using Relay.Shared.Graph.Messages;
using Relay.Shared.Storage;

namespace Relay.Shared.Billing;

/// <summary>How many messages were sent, delivered and received, by category; and the columns of table <c>counts</c> that say so, absent where there were none.</summary>
internal sealed class UsageTotals
{
    private const string ReceivedColumn = "received";

    private static readonly (UsageFact Fact, string Column)[] s_columns =
    [
        .. Categories.SelectMany(category => new[]
        {
            (new UsageFact(UsageKind.Sent, category), NameOf(category) + "_sent"),
            (new UsageFact(UsageKind.Delivered, category), NameOf(category) + "_delivered"),
        }),
        (new UsageFact(UsageKind.Received, MessageCategory.Service), ReceivedColumn),
    ];

    private readonly Dictionary<UsageFact, long> _counts = [];

    internal static IReadOnlyList<MessageCategory> Categories =>
        [MessageCategory.Authentication, MessageCategory.Marketing, MessageCategory.Utility, MessageCategory.Service];

    internal long this[UsageFact fact] => _counts.GetValueOrDefault(fact);

    /// <summary>As the pricing of statuses calls it.</summary>
    internal static string NameOf(MessageCategory category) => category switch
    {
        MessageCategory.Authentication => "authentication",
        MessageCategory.Marketing => "marketing",
        MessageCategory.Utility => "utility",
        MessageCategory.Service => "service",
        _ => throw new ArgumentOutOfRangeException(nameof(category)),
    };

    internal static UsageTotals Read(TableRow row)
    {
        UsageTotals read = new();
        foreach ((UsageFact fact, string column) in s_columns)
        {
            read.Add(fact, row.Get(column, 0L));
        }

        return read;
    }

    internal void Add(UsageFact fact, long count = 1) => _counts[fact] = _counts.GetValueOrDefault(fact) + count;

    internal void Add(UsageTotals others)
    {
        foreach ((UsageFact fact, long count) in others._counts)
        {
            Add(fact, count);
        }
    }

    internal void WriteTo(Dictionary<string, object> columns)
    {
        foreach ((UsageFact fact, string column) in s_columns)
        {
            if (this[fact] > 0)
            {
                columns[column] = this[fact];
            }
        }
    }
}
