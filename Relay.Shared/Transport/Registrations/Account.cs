using System.Security.Cryptography;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Registrations;

/// <summary>A registered number: which device holds it and what that device proves itself with.</summary>
/// <param name="Number">The number's hash.</param>
/// <param name="Device">Names the device by its identity key: 32 hex digits.</param>
/// <param name="CredentialHash">SHA-256 of the credential.</param>
/// <param name="SealedPush">Where to push to, sealed; only for a business number.</param>
/// <param name="Signed">When the last call was signed that gave the number to a relay; kept when a device takes it.</param>
/// <param name="ETag">Of its row; null for an account that isn't in storage.</param>
public sealed record Account(NumberHash Number, string Device, byte[] CredentialHash, byte[]? SealedPush, DateTimeOffset? Signed = null, string? ETag = null)
{
    public const uint OnlyDeviceId = 1;

    /// <summary>Envelopes for it are pushed to the relay that acts for it.</summary>
    public bool IsBusiness => SealedPush is not null;

    /// <summary>Whose number it is, as its relay says: numbers of one business are counted together. Null for a device.</summary>
    public string? Business { get; init; }

    /// <summary>Whether its device blocks any business: only then is it worth a look whom.</summary>
    public bool HasBlocks { get; init; }

    /// <summary>What its messages are counted for: its business, or the number alone where the relay didn't say. Null for a device.</summary>
    internal string? CountedFor => IsBusiness ? Business ?? Number.Hex : null;

    /// <summary>Where the device's public keys lie. Another identity key means another partition: keys of two devices never mix in one bundle.</summary>
    internal string KeysPartition => $"{Number.Hex}-{Device}";

    /// <summary>The same device for the same identity key, so that registering again keeps its unused pre-keys.</summary>
    internal static string DeviceOf(byte[] identityKey) => Convert.ToHexStringLower(SHA256.HashData(identityKey).AsSpan(0, 16));
}
