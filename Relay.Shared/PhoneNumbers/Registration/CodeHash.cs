using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Registration;

/// <summary>A verification code as it is kept for ten minutes: its HMAC under a random key beside it. Bounded guesses protect it, and the seal.</summary>
internal sealed record CodeHash(byte[] Key, byte[] Hash)
{
    private const int KeySize = 32;

    internal static CodeHash Of(Secret code)
    {
        byte[] key = RandomNumberGenerator.GetBytes(KeySize);
        return new CodeHash(key, Compute(key, code.Reveal()));
    }

    /// <summary>Compares in constant time.</summary>
    internal bool Matches(string code) => CryptographicOperations.FixedTimeEquals(Hash, Compute(Key, code));

    public override string ToString() => "[redacted]";

    private static byte[] Compute(byte[] key, string code) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(code));
}
