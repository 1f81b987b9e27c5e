using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>What the relay calls a business: the partition of all that is counted of it.</summary>
internal static class BusinessLabel
{
    /// <summary>1 to 64 letters and digits, and not the partition that lists them.</summary>
    internal static bool IsOne(string? text) =>
        text is { Length: > 0 and <= TransportLimits.MaxBusinessLength } && text.All(char.IsAsciiLetterOrDigit) && text != ListedBusinesses.Partition;
}
