using System.Buffers.Binary;
using System.Security.Cryptography;
using Relay.Shared.Signal;

namespace Relay.Phone.Keys;

/// <summary>
/// The Kyber pre-key that is handed out when no one-time key is left, kept after its successor came. It remembers each session it
/// opened, so that a first message opens one once, also when that session is gone.
/// </summary>
internal sealed class LastResortKey : IDisposable
{
    /// <summary>A key that opened as many sessions opens no more, and is replaced: nobody can make the state grow without end.</summary>
    internal const int MaxUses = 2_000;

    private const int NoteBytes = 16;

    public required StoredKyberPreKey Key { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Short hashes of what <see cref="PreKeyUse"/> names.</summary>
    public HashSet<string> Uses { get; init; } = [];

    internal bool IsUsedUp => Uses.Count >= MaxUses;

    /// <summary>False when this very use was noted before.</summary>
    internal bool Note(PreKeyUse use) => Uses.Add(Hash(use));

    public void Dispose() => Key.Dispose();

    private static string Hash(PreKeyUse use)
    {
        Span<byte> ids = stackalloc byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(ids, use.KyberPreKeyId ?? 0);
        BinaryPrimitives.WriteUInt32BigEndian(ids[sizeof(uint)..], use.SignedPreKeyId);
        return Convert.ToBase64String(SHA256.HashData([.. ids, .. use.BaseKey.Serialized]).AsSpan(..NoteBytes));
    }
}
