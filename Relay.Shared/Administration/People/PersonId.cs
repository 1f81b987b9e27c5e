namespace Relay.Shared.Administration.People;

/// <summary>
/// Who may use the admin API: somebody of an Entra tenant, <c>{tenant}.{object id}</c>, or the bearer of a key, 16 hex digits. It says nothing of who they are.
/// </summary>
public readonly record struct PersonId
{
    private const int KeyLength = 16;

    private readonly string? _value;

    private PersonId(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("An uninitialised PersonId was used.");

    /// <summary>Whether a key stands for it.</summary>
    public bool IsKey => Value.Length == KeyLength;

    /// <summary>In Entra; null for a key.</summary>
    public string? ObjectId => IsKey ? null : Value[(Value.IndexOf('.', StringComparison.Ordinal) + 1)..];

    public static PersonId Of(Guid tenant, Guid objectId) => new($"{tenant:D}.{objectId:D}");

    public static PersonId CreateKey() => new(Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(KeyLength / 2)));

    public static bool TryParse(string? text, out PersonId id)
    {
        id = text is not null && (IsHex(text) || IsEntra(text)) ? new PersonId(text) : default;
        return id._value is not null;
    }

    public override string ToString() => Value;

    private static bool IsHex(string text) => text.Length == KeyLength && text.All(char.IsAsciiHexDigitLower);

    private static bool IsEntra(string text) =>
        text.Split('.') is [var tenant, var objectId] && Guid.TryParseExact(tenant, "D", out Guid t) && Guid.TryParseExact(objectId, "D", out Guid o) && text == $"{t:D}.{o:D}";
}
