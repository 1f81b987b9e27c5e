using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Templates;

/// <summary>
/// A template's id: 24 digits, of which the first 12 are a keyed hash of its name and the others of name and language. So it is also the
/// row's key, which says neither, and a name has one row in each language. A template that is deleted and made again has its id again.
/// </summary>
public sealed class TemplateIds(KeyRing keys)
{
    /// <summary>More digits than an account's id has, fewer than any other node's.</summary>
    public const int Length = 24;

    private const int KeySize = 32;
    private const long Half = 1_000_000_000_000;

    internal static bool IsValid(string? text) => text is { Length: Length } && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    internal async ValueTask<string> CreateAsync(BusinessId business, string name, string language, CancellationToken cancellationToken)
    {
        using KeyLease key = await KeyAsync(business, cancellationToken);
        return First(key, name) + Digits(key, $"{name} {language}", Half).ToString("D12", CultureInfo.InvariantCulture);
    }

    /// <summary>What the ids of a name's templates start with; perhaps another name's too.</summary>
    internal async ValueTask<string> StartAsync(BusinessId business, string name, CancellationToken cancellationToken)
    {
        using KeyLease key = await KeyAsync(business, cancellationToken);
        return First(key, name);
    }

    private static string First(KeyLease key, string name) =>
        ((Half / 10) + Digits(key, name, Half - (Half / 10))).ToString("D12", CultureInfo.InvariantCulture);

    private static long Digits(KeyLease key, string text, long below) =>
        (long)(BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(key.Reveal(), Encoding.UTF8.GetBytes(text))) % (ulong)below);

    private ValueTask<KeyLease> KeyAsync(BusinessId business, CancellationToken cancellationToken) =>
        keys.DerivedKeysAsync(business.Value, "ids", "relay template id", KeySize, cancellationToken);
}
