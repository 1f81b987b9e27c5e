using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// Table <c>lookup</c>: leads from a number to its conversation's random id. PartitionKey <c>{business}-{epoch}</c>, RowKey the hex
/// HMAC-SHA256 of phone number id and user under the business's lookup key of that epoch. All callers get the same
/// conversation: the row is inserted once, and who loses takes the winner's.
/// </summary>
public sealed class LookupStore(ITableStore tables, KeyRing keys, TimeProvider time)
{
    /// <summary>The one epoch so far; rotation every 30 days adds the others.</summary>
    internal const string Epoch = "0000";

    private const string ConversationColumn = "conv";
    private const string StateColumn = "state";
    private const string Active = "Active";
    private const int MaxCached = 100_000;

    private readonly ShortCache<string, object> _cache = new(time, TimeSpan.FromMinutes(10), MaxCached);

    public async ValueTask<ConversationId> FindOrCreateAsync(
        BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken)
    {
        string row = await RowKeyAsync(business, number, user, cancellationToken);
        string cacheKey = business.Value + row;
        if (_cache.TryGet(cacheKey) is ConversationId known)
        {
            return known;
        }

        ConversationId found = await LoadOrInsertAsync(business, row, ConversationId.Create(), cancellationToken);
        _cache.Put(cacheKey, found);
        return found;
    }

    /// <summary>The conversation, or null while there is none.</summary>
    public async Task<ConversationId?> FindAsync(BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken) =>
        await FindAsync(Partition(business), await RowKeyAsync(business, number, user, cancellationToken), cancellationToken);

    /// <summary>The row that leads to a conversation, as its session row remembers it for deletion.</summary>
    internal async ValueTask<string> RowKeyAsync(BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken)
    {
        using SecretBytes key = await keys.NamedKeyAsync(business.Value, "lookup-" + Epoch, cancellationToken);
        Span<byte> input = stackalloc byte[128];
        int length = Append(input, 0, number.Value);
        length = Append(input, length, user.Digits);
        return Convert.ToHexStringLower(HMACSHA256.HashData(key.Reveal(), input[..length]));
    }

    /// <summary>Puts the row back (or finds it there) for a conversation that is about to get a session; says which conversation the number has.</summary>
    internal Task<ConversationId> EnsureAsync(BusinessId business, string row, ConversationId conversation, CancellationToken cancellationToken) =>
        LoadOrInsertAsync(business, row, conversation, cancellationToken);

    /// <summary>Removes the row of an idle conversation, if it still leads there.</summary>
    internal async Task DeleteAsync(BusinessId business, string row, ConversationId conversation, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Lookup, Partition(business), row, cancellationToken) is { } found
            && found.Get<string>(ConversationColumn) == conversation.Hex)
        {
            await tables.CommitAsync(TableNames.Lookup, Partition(business), [TableWrite.Delete(row, found.ETag)], cancellationToken);
        }

        _cache.Remove(business.Value + row);
    }

    private static string Partition(BusinessId business) => $"{business.Value}-{Epoch}";

    private static int Append(Span<byte> input, int at, string text)
    {
        int length = Encoding.ASCII.GetBytes(text, input[(at + 4)..]);
        BinaryPrimitives.WriteInt32BigEndian(input[at..], length);
        return at + 4 + length;
    }

    private async Task<ConversationId> LoadOrInsertAsync(
        BusinessId business, string row, ConversationId candidate, CancellationToken cancellationToken)
    {
        string partition = Partition(business);
        if (await FindAsync(partition, row, cancellationToken) is { } existing)
        {
            return existing;
        }

        Dictionary<string, object> columns = new() { [ConversationColumn] = candidate.Hex, [StateColumn] = Active };
        CommitResult inserted = await tables.CommitAsync(TableNames.Lookup, partition, [TableWrite.Insert(row, columns)], cancellationToken);
        return inserted.IsSaved
            ? candidate
            : await FindAsync(partition, row, cancellationToken) ?? throw new StorageFaultException("lookup insert", TableNames.Lookup, 0, "came and went");
    }

    private async Task<ConversationId?> FindAsync(string partition, string row, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Lookup, partition, row, cancellationToken) is { } found
            ? ConversationId.TryParse(found.Get<string>(ConversationColumn), out ConversationId id) ? id : throw new InvalidDataException("A lookup row names no conversation.")
            : null;
}
