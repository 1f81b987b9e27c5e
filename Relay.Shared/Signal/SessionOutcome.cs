namespace Relay.Shared.Signal;

/// <summary>What became of a protocol step. Only <see cref="Success"/> changes anything; the sender is told none of the detail.</summary>
public enum SessionOutcome
{
    Success = 0,

    /// <summary>An ordinary message, and no session to read it with.</summary>
    NoSession,

    /// <summary>Read before, or so late that its key was dropped.</summary>
    Duplicate,

    /// <summary>Its counter is more than <see cref="SignalLimits.MaxJump"/> ahead.</summary>
    TooFarAhead,

    /// <summary>Not from this peer, not for us, or altered.</summary>
    BadMac,

    /// <summary>Not the grammar of the wire format, or sealed content that doesn't unpad.</summary>
    Malformed,

    /// <summary>For callers: they compare identity keys before a step, no step here returns it.</summary>
    UntrustedIdentity,

    /// <summary>The message names a pre-key that was not given.</summary>
    UnknownPreKey,

    /// <summary>A pre-key of the bundle, signed or Kyber, isn't signed by the bundle's identity.</summary>
    BadSignature,

    /// <summary>A low-order, mixed-order or non-canonical key.</summary>
    BadKey,

    /// <summary>A protocol version other than 3 and 4.</summary>
    UnsupportedVersion,

    /// <summary>A session of a kind that the caller's <see cref="SignalPolicy"/> doesn't allow to be opened.</summary>
    RefusedByPolicy,

    /// <summary>
    /// Authentic, but it names other addresses of sender and recipient than the caller gave, or the caller gave none. Treat it as
    /// <see cref="BadMac"/>: it wasn't made for this conversation.
    /// </summary>
    WrongAddresses,
}
