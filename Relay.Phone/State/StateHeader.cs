// header = magic "RLYPHONE" (8) || version 0x01 (1) || kind (1) || salt (16) || passes (4) || memory in KiB (4)     34 bytes
//   kind 1: the key lies in a file; salt, passes and memory are zero.
//   kind 2: Argon2id over a passphrase. Numbers are big endian.

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Relay.Phone.State;

/// <summary>The clear beginning of a state file: where its key comes from. It is authenticated with the content.</summary>
internal sealed record StateHeader
{
    internal const int Size = 34;
    internal const int SaltSize = 16;
    internal const int DefaultPasses = 3;
    internal const int DefaultMemoryKiB = 64 * 1024;

    // The header is read before anything can be authenticated: bounds keep a forged one from taking all memory.
    private const int MaxPasses = 16;
    private const int MaxMemoryKiB = 1024 * 1024;
    private const int MinMemoryKiB = 8;
    private const byte Version = 1;
    private const byte KeyFileKind = 1;
    private const byte PassphraseKind = 2;

    private static ReadOnlySpan<byte> Magic => "RLYPHONE"u8;

    internal static StateHeader KeyFile { get; } = new();

    /// <summary>Null when the key lies in a file.</summary>
    internal byte[]? Salt { get; private init; }

    internal int Passes { get; private init; }

    internal int MemoryKiB { get; private init; }

    internal static StateHeader Passphrase(int passes, int memoryKiB) => new()
    {
        Salt = RandomNumberGenerator.GetBytes(SaltSize),
        Passes = passes,
        MemoryKiB = memoryKiB,
    };

    internal static StateHeader? Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < Size || !file.StartsWith(Magic) || file[8] != Version)
        {
            return null;
        }

        ReadOnlySpan<byte> salt = file[10..26];
        uint passes = BinaryPrimitives.ReadUInt32BigEndian(file[26..]);
        uint memory = BinaryPrimitives.ReadUInt32BigEndian(file[30..]);
        return file[9] switch
        {
            KeyFileKind when passes == 0 && memory == 0 && !salt.ContainsAnyExcept((byte)0) => KeyFile,
            PassphraseKind when passes is > 0 and <= MaxPasses && memory is >= MinMemoryKiB and <= MaxMemoryKiB =>
                new() { Salt = salt.ToArray(), Passes = (int)passes, MemoryKiB = (int)memory },
            _ => null,
        };
    }

    internal void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        Magic.CopyTo(destination);
        destination[8] = Version;
        destination[9] = Salt is null ? KeyFileKind : PassphraseKind;
        Salt?.CopyTo(destination[10..]);
        BinaryPrimitives.WriteInt32BigEndian(destination[26..], Passes);
        BinaryPrimitives.WriteInt32BigEndian(destination[30..], MemoryKiB);
    }
}
