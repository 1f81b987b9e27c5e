using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations.Lookups;

/// <summary>Makes numbers lead nowhere: one by one when a user is erased, all of an epoch when its days are over.</summary>
public sealed class LookupErasure(LookupStore lookup, ITableStore tables, KeyRing keys, TimeProvider time)
{
    /// <summary>A quarter without timers is caught up with.</summary>
    private const int MaxEpochsBack = 3;

    private const int MaxRaces = 10;

    private readonly LookupTable _rows = new(tables);
    private readonly LookupPlaces _places = new(keys);

    /// <summary>Where a number can be found now, and where it leads or led; nothing when it isn't known.</summary>
    internal async Task<FoundLookup?> FindAsync(BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken)
    {
        LookupEpoch now = LookupEpoch.Of(UtcDay.Today(time));
        List<LookupPlace> places = [await _places.PlaceAsync(business, now, number, user, cancellationToken)];
        if (await _places.FindPlaceAsync(business, now.Previous, number, user, cancellationToken) is { } before)
        {
            places.Add(before);
        }

        if (time.GetUtcNow() + LookupStore.MaxClockSkew >= new DateTimeOffset(now.Next.FirstDay.Date, TimeOnly.MinValue, TimeSpan.Zero))
        {
            // Another clock may be in the next one already.
            places.Add(await _places.PlaceAsync(business, now.Next, number, user, cancellationToken));
        }

        List<ConversationId> conversations = [];
        foreach (LookupPlace place in places)
        {
            if (await _rows.ReadAsync(place, cancellationToken) is { } entry && !conversations.Contains(entry.Conversation))
            {
                conversations.Add(entry.Conversation);
            }
        }

        return conversations.Count == 0 ? null : new FoundLookup([.. places.Select(place => place.Reference)], conversations);
    }

    /// <summary>
    /// Makes a row lead nowhere. It stays, so that what was accepted before <paramref name="at"/> is known when it comes up, and is there
    /// even where there was none, so that no older epoch is asked. Repeating it changes nothing, also when the number was met again since.
    /// </summary>
    internal async Task EraseAsync(
        BusinessId business, string reference, ConversationId led, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!LookupPlace.TryParse(business, reference, out LookupPlace? place))
        {
            throw new InvalidDataException("A reference names no lookup row.");
        }

        await EraseAsync(place, led, at, cancellationToken);
        lookup.Forget(place);
    }

    /// <summary>Destroys the keys of epochs in which nothing is looked for any more.</summary>
    internal async Task DestroyPastAsync(BusinessId business, CancellationToken cancellationToken)
    {
        LookupEpoch epoch = LookupEpoch.Of(UtcDay.Today(time)).Previous;
        for (int back = 0; back < MaxEpochsBack; back++)
        {
            epoch = epoch.Previous;
            await keys.DestroyNamedAsync(business.Value, epoch.KeyName, cancellationToken);
        }
    }

    /// <summary>Deletes the rows of epochs in which nothing is looked for any more; at most about <paramref name="limit"/> rows.</summary>
    internal async Task<int> DeletePastAsync(BusinessId business, int limit, CancellationToken cancellationToken)
    {
        int deleted = 0;
        LookupEpoch epoch = LookupEpoch.Of(UtcDay.Today(time)).Previous;
        for (int back = 0; back < MaxEpochsBack && deleted < limit; back++)
        {
            epoch = epoch.Previous;
            deleted += await _rows.DeleteEpochAsync(business, epoch, limit - deleted, cancellationToken);
        }

        return deleted;
    }

    /// <summary>Deletes rows of every epoch that may have some; at most about <paramref name="limit"/>; says how many.</summary>
    internal async Task<int> DeleteAllAsync(BusinessId business, int limit, CancellationToken cancellationToken)
    {
        int deleted = 0;
        LookupEpoch epoch = LookupEpoch.Of(UtcDay.Today(time));
        for (int back = 0; back <= MaxEpochsBack && deleted < limit; back++, epoch = epoch.Previous)
        {
            deleted += await _rows.DeleteEpochAsync(business, epoch, limit - deleted, cancellationToken);
        }

        return deleted;
    }

    private async Task EraseAsync(LookupPlace place, ConversationId led, DateTimeOffset at, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            LookupEntry? entry = await _rows.ReadAsync(place, cancellationToken);
            if (entry?.ErasedAt >= at)
            {
                return;
            }

            if (entry is null
                ? await _rows.TryInsertAsync(place, led, isErased: true, at, cancellationToken)
                : await _rows.TryReplaceAsync(place, entry, entry.Conversation, isErased: true, at, cancellationToken))
            {
                return;
            }
        }

        throw LookupStore.Raced();
    }
}

/// <summary>Where a number can be found.</summary>
/// <param name="References">The rows of the live epochs, also those that aren't there.</param>
/// <param name="Conversations">Where they lead or led; at least one.</param>
internal sealed record FoundLookup(IReadOnlyList<string> References, IReadOnlyList<ConversationId> Conversations);
