namespace Relay.Shared.Messaging;

/// <param name="IsEnforced">Whether a user who did not write within 24 hours gets templates alone.</param>
public sealed record ServiceWindowRule(bool IsEnforced);
