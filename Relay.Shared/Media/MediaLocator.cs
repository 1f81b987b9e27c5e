using System.Globalization;
using System.Security.Cryptography;

namespace Relay.Shared.Media;

/// <summary>Where a file is, and what may be known of it without looking: what a media id holds, encrypted.</summary>
/// <param name="Type">Null for a file of a type that can't be uploaded, which only a user's can be.</param>
/// <param name="IsReceived">Whether a user sent it.</param>
/// <param name="ExpiresAt">From when on the id is good for nothing; a whole minute.</param>
/// <param name="File">Names the file.</param>
public readonly record struct MediaLocator(MediaType? Type, bool IsReceived, DateTimeOffset ExpiresAt, MediaFileId File)
{
    public bool CanBe(MediaKind kind) => Type?.CanBe(kind) ?? kind == MediaKind.Document;
}

/// <summary>Names a file of a business: 8 random bytes.</summary>
public readonly record struct MediaFileId
{
    internal const int Size = 8;

    private readonly ulong _value;

    private MediaFileId(ulong value) => _value = value;

    internal string Hex => _value.ToString("x16", CultureInfo.InvariantCulture);

    internal static MediaFileId Create()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return FromBytes(bytes);
    }

    internal static MediaFileId FromBytes(ReadOnlySpan<byte> bytes) => new(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes));

    internal static bool TryParse(ReadOnlySpan<char> hex, out MediaFileId id)
    {
        bool valid = ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value) && hex.Length == 2 * Size;
        id = new MediaFileId(value);
        return valid && hex.SequenceEqual(id.Hex);
    }

    internal void WriteTo(Span<byte> bytes) => System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, _value);

    public override string ToString() => Hex;
}
