using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Relay.Shared.Storage;

namespace Relay.Privacy.Watching;

/// <summary>All bytes that were written or logged since somebody last looked, whatever became of them meanwhile.</summary>
internal sealed class Sightings
{
    /// <summary>Between the parts of a row: part of no spelling.</summary>
    private const byte Separator = 0x1F;

    private readonly ConcurrentQueue<Sighting> _waiting = new();

    public void Add(string where, byte[] bytes) => _waiting.Enqueue(new Sighting(where, bytes));

    public void AddText(string where, string text) => Add(where, Encoding.UTF8.GetBytes(text));

    public IEnumerable<Sighting> TakeAll()
    {
        while (_waiting.TryDequeue(out Sighting? sighting))
        {
            yield return sighting;
        }
    }

    /// <summary>Keys, names and values of a row as bytes.</summary>
    public static byte[] Bytes(string partitionKey, string rowKey, IReadOnlyDictionary<string, object> columns)
    {
        using MemoryStream all = new();
        Append(all, Encoding.UTF8.GetBytes(partitionKey));
        Append(all, Encoding.UTF8.GetBytes(rowKey));
        foreach ((string name, object value) in columns)
        {
            Append(all, Encoding.UTF8.GetBytes(name));
            Append(all, value as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty));
        }

        return all.ToArray();
    }

    public static byte[] Bytes(TableRow row) => Bytes(row.PartitionKey, row.RowKey, row.Columns);

    private static void Append(MemoryStream all, byte[] part)
    {
        all.Write(part);
        all.WriteByte(Separator);
    }
}

/// <param name="Where">Account and table or queue, or the log.</param>
/// <param name="Bytes">As they were written.</param>
internal sealed record Sighting(string Where, byte[] Bytes)
{
    public override string ToString() => Where;
}
