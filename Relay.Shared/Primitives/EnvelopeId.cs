using System.Security.Cryptography;

namespace Relay.Shared.Primitives;

/// <summary>
/// Names one Signal message on its way through the transport, chosen by its sender and unique per sender and recipient:
/// 8 random bytes as 16 lower-case hex digits. The transport takes it as idempotency key; receipts refer to it.
/// </summary>
public readonly record struct EnvelopeId
{
    public const int Size = 8;

    private readonly string? _hex;

    private EnvelopeId(string hex) => _hex = hex;

    public string Hex => _hex ?? throw new InvalidOperationException("An uninitialised EnvelopeId was used.");

    public static EnvelopeId Create() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Size)));

    public static EnvelopeId FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(Convert.ToHexStringLower(bytes))
        : throw new ArgumentException("An envelope id has 8 bytes.", nameof(bytes));

    public static bool TryParse(string? text, out EnvelopeId id)
    {
        id = text is { Length: 2 * Size } && text.All(char.IsAsciiHexDigitLower) ? new EnvelopeId(text) : default;
        return id._hex is not null;
    }

    public byte[] ToBytes() => Convert.FromHexString(Hex);

    public override string ToString() => Hex;
}
