namespace Relay.Shared.Transport.Numbers;

/// <summary>
/// A number as the transport's tables know it: 64 lower-case hex digits of HMAC-SHA256 under a key that never leaves the key ring.
/// Made only by <see cref="NumberHasher"/>, or read back from what that once made.
/// </summary>
public readonly record struct NumberHash
{
    private const int HexLength = 64;

    private readonly string? _hex;

    private NumberHash(string hex) => _hex = hex;

    public string Hex => _hex ?? throw new InvalidOperationException("An uninitialised NumberHash was used.");

    internal static NumberHash FromBytes(ReadOnlySpan<byte> hash) => new(Convert.ToHexStringLower(hash));

    internal static bool TryParse(string? text, out NumberHash hash)
    {
        hash = text is { Length: HexLength } && text.All(char.IsAsciiHexDigitLower) ? new NumberHash(text) : default;
        return hash._hex is not null;
    }

    public override string ToString() => Hex;
}
