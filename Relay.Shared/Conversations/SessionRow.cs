using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Signal;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// Row <c>S</c> of a conversation: the sealed session in chunks of at most 60 KiB (<c>s0</c>, <c>s1</c>, …); clear are format, era,
/// day, generation, the lookup row that leads here and when the user last wrote.
/// </summary>
internal sealed partial class SessionRow(Sealer sealer)
{
    internal const string RowKey = "S";
    internal const string DayColumn = "day";
    internal const string LookupColumn = "lookup";

    private const int Format = 1;
    private const string FormatColumn = "f";
    private const string EraColumn = "era";
    private const string GenerationColumn = "gen";
    private const string HeardColumn = "heard";
    private const string ChunksColumn = "chunks";
    private const int ChunkSize = 60 * 1024;

    /// <summary>Enough for a record with all the archived sessions and skipped keys that <see cref="SignalLimits"/> allow: whatever a peer sends, its next state fits.</summary>
    private const int MaxChunks = 12;

    internal async ValueTask<TableWrite> WriteAsync(
        ConversationKey key, SessionSlot slot, SessionContent content, string lookupRow, int era, UtcDay day, long heard, CancellationToken cancellationToken)
    {
        SealedSession plain = new(content.Number.Value, content.Peer.Digits, content.Record.Serialize());
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(plain, SessionRowJson.Default.SealedSession);
        int chunks = Math.Max(1, (bytes.Length + ChunkSize - 1) / ChunkSize);
        if (chunks > MaxChunks)
        {
            throw new InvalidDataException("A session is larger than its row may be.");
        }

        long generation = slot.Generation + 1;
        Dictionary<string, object> columns = new()
        {
            [FormatColumn] = Format,
            [EraColumn] = era,
            [DayColumn] = day.Key,
            [GenerationColumn] = generation,
            [ChunksColumn] = chunks,
            [LookupColumn] = lookupRow,
        };
        if (heard > 0)
        {
            columns[HeardColumn] = heard;
        }

        for (int i = 0; i < chunks; i++)
        {
            ReadOnlyMemory<byte> chunk = bytes.AsMemory(i * ChunkSize, Math.Min(ChunkSize, bytes.Length - (i * ChunkSize)));
            columns[Column(i)] = await sealer.SealAsync(key.Business.Value, day, Place(key, generation, i, chunks), chunk, cancellationToken);
        }

        System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        return slot.ETag is null ? TableWrite.Insert(RowKey, columns) : TableWrite.Replace(RowKey, slot.ETag, columns);
    }

    internal async ValueTask<SessionSlot> ReadAsync(ConversationKey key, TableRow row, CancellationToken cancellationToken)
    {
        if (row.Get<int>(FormatColumn) != Format)
        {
            throw new InvalidDataException("A session row has an unknown format.");
        }

        long generation = row.Get<long>(GenerationColumn);
        int chunks = row.Get<int>(ChunksColumn);
        if (chunks is < 1 or > MaxChunks)
        {
            throw new SealBrokenException();
        }

        using MemoryStream whole = new();
        for (int i = 0; i < chunks; i++)
        {
            byte[]? chunk = await sealer.OpenAsync(key.Business.Value, Place(key, generation, i, chunks), row.Get<byte[]>(Column(i)), cancellationToken);
            if (chunk is null)
            {
                return new SessionSlot(row.ETag, generation, row.Get<int>(EraColumn), null) { Heard = row.Get(HeardColumn, 0L) };
            }

            whole.Write(chunk);
        }

        SealedSession plain = JsonSerializer.Deserialize(whole.ToArray(), SessionRowJson.Default.SealedSession) ?? throw new SealBrokenException();
        if (!PhoneNumber.TryParse(plain.Peer, out PhoneNumber? peer) || !SessionRecord.TryParse(plain.Record, out SessionRecord? record))
        {
            throw new SealBrokenException();
        }

        return new SessionSlot(row.ETag, generation, row.Get<int>(EraColumn), new SessionContent(PhoneNumberId.Parse(plain.Number), peer, record)) { Heard = row.Get(HeardColumn, 0L) };
    }

    private static string Column(int chunk) => "s" + "0123456789ab"[chunk];

    private static SealedPlace Place(ConversationKey key, long generation, int chunk, int chunks) =>
        new(TableNames.Conversations, key.Partition, RowKey, Column(chunk), generation, chunk, chunks);

    internal sealed record SealedSession(string Number, string Peer, byte[] Record)
    {
        public override string ToString() => "[redacted]";
    }

    [JsonSerializable(typeof(SealedSession))]
    internal sealed partial class SessionRowJson : JsonSerializerContext;
}
