using Microsoft.Azure.Functions.Worker;
using Relay.Shared.Maintenance;

namespace Relay.Functions.Maintenance;

/// <summary>The relay's timers.</summary>
public sealed class MaintenanceFunctions(DeleteExpired deleteExpired, ReplayParked replayParked, KeepPreKeysStocked keepPreKeysStocked, EraseTold eraseTold, EraseDue eraseDue, RotateKeys rotateKeys)
{
    [Function("DeleteExpired")]
    public Task DeleteExpiredAsync([TimerTrigger("0 10 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        deleteExpired.ExecuteAsync(cancellationToken);

    [Function("EraseDue")]
    public Task EraseDueAsync([TimerTrigger("30 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        eraseDue.ExecuteAsync(cancellationToken);

    [Function("RotateKeys")]
    public Task RotateKeysAsync([TimerTrigger("0 5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        rotateKeys.ExecuteAsync(cancellationToken);

    [Function("EraseTold")]
    public Task EraseToldAsync([TimerTrigger("0 55 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        eraseTold.ExecuteAsync(cancellationToken);

    [Function("ReplayParked")]
    public Task ReplayParkedAsync([TimerTrigger("0 40 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        replayParked.ExecuteAsync(cancellationToken);

    [Function("KeepPreKeysStocked")]
    public Task KeepPreKeysStockedAsync([TimerTrigger("0 25 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        keepPreKeysStocked.ExecuteAsync(cancellationToken);
}
