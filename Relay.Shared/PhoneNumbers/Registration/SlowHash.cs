using System.Security.Cryptography;
using System.Text;

namespace Relay.Shared.PhoneNumbers.Registration;

/// <summary>A PIN as it is kept: PBKDF2-HMAC-SHA256 with a salt of its own. The number of rounds is kept with it, so that it can be raised.</summary>
/// <param name="Salt">16 random bytes.</param>
/// <param name="Rounds">How slow it is.</param>
/// <param name="Hash">32 bytes.</param>
internal sealed record SlowHash(byte[] Salt, int Rounds, byte[] Hash)
{
    private const int CurrentRounds = 600_000;
    private const int SaltSize = 16;
    private const int HashSize = 32;

    internal static SlowHash Of(string pin)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltSize);
        return new SlowHash(salt, CurrentRounds, Derive(pin, salt, CurrentRounds));
    }

    /// <summary>Compares in constant time.</summary>
    internal bool Matches(string pin) => CryptographicOperations.FixedTimeEquals(Hash, Derive(pin, Salt, Rounds));

    public override string ToString() => "[redacted]";

    private static byte[] Derive(string pin, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(pin), salt, rounds, HashAlgorithmName.SHA256, HashSize);
}
