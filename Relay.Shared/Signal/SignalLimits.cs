namespace Relay.Shared.Signal;

/// <summary>Every bound the protocol layer keeps, in one place (spec/signal.md §3.5, §3.9, §3.10, §4).</summary>
public static class SignalLimits
{
    /// <summary>Messages a receiving chain may be behind an arriving one; one more is refused.</summary>
    public const int MaxJump = 25_000;

    /// <summary>Keys kept for messages not yet seen, over all chains of one session; the oldest go first.</summary>
    public const int MaxSkippedKeys = 2_000;

    public const int MaxReceivingChains = 5;

    public const int MaxArchivedSessions = 5;

    /// <summary>Pre-key ids we issue are 1 to this (24 bits, as some peers keep no more). Never 0: some peers drop it.</summary>
    public const uint MaxKeyId = 0xFF_FFFE;

    public const int MaxDeviceId = 127;

    /// <summary>Larger messages are neither made nor read.</summary>
    public const int MaxMessageBytes = 1 << 20;

    /// <summary>Leaves room for everything that goes around a ciphertext.</summary>
    public const int MaxPlaintextBytes = MaxMessageBytes - 4096;

    /// <summary>
    /// A record above this gives up its oldest archived sessions. Only thousands of lost messages make one that large; any single
    /// session stays well below it.
    /// </summary>
    public const int MaxRecordBytes = 360 * 1024;

    public const int PublicKeyBytes = 33;

    public const int PrivateKeyBytes = 32;

    public const int SignatureBytes = 64;
}
