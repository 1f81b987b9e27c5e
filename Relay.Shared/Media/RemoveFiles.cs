using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Media;

/// <summary>Deletes files: the blob, then what leads to it, so that whoever dies in between is followed by another who finds it.</summary>
public sealed class RemoveFiles(MediaStore store, MediaBlobs blobs)
{
    internal async Task ExecuteAsync(MediaRow row, CancellationToken cancellationToken)
    {
        await blobs.DeleteAsync(row.Key.Business, row.Key.File, row.Day, cancellationToken);
        if (row.Note is { } note)
        {
            await store.RemoveAsync(note, cancellationToken);
        }

        await store.RemoveAsync(row.Key.Business, row.Key.Row, cancellationToken);
    }

    /// <summary>Deletes what came with a conversation; says how many files, and whether all are gone.</summary>
    internal async Task<(int Files, bool IsDone)> ExecuteAsync(ConversationKey conversation, CancellationToken cancellationToken)
    {
        IReadOnlyList<MediaNote> notes = await store.ListAsync(conversation, cancellationToken);
        foreach (MediaNote note in notes)
        {
            if (note.Key is { } key && await store.FindRowAsync(key, cancellationToken) is { } row)
            {
                await ExecuteAsync(row, cancellationToken);
            }

            await store.RemoveAsync(note, cancellationToken);
        }

        return (notes.Count, notes.Count < MediaStore.MaxNotes);
    }

    /// <summary>Deletes rows of a business, and the files that they are about; says how many rows.</summary>
    internal async Task<int> ExecuteAsync(BusinessId business, TableRange range, CancellationToken cancellationToken)
    {
        List<TableRow> rows = [];
        await foreach (TableRow row in store.QueryAsync(range, cancellationToken))
        {
            rows.Add(row);
        }

        foreach (TableRow row in rows)
        {
            if (MediaKey.TryParse(business, row.RowKey, out MediaKey key) && MediaStore.Read(key, row) is { } file)
            {
                await ExecuteAsync(file, cancellationToken);
            }
            else
            {
                await store.RemoveAsync(business, row.RowKey, cancellationToken);
            }
        }

        return rows.Count;
    }
}
