namespace Relay.Shared.Primitives;

/// <summary>How fast something may come.</summary>
/// <param name="Burst">How many may come at once, at least 1.</param>
/// <param name="Interval">How long one of them takes to come back.</param>
internal readonly record struct Rate(int Burst, TimeSpan Interval);
