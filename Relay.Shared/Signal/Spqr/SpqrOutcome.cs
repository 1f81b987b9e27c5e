// spec/signal.md §4.1. The client of a session is told none of this detail.

namespace Relay.Shared.Signal.Spqr;

/// <summary>What became of a message of the post-quantum ratchet. On anything but the first two nothing has changed.</summary>
internal enum SpqrOutcome
{
    /// <summary>The message key was written.</summary>
    Success,

    /// <summary>Epoch 1 and index 0: some peers send so, without a key, until they have heard from us.</summary>
    SuccessWithoutKey,

    Malformed,

    /// <summary>The key of that index was given out before, or is older than what is kept.</summary>
    Duplicate,

    /// <summary>More than <see cref="SignalLimits.MaxJump"/> beyond the last one.</summary>
    TooFarAhead,

    /// <summary>An epoch whose keys are gone, or one that cannot be yet.</summary>
    WrongEpoch,

    /// <summary>A key or ciphertext that came together from its chunks is not what its sender made.</summary>
    BadMac,
}
