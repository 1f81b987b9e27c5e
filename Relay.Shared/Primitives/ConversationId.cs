using System.Security.Cryptography;

namespace Relay.Shared.Primitives;

/// <summary>
/// Names the storage partition of one business number's conversation with one user: 16 random bytes as 32 lower-case hex digits,
/// derived from nothing (spec/storage.md §1).
/// </summary>
public readonly record struct ConversationId
{
    public const int Size = 16;

    private readonly string? _hex;

    private ConversationId(string hex) => _hex = hex;

    public string Hex => _hex ?? throw new InvalidOperationException("An uninitialised ConversationId was used.");

    public static ConversationId Create() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Size)));

    public static ConversationId FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(Convert.ToHexStringLower(bytes))
        : throw new ArgumentException("A conversation id has 16 bytes.", nameof(bytes));

    public static bool TryParse(string? text, out ConversationId id)
    {
        id = text is { Length: 2 * Size } && text.All(char.IsAsciiHexDigitLower) ? new ConversationId(text) : default;
        return id._hex is not null;
    }

    public byte[] ToBytes() => Convert.FromHexString(Hex);

    public override string ToString() => Hex;
}
