using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Shared.Transport.Registrations;

/// <summary>Credentials: 256 random bits, so that a plain SHA-256 is all that storage needs.</summary>
internal static class DeviceCredentials
{
    private const int Size = 32;

    /// <summary>What an unknown number's credential is compared with; nothing hashes to it that anyone knows.</summary>
    private static readonly byte[] s_nobody = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    internal static Secret Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size)));

    internal static byte[] Hash(Secret credential) => SHA256.HashData(Encoding.UTF8.GetBytes(credential.Reveal()));

    /// <summary>Takes as long for an unknown number as for a known one.</summary>
    internal static bool Matches(Account? account, Secret credential) =>
        CryptographicOperations.FixedTimeEquals(Hash(credential), account?.CredentialHash ?? s_nobody) && account is not null;
}
