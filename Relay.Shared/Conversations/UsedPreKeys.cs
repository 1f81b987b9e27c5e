using System.Globalization;

namespace Relay.Shared.Conversations;

/// <summary>
/// The pre-keys that an authentic first message used, by id: noted in the transaction that opens its session, so that whoever goes on after a
/// crash deletes these and not what an envelope claims.
/// </summary>
/// <param name="OneTime">The one-time pre-key.</param>
/// <param name="Kyber">The Kyber pre-key, one-time or last-resort.</param>
internal readonly record struct UsedPreKeys(uint? OneTime, uint? Kyber)
{
    private const char Separator = ',';

    internal bool IsEmpty => OneTime is null && Kyber is null;

    /// <summary>Both ids, 0 for none.</summary>
    internal string Encode() => string.Create(CultureInfo.InvariantCulture, $"{OneTime ?? 0}{Separator}{Kyber ?? 0}");

    internal static UsedPreKeys Decode(string text) =>
        text.Split(Separator) is [{ } oneTime, { } kyber] ? new UsedPreKeys(Parse(oneTime), Parse(kyber)) : default;

    private static uint? Parse(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id > 0 ? id : null;
}
