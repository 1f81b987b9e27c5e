using System.Globalization;
using Relay.Shared.Storage;

namespace Relay.Benchmarks.Bare;

/// <summary>What one caller of a bare loop remembers: its keys' ETags, and what it has taken from a queue.</summary>
internal sealed class BareCaller(int number)
{
    private readonly Dictionary<(string Table, string Partition, string Row), string> _etags = [];

    public int Round { get; set; }

    public QueueItem? Taken { get; set; }

    /// <summary>This caller's partition in place of another's.</summary>
    public string Own(string partition) => string.Create(CultureInfo.InvariantCulture, $"{partition}-bare-{number}");

    public void Seen(string table, string partition, string row, string etag) => _etags[(table, partition, row)] = etag;

    public string ETag(string table, string partition, string row) => _etags[(table, partition, row)];
}
