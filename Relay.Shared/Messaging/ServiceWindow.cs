namespace Relay.Shared.Messaging;

/// <summary>The 24 hours after a user's message in which a business may answer freely (spec/cloud-api.md §2.4): what it sends then is no approach of its own.</summary>
internal static class ServiceWindow
{
    internal static readonly TimeSpan Length = TimeSpan.FromHours(24);

    /// <param name="heard">When the user last wrote, in Unix milliseconds; 0: never.</param>
    /// <param name="at">When the business's message was accepted.</param>
    internal static bool IsOpen(long heard, DateTimeOffset at) => heard > 0 && at - DateTimeOffset.FromUnixTimeMilliseconds(heard) < Length;
}
