// spec/signal.md §4.1, "States", by their names there. The numbers are in stored records: they stay.

namespace Relay.Shared.Signal.Spqr;

/// <summary>Where the key agreement stands. The first five make the key of an epoch, the others the ciphertext.</summary>
internal enum BraidState : byte
{
    KeysUnsampled = 0,
    KeysSampled = 1,
    HeaderSent = 2,
    Ct1Received = 3,
    EkSentCt1Received = 4,
    NoHeaderReceived = 5,
    HeaderReceived = 6,
    Ct1Sampled = 7,
    EkReceivedCt1Sampled = 8,
    Ct1Acknowledged = 9,
    Ct2Sampled = 10,
}
