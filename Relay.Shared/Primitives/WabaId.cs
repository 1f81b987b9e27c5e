namespace Relay.Shared.Primitives;

/// <summary>A WhatsApp Business Account as the Graph names it. 1 to 20 digits.</summary>
public readonly record struct WabaId
{
    private readonly string? _value;

    private WabaId(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("An uninitialised WabaId was used.");

    public static WabaId Create() => new(NumericId.Create());

    public static bool TryParse(string? text, out WabaId id)
    {
        id = NumericId.IsValid(text) ? new WabaId(text) : default;
        return id._value is not null;
    }

    /// <exception cref="FormatException">Not 1 to 20 digits.</exception>
    public static WabaId Parse(string text) => TryParse(text, out WabaId id) ? id : throw new FormatException("A WabaId has 1 to 20 digits.");

    public override string ToString() => Value;
}
