using Relay.Shared.Graph;

namespace Relay.Shared.Accounts;

/// <summary>The regions that the Cloud API's local storage knows. Relay keeps and answers a region; where data lies is where Relay is deployed.</summary>
internal static class DataRegions
{
    private static readonly string[] s_all = ["AE", "AU", "BH", "BR", "CA", "CH", "DE", "GB", "ID", "IN", "JP", "KR", "SG", "ZA"];

    internal static bool IsKnown(string region) => s_all.Contains(region, StringComparer.OrdinalIgnoreCase);

    /// <summary>Another stamp serves it, at that address.</summary>
    internal static GraphError Elsewhere(string member, string region, Uri baseUrl) => GraphErrorCode.InvalidParameter.Because(
        $"{member}: {region.ToUpperInvariant()} is served at {baseUrl.AbsoluteUri.TrimEnd('/')}. Which region a business's numbers are in is chosen when the first is registered: ask for a business there.");

    internal static GraphError Unknown(string member) => GraphErrorCode.InvalidParameter.Because($"{member} must be one of {string.Join(", ", s_all)}.");
}
