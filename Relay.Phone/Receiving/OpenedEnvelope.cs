using Relay.Shared.Content;
using Relay.Shared.Signal;

namespace Relay.Phone.Receiving;

/// <summary>An envelope's content exactly when the outcome is a success.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Content">What it held.</param>
/// <param name="HasNewIdentity">Whether the sender's identity key differs from the one known so far.</param>
internal sealed record OpenedEnvelope(SessionOutcome Outcome, DeviceContent? Content = null, bool HasNewIdentity = false)
{
    /// <summary>Whether the session took it, whatever it held.</summary>
    internal bool IsApplied { get; init; }

    public override string ToString() => Outcome.ToString();
}
