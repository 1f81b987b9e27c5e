using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Shared.RoleCalls;

/// <summary>
/// What a call between roles carries in <see cref="Header"/>: <c>v1;t=TIME;n=NONCE;s=MAC</c> with Unix milliseconds, 32 hex digits, and the HMAC-SHA256 in
/// hex of version, audience, method, path with query, time, nonce and the SHA-256 of the body, one a line.
/// </summary>
/// <param name="Time">When it was signed, in Unix milliseconds.</param>
/// <param name="Nonce">Never used twice.</param>
/// <param name="Mac">In hex.</param>
public sealed record RoleSignature(long Time, string Nonce, string Mac)
{
    public const string Header = "Relay-Role-Signature";

    /// <summary>How far the two clocks may be apart, and how long a call may take.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Version = "v1";
    private const int NonceSize = 16;
    private const int MaxLength = 256;

    internal static RoleSignature Create(ReadOnlySpan<byte> key, RoleCall call, ReadOnlySpan<byte> body, long time)
    {
        string nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceSize));
        return new RoleSignature(time, nonce, Compute(key, call, body, time, nonce));
    }

    /// <summary>Only its form; whether it is genuine is <see cref="IsBy"/>'s to say.</summary>
    internal static bool TryParse(string? text, [NotNullWhen(true)] out RoleSignature? signature)
    {
        signature = text is { Length: <= MaxLength } && text.Split(';') is [Version, ['t', '=', .. string time], ['n', '=', .. string nonce], ['s', '=', .. string mac]]
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            && IsHex(nonce, NonceSize) && IsHex(mac, SHA256.HashSizeInBytes)
                ? new RoleSignature(milliseconds, nonce, mac)
                : null;
        return signature is not null;
    }

    internal bool IsBy(ReadOnlySpan<byte> key, RoleCall call, ReadOnlySpan<byte> body) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Compute(key, call, body, Time, Nonce)), Encoding.ASCII.GetBytes(Mac));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version};t={Time};n={Nonce};s={Mac}");

    private static string Compute(ReadOnlySpan<byte> key, RoleCall call, ReadOnlySpan<byte> body, long time, string nonce)
    {
        string text = string.Join(
            '\n', Version, call.Audience, call.Method, call.PathAndQuery, time.ToString(CultureInfo.InvariantCulture), nonce, Convert.ToHexStringLower(SHA256.HashData(body)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static bool IsHex(string text, int bytes) => text.Length == 2 * bytes && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>What a call between roles is for, as both ends see it.</summary>
/// <param name="Audience">Who is called: a signature for one is none for another.</param>
/// <param name="Method">Of HTTP, in capitals.</param>
/// <param name="PathAndQuery">As it stands in the request line.</param>
public sealed record RoleCall(string Audience, string Method, string PathAndQuery)
{
    /// <summary>The audience of calls to the transport.</summary>
    public const string ToTransport = "transport";
}
