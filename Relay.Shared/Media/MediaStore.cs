using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Media;

/// <summary>
/// Table <c>media</c>. A file's row is there before its blob and goes after it, so every blob can be found by a row; only a row that is <c>ready</c> is a file.
/// <code>
/// {biz}         {minute}-{file}   day, sealed, ready?, device?, note?    a file; the minute is when it is due to go
/// {biz}         {minute}-{hash}   device                                 a file that was fetched from a link (LinkStore)
/// {biz}-{conv}  {message}         row                                    which file came with a user's message: by this it is erased with the conversation
/// </code>
/// </summary>
public sealed class MediaStore(ITableStore tables, Sealer sealer)
{
    internal const string DayColumn = "day";
    internal const string SealedColumn = "sealed";
    internal const string DeviceColumn = "device";
    internal const string NoteColumn = "note";
    private const string ReadyColumn = "ready";
    private const string RowColumn = "row";

    /// <summary>Files of one conversation that are looked at together.</summary>
    internal const int MaxNotes = 1_000;

    /// <summary>Notes an upload that begins, so that its blob is found if it never ends. False: there is such a file.</summary>
    internal async Task<bool> BeginUploadAsync(MediaKey pending, UtcDay day, CancellationToken cancellationToken) =>
        (await CommitAsync(pending, [TableWrite.Insert(pending.Row, new Dictionary<string, object> { [DayColumn] = day.Key })], cancellationToken)).IsSaved;

    /// <summary>Makes a file of an upload; false when its note is gone, and its blob with that.</summary>
    internal async Task<bool> FinishUploadAsync(MediaKey pending, MediaKey final, UtcDay day, MediaFile file, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = await ColumnsAsync(final, day, file, cancellationToken);
        columns[ReadyColumn] = true;
        TableWrite[] writes = pending.Row == final.Row
            ? [TableWrite.Merge(final.Row, null, columns)]
            : [TableWrite.Delete(pending.Row, null), TableWrite.Insert(final.Row, columns)];
        return (await CommitAsync(final, writes, cancellationToken)).IsSaved || await FindAsync(final, cancellationToken) is not null;
    }

    /// <summary>The row of the file of a user's message: the given one, or the one that an earlier run has begun.</summary>
    internal async Task<MediaKey> BeginReceiptAsync(ConversationKey conversation, EnvelopeId message, MediaKey proposed, CancellationToken cancellationToken)
    {
        TableWrite note = TableWrite.Insert(message.Hex, new Dictionary<string, object> { [RowColumn] = proposed.Row });
        if ((await tables.CommitAsync(TableNames.Media, conversation.Partition, [note], cancellationToken)).IsSaved)
        {
            return proposed;
        }

        return await tables.GetAsync(TableNames.Media, conversation.Partition, message.Hex, cancellationToken) is { } row
            && MediaKey.TryParse(conversation.Business, row.Get<string>(RowColumn), out MediaKey found)
                ? found
                : throw new StorageFaultException("media note", TableNames.Media, 0, null);
    }

    /// <summary>Whether what leads from a user's message to its file is still there.</summary>
    internal async Task<bool> HasNoteAsync(MediaNote note, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Media, note.Conversation.Partition, note.Message, cancellationToken) is not null;

    /// <summary>Notes a user's file that is about to be written: the row as it is then, this run's or an earlier one's.</summary>
    internal async Task<MediaRow> BeginFileAsync(
        MediaKey key, ConversationKey conversation, EnvelopeId message, UtcDay day, MediaFile file, CancellationToken cancellationToken)
    {
        if (await FindRowAsync(key, cancellationToken) is { } there)
        {
            return there;
        }

        // Sealed now, so that there is a key of that day whenever the file itself is sealed.
        Dictionary<string, object> columns = await ColumnsAsync(key, day, file, cancellationToken);
        columns[NoteColumn] = $"{conversation.Conversation.Hex}-{message.Hex}";
        await CommitAsync(key, [TableWrite.Insert(key.Row, columns)], cancellationToken);
        return await FindRowAsync(key, cancellationToken) ?? throw new StorageFaultException("media begin", TableNames.Media, 0, null);
    }

    /// <summary>Makes a file of what was begun; false when it is gone, and its blob is to go too.</summary>
    internal async Task<bool> FinishFileAsync(MediaKey key, UtcDay day, MediaFile file, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = await ColumnsAsync(key, day, file, cancellationToken);
        columns[ReadyColumn] = true;
        return (await CommitAsync(key, [TableWrite.Merge(key.Row, null, columns)], cancellationToken)).IsSaved;
    }

    /// <summary>A file; null when there is none, or not yet, or not any more.</summary>
    internal async Task<MediaRow?> FindAsync(MediaKey key, CancellationToken cancellationToken) =>
        await FindRowAsync(key, cancellationToken) is { IsReady: true } row ? row : null;

    internal async Task<MediaFile?> OpenAsync(MediaRow row, CancellationToken cancellationToken) =>
        await OpenAsync(row.Key, SealedColumn, row.Sealed, MediaJson.Default.MediaFile, cancellationToken);

    internal async Task<DeviceFile?> OpenDeviceFileAsync(MediaRow row, CancellationToken cancellationToken) =>
        row.Device is { } blob ? await OpenAsync(row.Key, DeviceColumn, blob, MediaJson.Default.DeviceFile, cancellationToken) : null;

    /// <summary>Remembers where the file waits for devices; nothing when the file is gone.</summary>
    internal async Task SetDeviceFileAsync(MediaRow row, DeviceFile device, CancellationToken cancellationToken)
    {
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(device, MediaJson.Default.DeviceFile);
        byte[] blob = await sealer.SealAsync(row.Key.Business.Value, row.Day, Place(row.Key, DeviceColumn), plain, cancellationToken);
        await CommitAsync(row.Key, [TableWrite.Merge(row.Key.Row, null, new Dictionary<string, object> { [DeviceColumn] = blob })], cancellationToken);
    }

    /// <summary>The files that came with a conversation, at most <see cref="MaxNotes"/>.</summary>
    internal async Task<IReadOnlyList<MediaNote>> ListAsync(ConversationKey conversation, CancellationToken cancellationToken)
    {
        List<MediaNote> notes = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Media, TableRange.Partition(conversation.Partition, MaxNotes), cancellationToken))
        {
            MediaKey? key = MediaKey.TryParse(conversation.Business, row.Get(RowColumn, string.Empty), out MediaKey parsed) ? parsed : null;
            notes.Add(new MediaNote(conversation, row.RowKey, key));
        }

        return notes;
    }

    internal Task RemoveAsync(MediaNote note, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.Media, note.Conversation.Partition, [TableWrite.Delete(note.Message, null)], cancellationToken);

    /// <summary>Rows that a business is to lose.</summary>
    internal IAsyncEnumerable<TableRow> QueryAsync(TableRange range, CancellationToken cancellationToken) => tables.QueryAsync(TableNames.Media, range, cancellationToken);

    internal Task RemoveAsync(BusinessId business, string row, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.Media, business.Value, [TableWrite.Delete(row, null)], cancellationToken);

    /// <summary>A file's row in whatever state.</summary>
    internal async Task<MediaRow?> FindRowAsync(MediaKey key, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Media, key.Business.Value, key.Row, cancellationToken) is { } row ? Read(key, row) : null;

    internal static MediaRow? Read(MediaKey key, TableRow row) => UtcDay.TryParse(row.Get(DayColumn, string.Empty), out UtcDay day)
        ? new MediaRow(key, day, row.Get(ReadyColumn, false), row.Get<byte[]>(SealedColumn, []), row.Columns.TryGetValue(DeviceColumn, out object? device) ? device as byte[] : null)
        {
            Note = MediaNote.TryParse(key, row.Get(NoteColumn, string.Empty)),
        }
        : null;

    private async Task<T?> OpenAsync<T>(MediaKey key, string column, byte[] blob, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await sealer.OpenAsync(key.Business.Value, Place(key, column), blob, cancellationToken) is { } plain ? JsonSerializer.Deserialize(plain, type) : null;

    private async Task<Dictionary<string, object>> ColumnsAsync(MediaKey key, UtcDay day, MediaFile file, CancellationToken cancellationToken)
    {
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(file, MediaJson.Default.MediaFile);
        return new Dictionary<string, object>
        {
            [DayColumn] = day.Key,
            [SealedColumn] = await sealer.SealAsync(key.Business.Value, day, Place(key, SealedColumn), plain, cancellationToken),
        };
    }

    private Task<CommitResult> CommitAsync(MediaKey key, TableWrite[] writes, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.Media, key.Business.Value, writes, cancellationToken);

    private static SealedPlace Place(MediaKey key, string column) => new(TableNames.Media, key.Business.Value, key.Row, column);
}
