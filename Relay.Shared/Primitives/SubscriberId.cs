namespace Relay.Shared.Primitives;

/// <summary>
/// Names one subscriber of a business's webhooks: <c>app</c> the app's callback, <c>waba</c> the account's override, <c>n</c> and a phone number
/// id that number's override, else 16 hex digits. Says nothing about the endpoint; fits into a column's name.
/// </summary>
public readonly record struct SubscriberId
{
    private const int HexLength = 16;
    private const char NumberPrefix = 'n';

    private readonly string? _value;

    private SubscriberId(string value) => _value = value;

    public static SubscriberId App { get; } = new("app");

    public static SubscriberId Waba { get; } = new("waba");

    public string Value => _value ?? throw new InvalidOperationException("An uninitialised SubscriberId was used.");

    /// <summary>Whether it is the Cloud API's one callback, by whichever route, and not one of Relay's further subscribers.</summary>
    public bool IsCallback => this == App || this == Waba || Value[0] == NumberPrefix;

    public static SubscriberId OfNumber(PhoneNumberId number) => new(NumberPrefix + number.Value);

    public static SubscriberId Create() => new(Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(HexLength / 2)));

    public static bool TryParse(string? text, out SubscriberId id)
    {
        id = text is not null && (text == App.Value || text == Waba.Value || IsHex(text) || IsNumber(text)) ? new SubscriberId(text) : default;
        return id._value is not null;
    }

    /// <exception cref="FormatException">None of the four forms.</exception>
    public static SubscriberId Parse(string text) => TryParse(text, out SubscriberId id) ? id : throw new FormatException("Not the id of a subscriber.");

    public override string ToString() => Value;

    private static bool IsHex(string text) => text.Length == HexLength && text.All(char.IsAsciiHexDigitLower);

    private static bool IsNumber(string text) => text[..Math.Min(1, text.Length)] == "n" && PhoneNumberId.TryParse(text[1..], out _);
}
