// spec/signal.md §4.1, "Wire".

namespace Relay.Shared.Signal.Spqr;

/// <summary>What a message carries of the key agreement, as on the wire.</summary>
internal enum SpqrMessageType : byte
{
    None = 0,

    /// <summary>A chunk of rho || H(ek) || its MAC.</summary>
    Header = 1,

    /// <summary>A chunk of the rest of the key.</summary>
    Vector = 2,

    /// <summary>The same, and the first half of the ciphertext has arrived.</summary>
    VectorAndAck = 3,

    /// <summary>The first half of the ciphertext has arrived. No chunk.</summary>
    Ack = 4,

    /// <summary>A chunk of the first half of the ciphertext.</summary>
    FirstCiphertext = 5,

    /// <summary>A chunk of the second half and the MAC of both.</summary>
    SecondCiphertext = 6,
}
