using System.Text;
using Relay.Privacy.Story;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Privacy.Stealing;

/// <summary>A sealed blob with its place, as whoever has copied an account and knows Relay's code has it.</summary>
/// <param name="Account">From where.</param>
/// <param name="Tenant">Whose key sealed it.</param>
/// <param name="Place">What it is bound to.</param>
/// <param name="Blob">The bytes.</param>
/// <param name="Day">The day whose key sealed it; null for a long-lived key.</param>
internal sealed record SealedThing(Account Account, string Tenant, SealedPlace Place, byte[] Blob, UtcDay? Day)
{
    private static readonly string[] s_webhookChunks = ["p", "p1", "p2"];

    /// <summary>Every blob in an account.</summary>
    public static IEnumerable<SealedThing> In(AccountCopy copy)
    {
        Dictionary<string, string> owners = copy.Of(TableNames.Numbers).ToDictionary(row => row.RowKey, row => row.PartitionKey);
        foreach ((string table, TableRow row) in copy.Rows.Where(entry => entry.Table != TableNames.Dek))
        {
            foreach ((string column, object value) in row.Columns)
            {
                if (value is byte[] bytes && SealedBlob.TryReadDay(bytes, out UtcDay? day))
                {
                    yield return new SealedThing(copy.Account, Owner(copy.Account, table, row, owners), PlaceOf(table, row, column), bytes, day);
                }
            }
        }

        foreach ((string queue, string body) in copy.Messages.Concat(copy.Of(TableNames.Parked).Select(Parked)))
        {
            if (TryReadBody(queue, body) is { } item && SealedBlob.TryReadDay(item.Body, out UtcDay? day))
            {
                yield return new SealedThing(copy.Account, item.Business, item.Place(queue), item.Body ?? [], day);
            }
        }
    }

    public override string ToString() => $"{Account.Name} {Place.Table} {Place.Column}";

    private static string Owner(Account account, string table, TableRow row, Dictionary<string, string> owners) => (account.Name, table) switch
    {
        (Stage.TransportName, _) => TransportKeys.Tenant,
        (_, TableNames.PreKeys) => owners.GetValueOrDefault(row.PartitionKey, string.Empty),
        _ => row.PartitionKey.Split('-')[0],
    };

    /// <summary>Sessions count their writes and webhooks may have several chunks; all else is whole and written once.</summary>
    private static SealedPlace PlaceOf(string table, TableRow row, string column)
    {
        SealedPlace whole = new(table, row.PartitionKey, row.RowKey, column);
        if (table != TableNames.Conversations)
        {
            return whole;
        }

        if (row.RowKey == "S")
        {
            return whole with { Generation = row.Get<long>("gen"), Chunk = "0123456789ab".IndexOf(column[1], StringComparison.Ordinal), Chunks = row.Get<int>("chunks") };
        }

        string[] chunks = [.. s_webhookChunks.TakeWhile(name => row.Get<byte[]>(name, []).Length > 0)];
        int chunk = Array.IndexOf(chunks, column);
        return row.RowKey[0] is 'R' or 'W' && chunk >= 0 ? whole with { Chunk = chunk, Chunks = chunks.Length } : whole;
    }

    private static (string Queue, string Body) Parked(TableRow row) => (row.Get<string>("queue"), Encoding.UTF8.GetString(row.Get<byte[]>("item")));

    private static WorkItem? TryReadBody(string queue, string body)
    {
        if (queue is not (QueueNames.Outbound or QueueNames.Inbound or QueueNames.OutboundPoison or QueueNames.InboundPoison))
        {
            return null;
        }

        WorkItem item = WorkItem.Parse(body);
        return item.Body is null ? null : item;
    }
}
