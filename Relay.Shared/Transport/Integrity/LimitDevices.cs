using Relay.Shared.Primitives;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>Holds users' devices to <see cref="DeviceLimits"/>: token buckets in memory, so that no message costs a storage call for it. A repeat counts as the message did.</summary>
public sealed class LimitDevices(DeviceLimits limits, TimeProvider time)
{
    private const int BurstOfMessages = 5;
    private const int BurstOfBundles = 10;
    private const int MaxDevices = 100_000;

    private readonly RateBuckets<NumberHash> _messages = new(time, MaxDevices);
    private readonly RateBuckets<NumberHash> _bundles = new(time, MaxDevices);

    /// <summary>Null when it may send one.</summary>
    internal TransportFailure? TakeMessage(AuthenticatedDevice device) => Take(_messages, device, limits.MessagesPerMinute, BurstOfMessages);

    /// <summary>Null when it may have one.</summary>
    internal TransportFailure? TakeBundle(AuthenticatedDevice device) => Take(_bundles, device, limits.BundlesPerMinute, BurstOfBundles);

    private static TransportFailure? Take(RateBuckets<NumberHash> buckets, AuthenticatedDevice device, int perMinute, int burst) =>
        perMinute == 0 || device.Account.IsBusiness || buckets.TryTake(device.Hash, new Rate(perMinute * burst, TimeSpan.FromMinutes(1) / perMinute), out TimeSpan wait)
            ? null
            : new TransportFailure(TransportErrorCode.TooMany, "This device has done too much of this of late.", wait);
}
