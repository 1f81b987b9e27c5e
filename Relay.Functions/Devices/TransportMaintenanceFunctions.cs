using Microsoft.Azure.Functions.Worker;
using Relay.Shared.Sealing;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Pushes;

namespace Relay.Functions.Devices;

/// <summary>Ends what is past its days and takes up what was left lying, every hour.</summary>
public sealed class TransportMaintenanceFunctions(DeleteExpiredEnvelopes deleteExpired, SweepPushes sweepPushes, TransportKeys keys)
{
    [Function("TransportDeleteExpired")]
    public Task DeleteExpiredAsync([TimerTrigger("0 20 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        deleteExpired.ExecuteAsync(cancellationToken);

    [Function("TransportRotateKeys")]
    public Task RotateKeysAsync([TimerTrigger("0 5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        keys.Ring.RotateAsync(TransportKeys.Tenant, cancellationToken);

    [Function("TransportSweepPushes")]
    public Task SweepPushesAsync([TimerTrigger("0 20 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        sweepPushes.ExecuteAsync(cancellationToken);
}
