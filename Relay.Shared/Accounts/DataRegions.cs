using Relay.Shared.Graph;

namespace Relay.Shared.Accounts;

/// <summary>The regions that the Cloud API's local storage knows. Relay keeps and answers a region; where data lies is where Relay is deployed.</summary>
internal static class DataRegions
{
    private static readonly string[] s_all = ["AE", "AU", "BH", "BR", "CA", "CH", "DE", "GB", "ID", "IN", "JP", "KR", "SG", "ZA"];

    internal static bool IsKnown(string region) => s_all.Contains(region, StringComparer.OrdinalIgnoreCase);

    internal static GraphError Unknown(string member) => GraphErrorCode.InvalidParameter.Because($"{member} must be one of {string.Join(", ", s_all)}.");
}
