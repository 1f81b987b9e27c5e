using System.Buffers;

namespace Relay.Shared.Storage;

/// <summary>
/// Refuses, with an <see cref="ArgumentException"/>, what Azure Table Storage would refuse with 400 or 413. Every adapter calls it
/// before it does anything, because an emulator is laxer than the service (spec/azurite.md).
/// </summary>
public static class TableGuard
{
    private const int MaxColumns = 252;
    private const int MaxColumnName = 255;

    /// <summary>What a write costs in a transaction's body besides its columns: headers of its part, both keys in path and body.</summary>
    private const int EnvelopeBytes = 800;

    private static readonly SearchValues<char> s_forbiddenInKeys = SearchValues.Create(ForbiddenInKeys());

    /// <summary>The service's oldest storable time; an earlier one is refused.</summary>
    private static readonly DateTimeOffset s_earliest = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>3 to 63 ASCII letters and digits, a letter first.</summary>
    public static void CheckTable(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Length is < 3 or > 63 || !char.IsAsciiLetter(table[0]) || !table.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException($"'{table}' is not a table name.", nameof(table));
        }
    }

    /// <summary>1 to 512 characters, none of them <c>/ \ # ?</c> or a control character.</summary>
    public static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > TableLimits.MaxKeyLength || key.AsSpan().ContainsAny(s_forbiddenInKeys))
        {
            // The key itself isn't told: keys stay out of logs.
            throw new ArgumentException($"A key of {key.Length} characters is too long or has a forbidden character.", nameof(key));
        }
    }

    public static void CheckRange(TableRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        CheckKey(range.PartitionKey);
        ArgumentOutOfRangeException.ThrowIfLessThan(range.Limit, 1);
    }

    /// <summary>Checks the number of writes, that each row is written once, and all sizes.</summary>
    public static void CheckCommit(string partitionKey, IReadOnlyList<TableWrite> writes)
    {
        CheckKey(partitionKey);
        ArgumentNullException.ThrowIfNull(writes);
        if (writes.Count is 0 or > TableLimits.MaxWritesPerCommit)
        {
            throw new ArgumentException($"A commit has 1 to {TableLimits.MaxWritesPerCommit} writes, not {writes.Count}.", nameof(writes));
        }

        CheckEachRowOnce(writes);
        long body = 0;
        foreach (TableWrite write in writes)
        {
            CheckKey(write.RowKey);
            CheckETag(write.ETag);
            RowSize row = Measure(partitionKey, write);
            if (row.Stored > TableLimits.MaxRowBytes)
            {
                throw new ArgumentException($"A row of {row.Stored} bytes is over the limit of {TableLimits.MaxRowBytes}.", nameof(writes));
            }

            body += row.Json;
        }

        if (body > TableLimits.MaxCommitBytes)
        {
            throw new ArgumentException($"A commit of about {body} bytes is over the limit of {TableLimits.MaxCommitBytes}.", nameof(writes));
        }
    }

    private static void CheckEachRowOnce(IReadOnlyList<TableWrite> writes)
    {
        if (writes.Count == 1)
        {
            return;
        }

        HashSet<string> seen = new(writes.Count, StringComparer.Ordinal);
        foreach (TableWrite write in writes)
        {
            if (!seen.Add(write.RowKey))
            {
                throw new ArgumentException("A commit writes the same row twice.", nameof(writes));
            }
        }
    }

    private static void CheckETag(string? etag)
    {
        if (etag is not (null or "*") && !(etag.Length > 3 && etag.StartsWith("W/\"", StringComparison.Ordinal) && etag[^1] == '"'))
        {
            throw new ArgumentException("An ETag is the text that was read with a row, or '*'.", nameof(etag));
        }
    }

    /// <summary>The service's own formula for a stored row, and what the row takes in a transaction's JSON.</summary>
    private static RowSize Measure(string partitionKey, TableWrite write)
    {
        if (write.Columns.Count > MaxColumns)
        {
            throw new ArgumentException($"A row has at most {MaxColumns} columns, not {write.Columns.Count}.", nameof(write));
        }

        int keys = partitionKey.Length + write.RowKey.Length;
        long stored = 4 + (2L * keys);
        long json = EnvelopeBytes + (2L * keys);
        foreach ((string name, object value) in write.Columns)
        {
            CheckColumnName(name);
            RowSize column = Measure(name, value);
            stored += 8 + (2L * name.Length) + column.Stored;
            json += (2L * name.Length) + 32 + column.Json;
        }

        return new RowSize(stored, json);
    }

    private static RowSize Measure(string name, object value) => value switch
    {
        byte[] bytes when bytes.Length <= TableLimits.MaxColumnBytes => new(4 + bytes.Length, (bytes.Length + 2) / 3 * 4),
        string text when text.Length * 2 <= TableLimits.MaxColumnBytes => new(4 + (2 * text.Length), JsonLength(text)),
        byte[] or string => throw new ArgumentException($"Column '{name}' is over the limit of {TableLimits.MaxColumnBytes} bytes.", nameof(value)),
        bool or int => new(4, 12),
        long => new(8, 22),
        DateTimeOffset time when time >= s_earliest => new(8, 36),
        DateTimeOffset => throw new ArgumentException($"Column '{name}' holds a time before 1601.", nameof(value)),
        _ => throw new ArgumentException($"Column '{name}' has no type that a table can hold.", nameof(value)),
    };

    /// <summary>An upper bound: the JSON writer turns what isn't plain into <c>\uXXXX</c>.</summary>
    private static long JsonLength(string text)
    {
        long length = 0;
        foreach (char c in text)
        {
            length += char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '.' or ':' or '/' or '=' ? 1 : 6;
        }

        return length;
    }

    private static void CheckColumnName(string name)
    {
        bool isIdentifier = name.Length is > 0 and <= MaxColumnName
            && (char.IsAsciiLetter(name[0]) || name[0] == '_')
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (!isIdentifier || name is "PartitionKey" or "RowKey" or "Timestamp" or "ETag")
        {
            throw new ArgumentException($"'{name}' is not a column name.", nameof(name));
        }
    }

    private static string ForbiddenInKeys() =>
        "/\\#?" + string.Concat(Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl));

    private readonly record struct RowSize(long Stored, long Json);
}
