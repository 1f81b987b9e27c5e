namespace Relay.Shared.Primitives;

/// <summary>The id of a business phone number in the Graph (<c>phone-number-id</c>); says nothing about the number itself. 1 to 20 digits.</summary>
public readonly record struct PhoneNumberId
{
    private readonly string? _value;

    private PhoneNumberId(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("An uninitialised PhoneNumberId was used.");

    public static PhoneNumberId Create() => new(NumericId.Create());

    public static bool TryParse(string? text, out PhoneNumberId id)
    {
        id = NumericId.IsValid(text) ? new PhoneNumberId(text) : default;
        return id._value is not null;
    }

    /// <exception cref="FormatException">Not 1 to 20 digits.</exception>
    public static PhoneNumberId Parse(string text) => TryParse(text, out PhoneNumberId id) ? id : throw new FormatException("A PhoneNumberId has 1 to 20 digits.");

    public override string ToString() => Value;
}
