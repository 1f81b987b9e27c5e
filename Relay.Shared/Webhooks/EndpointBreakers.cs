namespace Relay.Shared.Webhooks;

/// <summary>
/// Keeps an instance from waiting for endpoints that are down: after ten failures in a row an endpoint is called once a minute, until it
/// answers. What isn't called counts as failed and is tried on its schedule.
/// </summary>
public sealed class EndpointBreakers(TimeProvider time)
{
    internal const int FailuresToOpen = 10;

    internal static readonly TimeSpan ProbePause = TimeSpan.FromMinutes(1);

    private const int MaxKept = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<EndpointKey, State> _failing = [];

    /// <summary>Whether to call now. Says yes to one caller a minute while the breaker is open.</summary>
    internal bool TryEnter(EndpointKey endpoint)
    {
        lock (_gate)
        {
            if (!_failing.TryGetValue(endpoint, out State state) || state.Failures < FailuresToOpen)
            {
                return true;
            }

            if (time.GetUtcNow() < state.NextProbe)
            {
                return false;
            }

            _failing[endpoint] = state with { NextProbe = time.GetUtcNow() + ProbePause };
            return true;
        }
    }

    internal void Succeeded(EndpointKey endpoint)
    {
        lock (_gate)
        {
            _failing.Remove(endpoint);
        }
    }

    internal void Failed(EndpointKey endpoint)
    {
        lock (_gate)
        {
            if (_failing.Count >= MaxKept && !_failing.ContainsKey(endpoint))
            {
                _failing.Clear();
            }

            int failures = Math.Min(_failing.GetValueOrDefault(endpoint).Failures, FailuresToOpen) + 1;
            _failing[endpoint] = new State(failures, time.GetUtcNow() + ProbePause);
        }
    }

    private readonly record struct State(int Failures, DateTimeOffset NextProbe);
}
