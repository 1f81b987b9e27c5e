namespace Relay.Shared.Primitives;

/// <summary>Which page of a list: so many, after one key or before one.</summary>
/// <param name="Limit">How many at most.</param>
/// <param name="After">The key before the page's first.</param>
/// <param name="Before">The key after the page's last.</param>
public sealed record ListPosition(int Limit, string? After, string? Before);
