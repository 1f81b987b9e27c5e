// spec/signal.md §1: the dialects in use. A session keeps the one it was opened with (§4.2).

namespace Relay.Shared.Signal;

/// <summary>Ways to hold a session, weakest first.</summary>
[Flags]
public enum SessionProtocols
{
    None = 0,

    /// <summary>Version 3: X3DH and Double Ratchet.</summary>
    X3dh = 1,

    /// <summary>Version 4 without the post-quantum ratchet: peers that know PQXDH but not SPQR.</summary>
    Pqxdh = 2,

    /// <summary>Version 4: PQXDH, Double Ratchet and SPQR.</summary>
    PqxdhSpqr = 4,

    All = X3dh | Pqxdh | PqxdhSpqr,
}
