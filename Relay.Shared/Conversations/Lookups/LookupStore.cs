using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations.Lookups;

/// <summary>
/// Table <c>lookup</c>: leads from a number to its conversation's random id (spec/storage.md §1). PartitionKey <c>{business}-{epoch}</c>, RowKey the hex
/// HMAC-SHA256 of phone number id and user under the business's lookup key of that epoch. All callers get the same
/// conversation: the row is inserted once, and who loses takes the winner's. In a new epoch the row is inserted anew on first use and leads
/// where the one before leads, so who re-keys when, and how many at once, makes no difference.
/// </summary>
public sealed class LookupStore(ITableStore tables, KeyRing keys, TimeProvider time)
{
    /// <summary>So long after an epoch began a clock that is behind may still be in the one before: a new number is claimed there first.</summary>
    internal static readonly TimeSpan MaxClockSkew = TimeSpan.FromHours(1);

    private const int MaxCached = 100_000;
    private const int MaxRaces = 10;

    private readonly LookupTable _rows = new(tables);
    private readonly LookupPlaces _places = new(keys);
    private readonly ShortCache<string, object> _cache = new(time, TimeSpan.FromMinutes(10), MaxCached);

    public async ValueTask<ConversationId> FindOrCreateAsync(
        BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken)
    {
        LookupPlace place = await _places.PlaceAsync(business, Current, number, user, cancellationToken);
        if (_cache.TryGet(CacheKey(place)) is ConversationId known)
        {
            return known;
        }

        LookupAnswer found = await ResolveAsync(place, number, user, ConversationId.Create(), revives: true, cancellationToken);
        ConversationId conversation = found.Conversation ?? throw Raced();
        _cache.Put(CacheKey(place), conversation);
        return conversation;
    }

    /// <summary>The conversation, or null while there is none.</summary>
    public async Task<ConversationId?> FindAsync(BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken) =>
        (await PeekAsync(business, number, user, cancellationToken)).Conversation;

    /// <summary>What a number leads to now, cached nowhere and changing nothing.</summary>
    internal async Task<LookupAnswer> PeekAsync(BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken)
    {
        LookupPlace place = await _places.PlaceAsync(business, Current, number, user, cancellationToken);
        LookupEntry? entry = await _rows.ReadAsync(place, cancellationToken);
        if (entry is null && await _places.FindPlaceAsync(business, Current.Previous, number, user, cancellationToken) is { } before)
        {
            entry = await _rows.ReadAsync(before, cancellationToken);
        }

        return entry?.ToAnswer() ?? default;
    }

    /// <summary>The row that leads to a conversation in this epoch, as its session row remembers it for deletion.</summary>
    internal async ValueTask<string> ReferenceAsync(BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken) =>
        (await _places.PlaceAsync(business, Current, number, user, cancellationToken)).Reference;

    /// <summary>
    /// Puts the row back (or finds it there) for a conversation that is about to get a session; says which conversation the number has. Never
    /// leads to what was erased.
    /// </summary>
    internal async Task<LookupAnswer> EnsureAsync(
        BusinessId business, PhoneNumberId number, PhoneNumber user, ConversationId conversation, CancellationToken cancellationToken) =>
        await ResolveAsync(await _places.PlaceAsync(business, Current, number, user, cancellationToken), number, user, conversation, revives: false, cancellationToken);

    /// <summary>Puts back a row that was deleted under a session's feet.</summary>
    internal async Task RestoreAsync(BusinessId business, string reference, ConversationId conversation, CancellationToken cancellationToken)
    {
        if (LookupPlace.TryParse(business, reference, out LookupPlace? place))
        {
            await _rows.TryInsertAsync(place, conversation, isErased: false, erasedAt: null, cancellationToken);
        }
    }

    /// <summary>Removes a row, if it still leads, or led before an erasure, to that conversation.</summary>
    internal async Task DeleteAsync(BusinessId business, string reference, ConversationId conversation, CancellationToken cancellationToken)
    {
        if (!LookupPlace.TryParse(business, reference, out LookupPlace? place))
        {
            return;
        }

        if (await _rows.ReadAsync(place, cancellationToken) is { } found && found.Conversation == conversation)
        {
            await _rows.DeleteAsync(place, found, cancellationToken);
        }

        Forget(place);
    }

    /// <summary>Looks anew from now on for what a number leads to.</summary>
    internal async ValueTask ForgetAsync(BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken) =>
        Forget(await _places.PlaceAsync(business, Current, number, user, cancellationToken));

    /// <summary>Looks anew from now on.</summary>
    internal void Forget(LookupPlace place) => _cache.Remove(CacheKey(place));

    private LookupEpoch Current => LookupEpoch.Of(UtcDay.Today(time));

    private bool IsYoung(LookupEpoch epoch) =>
        time.GetUtcNow() < new DateTimeOffset(epoch.FirstDay.Date, TimeOnly.MinValue, TimeSpan.Zero) + MaxClockSkew;

    private static string CacheKey(LookupPlace place) => $"{place.Partition}-{place.Hash}";

    internal static StorageFaultException Raced() => new("lookup insert", TableNames.Lookup, 0, "came and went");

    /// <param name="place">In the current epoch.</param>
    /// <param name="number">The business number.</param>
    /// <param name="user">The user.</param>
    /// <param name="candidate">Where it is to lead when it leads nowhere.</param>
    /// <param name="revives">Whether a number that was erased is to lead there too.</param>
    /// <param name="cancellationToken">Cancels.</param>
    private async Task<LookupAnswer> ResolveAsync(
        LookupPlace place, PhoneNumberId number, PhoneNumber user, ConversationId candidate, bool revives, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            if (await _rows.ReadAsync(place, cancellationToken) is not { } entry)
            {
                LookupAnswer before = await BeforeAsync(place, number, user, candidate, cancellationToken);
                if (before is { Conversation: null, ErasedAt: not null } && !revives)
                {
                    return before;
                }

                ConversationId leads = before.Conversation ?? candidate;
                if (await _rows.TryInsertAsync(place, leads, isErased: false, before.ErasedAt, cancellationToken))
                {
                    return new LookupAnswer(leads, before.ErasedAt);
                }
            }
            else if (!entry.IsErased || !revives)
            {
                return entry.ToAnswer();
            }
            else if (await _rows.TryReplaceAsync(place, entry, candidate, isErased: false, entry.ErasedAt, cancellationToken))
            {
                return new LookupAnswer(candidate, entry.ErasedAt);
            }
        }

        throw Raced();
    }

    /// <summary>What the epoch before says of a number that this one doesn't know yet.</summary>
    private async Task<LookupAnswer> BeforeAsync(
        LookupPlace place, PhoneNumberId number, PhoneNumber user, ConversationId candidate, CancellationToken cancellationToken)
    {
        bool isYoung = IsYoung(place.Epoch);
        LookupPlace? before = isYoung
            ? await _places.PlaceAsync(place.Business, place.Epoch.Previous, number, user, cancellationToken)
            : await _places.FindPlaceAsync(place.Business, place.Epoch.Previous, number, user, cancellationToken);
        if (before is null)
        {
            return default;
        }

        if (await _rows.ReadAsync(before, cancellationToken) is { } entry)
        {
            return entry.ToAnswer();
        }

        return !isYoung || await _rows.TryInsertAsync(before, candidate, isErased: false, erasedAt: null, cancellationToken)
            ? default
            : (await _rows.ReadAsync(before, cancellationToken))?.ToAnswer() ?? default;
    }
}
