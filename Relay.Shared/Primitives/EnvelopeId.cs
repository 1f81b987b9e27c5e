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

    /// <summary>How often a content is encrypted again at most.</summary>
    public const int MaxRetries = 3;

    /// <summary>
    /// The id under which the content of this id goes out when it is encrypted again for the <paramref name="retry"/>th time: differs in the
    /// last two bits only, and the same step leads back.
    /// </summary>
    public EnvelopeId OfRetry(int retry)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retry);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(retry, MaxRetries);
        return With(Size - 1, (byte)retry);
    }

    /// <summary>
    /// The id of the receipt that asks for the envelope of this id again: so one envelope is asked for once. A hash, so that who chooses
    /// this id can't make it that of another message of ours.
    /// </summary>
    public EnvelopeId OfRetryReceipt() => FromBytes(SHA256.HashData([.. "retry receipt"u8, .. ToBytes()]).AsSpan(0, Size));

    public byte[] ToBytes() => Convert.FromHexString(Hex);

    public override string ToString() => Hex;

    private EnvelopeId With(int at, byte flipped)
    {
        byte[] bytes = ToBytes();
        bytes[at] ^= flipped;
        return FromBytes(bytes);
    }
}
