namespace Relay.Phone.Keys;

/// <summary>
/// How many one-time keys of each kind a device makes when it registers, and fills up to. Where there are none, sessions with it open on its signed and its last-resort
/// key, which are handed out any number of times.
/// </summary>
/// <param name="OneTime">Curve25519 keys, at most <see cref="KeyStock.FullStock"/>.</param>
/// <param name="Kyber">Kyber keys, at most <see cref="KyberStock.FullStock"/>.</param>
public sealed record KeySupply(int OneTime, int Kyber)
{
    /// <summary>A phone's.</summary>
    public static KeySupply Full { get; } = new(KeyStock.FullStock, KyberStock.FullStock);

    /// <summary>For many devices at once that hardly anybody writes to: registering costs few rows.</summary>
    public static KeySupply None { get; } = new(0, 0);

    /// <summary>Fewer than this with the transport are filled up.</summary>
    internal int LowOneTime => Math.Min(KeepKeysStocked.LowStock, OneTime);

    internal int LowKyber => Math.Min(KyberStock.LowStock, Kyber);
}
