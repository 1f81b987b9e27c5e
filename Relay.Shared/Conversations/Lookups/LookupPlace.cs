using System.Diagnostics.CodeAnalysis;
using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations.Lookups;

/// <summary>Where the row of one pair of numbers lies in one epoch.</summary>
/// <param name="Business">Whose.</param>
/// <param name="Epoch">Under whose key <paramref name="Hash"/> was made.</param>
/// <param name="Hash">The row key: 64 lower-case hex digits.</param>
internal sealed record LookupPlace(BusinessId Business, LookupEpoch Epoch, string Hash)
{
    internal string Partition => PartitionOf(Business, Epoch);

    /// <summary>As rows of the conversation remember it for their deletion: <c>{epoch}-{hash}</c>.</summary>
    internal string Reference => $"{Epoch.Key}-{Hash}";

    internal static string PartitionOf(BusinessId business, LookupEpoch epoch) => $"{business.Value}-{epoch.Key}";

    internal static bool TryParse(BusinessId business, string reference, [NotNullWhen(true)] out LookupPlace? place)
    {
        int dash = reference.IndexOf('-', StringComparison.Ordinal);
        place = dash > 0 && LookupEpoch.TryParse(reference[..dash], out LookupEpoch epoch)
            ? new LookupPlace(business, epoch, reference[(dash + 1)..])
            : null;
        return place is not null;
    }
}
