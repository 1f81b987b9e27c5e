namespace Relay.Shared.Primitives;

/// <summary>A business, Relay's tenant: the first part of every partition key. 1 to 20 digits.</summary>
public readonly record struct BusinessId
{
    private readonly string? _value;

    private BusinessId(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("An uninitialised BusinessId was used.");

    public static BusinessId Create() => new(NumericId.Create());

    public static bool TryParse(string? text, out BusinessId id)
    {
        id = NumericId.IsValid(text) ? new BusinessId(text) : default;
        return id._value is not null;
    }

    /// <exception cref="FormatException">Not 1 to 20 digits.</exception>
    public static BusinessId Parse(string text) => TryParse(text, out BusinessId id) ? id : throw new FormatException("A BusinessId has 1 to 20 digits.");

    public override string ToString() => Value;
}
