using System.Security.Cryptography;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Benchmarks.Stage;

/// <summary>
/// Rows as conversations of a past month leave them: each was used on <see cref="Days"/> days, with four rows of 300 sealed bytes a day (a message, its
/// two statuses, an answer), and has a session and a lookup row. What is sealed there is noise: deletion opens nothing.
/// </summary>
internal sealed class OldConversations(ITableStore tables, BusinessId business, UtcDay firstDay)
{
    internal const int Days = 5;
    internal const int RowsPerConversation = (4 * Days) + 1;

    private const int SealedBytes = 300;
    private const string Number = "200200200200200";

    private readonly byte[] _sealed = RandomNumberGenerator.GetBytes(SealedBytes);

    /// <summary>The last day on which any of them has rows.</summary>
    internal UtcDay LastDay => firstDay.AddDays(Days - 1);

    internal async Task AddAsync(CancellationToken cancellationToken)
    {
        ConversationId conversation = ConversationId.Create();
        string partition = new ConversationKey(business, conversation).Partition;
        LookupPlace place = new(business, LookupEpoch.Of(firstDay), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        await CommitAsync(TableNames.Lookup, place.Partition, [Insert(place.Hash, ("conv", conversation.Hex), ("state", "Active"))], cancellationToken);
        List<TableWrite> rows = [Insert("S", ("day", LastDay.Key), ("lookup", place.Reference), ("s0", _sealed))];
        for (int i = 0; i < Days; i++)
        {
            UtcDay day = firstDay.AddDays(i);
            string message = EnvelopeId.Create().Hex;
            foreach (string row in (string[])[$"O:{message}", $"W:{message}:sent", $"W:{message}:delivered", $"R:{EnvelopeId.Create().Hex}"])
            {
                rows.Add(Insert(row, ("day", day.Key), ("p", _sealed)));
            }

            string shard = $"{day.Key}-{int.Parse(conversation.Hex.AsSpan(0, 1), System.Globalization.NumberStyles.HexNumber, null)}";
            await CommitAsync(TableNames.Expiry, shard, [Insert(partition, ("number", Number))], cancellationToken);
        }

        await CommitAsync(TableNames.Conversations, partition, rows, cancellationToken);
    }

    private static TableWrite Insert(string row, params (string Name, object Value)[] columns) =>
        TableWrite.Insert(row, columns.ToDictionary(column => column.Name, column => column.Value));

    private Task<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
        tables.CommitAsync(table, partition, writes, cancellationToken);
}
