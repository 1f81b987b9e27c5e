using System.Globalization;
using System.Security.Cryptography;
using Relay.Shared.Primitives;

namespace Relay.Shared.Transport.Registrations;

/// <summary>Six digits, and the id of the attempt they belong to.</summary>
internal static class VerificationCodes
{
    private const int Digits = 6;
    private const int RegistrationIdBytes = 16;

    internal static Secret Create() => new(RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture));

    internal static string CreateRegistrationId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RegistrationIdBytes));

    internal static bool IsCode(string text) => text.Length == Digits && text.All(char.IsAsciiDigit);

    internal static bool IsRegistrationId(string text) => text.Length == 2 * RegistrationIdBytes && text.All(char.IsAsciiHexDigitLower);
}
