using Relay.Load.Driving;

namespace Relay.Load.Killing;

/// <summary>Kills a process of the host's at random and starts it again at once, on the same port and data.</summary>
internal sealed class Killer(IChaosHost host, KillTimes times, Progress progress)
{
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly List<Kill> _kills = [];

    /// <summary>So far; to be read when <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<Kill> Kills => _kills;

    /// <summary>Ends, with the host up, when told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken cancellationToken)
    {
        while (await LivesOnAsync(times.Next(), stopping))
        {
            int victim = times.NextOf(host.Processes.Count);
            long at = Time.GetTimestamp();
            await host.KillAndStartAsync(victim, cancellationToken);
            _kills.Add(new Kill(at, Time.GetElapsedTime(at), host.Processes[victim]));
            progress.Say($"kill {_kills.Count}: the {host.Processes[victim]} was away for {_kills[^1].Away.TotalSeconds:0.0} s");
        }
    }

    private static async Task<bool> LivesOnAsync(TimeSpan life, CancellationToken stopping)
    {
        await Task.WhenAny(Task.Delay(life, Time, stopping));
        return !stopping.IsCancellationRequested;
    }
}

/// <param name="At">When, by the run's clock.</param>
/// <param name="Away">Until it answered again.</param>
/// <param name="Process">Which one.</param>
internal sealed record Kill(long At, TimeSpan Away, string Process);
