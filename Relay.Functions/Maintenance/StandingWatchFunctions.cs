using Microsoft.Azure.Functions.Worker;
using Relay.Shared.Integrity.Watching;

namespace Relay.Functions.Maintenance;

/// <summary>Tells businesses how they stand.</summary>
public sealed class StandingWatchFunctions(WatchStandings watchStandings)
{
    [Function("WatchStandings")]
    public Task WatchStandingsAsync([TimerTrigger("15 */10 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        watchStandings.ExecuteAsync(cancellationToken);
}
