namespace Relay.Shared.Transport.Registrations;

/// <summary>What makes a number a business's.</summary>
/// <param name="Push">Where its envelopes go. The caller disposes it.</param>
/// <param name="Signed">When the call was signed.</param>
/// <param name="Business">Whose it is; null when the relay doesn't say.</param>
internal sealed record BusinessClaim(PushTarget Push, DateTimeOffset Signed, string? Business);
