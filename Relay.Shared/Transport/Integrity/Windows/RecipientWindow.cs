using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Integrity.Windows;

/// <summary>
/// The distinct users that one business messaged outside of service windows in the last 24 hours, as 24 to 25 hours. Each user is counted under yesterday's key, which
/// knows both days, and under today's, which will tomorrow. A tier that is counted exactly has each new user made durable before the message goes; above, new users wait.
/// <code>
/// dies after                 state left        recovered by
/// compare and swap, no send  a user too many   the relay sends again and finds the user counted
/// send, before a merge       users too few     only above 2,000: merged every 30 s, when the host stops, and when 1 % of the limit waits
/// </code>
/// </summary>
internal sealed class RecipientWindow(string business, SketchItems items, SketchStore store, TimeProvider time) : IDisposable
{
    private const int HoursBack = 24;
    private const int MaxRaces = 20;

    /// <summary>What waits is at most this part of a limit.</summary>
    private const int WaitingPart = 100;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private DistinctSketch _users = new();
    private HourOf? _closing;
    private HourOf? _opening;
    private Hour _hour;
    private int _waiting;
    private bool _isStale;

    internal DateTimeOffset UsedAt { get; private set; } = time.GetUtcNow();

    /// <summary>Whether the last user that was to be counted found no room, or took the last.</summary>
    internal bool IsFull { get; private set; }

    /// <summary>Whether something waits for <see cref="MergeAsync"/>.</summary>
    internal bool IsWaiting => Volatile.Read(ref _waiting) > 0;

    /// <summary>How many there are, and whether that is exact.</summary>
    internal Task<(long Users, bool IsExact)> CountAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            await LoadAsync(cancellationToken);
            return (_users.Count, _users.IsExact);
        });

    /// <summary>Whether a user would be counted, or is.</summary>
    internal Task<bool> AdmitsAsync(NumberHash user, MessagingTier tier, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            (HourOf closing, HourOf _) = await LoadAsync(cancellationToken);
            return HasRoom(tier)
                || (_users.IsExact && _users.Contains(await items.OfAsync(business, closing.KeyDay, user, cancellationToken)));
        });

    /// <summary>Counts a user, unless the tier has no room for another one: then false, and nothing is counted.</summary>
    internal Task<bool> TryAddAsync(NumberHash user, MessagingTier tier, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            UsedAt = time.GetUtcNow();
            bool isAdded = await AddAsync(user, tier, cancellationToken);
            IsFull = !HasRoom(tier);
            return isAdded;
        });

    /// <summary>Makes durable what waits.</summary>
    internal Task<bool> MergeAsync(CancellationToken cancellationToken) => InTurnAsync(() => MergeHoursAsync(cancellationToken));

    public void Dispose() => _turn.Dispose();

    private static StorageFaultException LostRaces => new("table commit", TableNames.Signals, 412, null);

    /// <summary>A turn is a few storage calls at most, which end with their own callers: waiting for it is not cancelled.</summary>
    private async Task<T> InTurnAsync<T>(Func<Task<T>> work)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Where there is no limit nothing is estimated.</summary>
    private bool HasRoom(MessagingTier tier) => tier.Limit() is null || tier.Admits(_users.Count, _users.IsExact);

    private async Task<bool> AddAsync(NumberHash user, MessagingTier tier, CancellationToken cancellationToken)
    {
        bool isCounted = tier.Limit() <= DistinctSketch.MaxExact;
        for (int race = 0; race < MaxRaces; race++)
        {
            (HourOf closing, HourOf opening) = await LoadAsync(cancellationToken);
            ulong item = await items.OfAsync(business, closing.KeyDay, user, cancellationToken);
            if (_users.IsExact && _users.Contains(item))
            {
                return true;
            }

            if (!HasRoom(tier))
            {
                return false;
            }

            ulong tomorrows = await items.OfAsync(business, opening.KeyDay, user, cancellationToken);
            if (!isCounted)
            {
                Keep(closing, item, opening, tomorrows);
                return _waiting < tier.Limit() / WaitingPart || tier.Limit() is null || await MergeHoursAsync(cancellationToken);
            }

            if (await SaveAsync(closing, opening, item, tomorrows, cancellationToken))
            {
                return true;
            }
        }

        throw LostRaces;
    }

    /// <summary>Reads what all instances have counted, once an hour and after each lost race.</summary>
    private async Task<(HourOf Closing, HourOf Opening)> LoadAsync(CancellationToken cancellationToken)
    {
        Hour now = Hour.Of(time.GetUtcNow());
        if (_closing is { } closing && _opening is { } opening && _hour == now && !_isStale)
        {
            return (closing, opening);
        }

        if (_waiting > 0 && _hour != now)
        {
            // It was counted under the keys of its hour, so it goes into that.
            await MergeHoursAsync(cancellationToken);
        }

        UtcDay yesterday = now.Day.AddDays(-1);
        List<StoredSketch> hours = await store.ReadHoursAsync(business, SketchKind.Initiated, yesterday, now.AddHours(-HoursBack), cancellationToken);
        string closingKey = SketchStore.RowKey(SketchKind.Initiated, yesterday, now);
        HourOf nowClosing = new(yesterday, hours.Find(stored => stored.RowKey == closingKey) ?? new StoredSketch(closingKey, new DistinctSketch(), null));
        HourOf nowOpening = new(now.Day, await store.FindAsync(business, SketchStore.RowKey(SketchKind.Initiated, now.Day, now), cancellationToken));
        DistinctSketch users = new();
        foreach (StoredSketch stored in hours)
        {
            users.Merge(stored.Sketch);
        }

        if (_hour == now && _closing is not null && _opening is not null)
        {
            nowClosing.Waiting.Merge(_closing.Waiting);
            nowOpening.Waiting.Merge(_opening.Waiting);
            users.Merge(_closing.Waiting);
        }

        (_closing, _opening, _hour, _users, _isStale) = (nowClosing, nowOpening, now, users, false);
        return (nowClosing, nowOpening);
    }

    private void Keep(HourOf closing, ulong item, HourOf opening, ulong tomorrows)
    {
        _users.Add(item);
        if (closing.Waiting.Add(item) | opening.Waiting.Add(tomorrows))
        {
            _waiting++;
        }
    }

    private async Task<bool> MergeHoursAsync(CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces && _waiting > 0; race++)
        {
            if (_closing is not { } closing || _opening is not { } opening)
            {
                break;
            }

            if (!await SaveAsync(closing, opening, null, null, cancellationToken))
            {
                _closing = closing with { Stored = await store.FindAsync(business, closing.Stored.RowKey, cancellationToken) };
                _opening = opening with { Stored = await store.FindAsync(business, opening.Stored.RowKey, cancellationToken) };
                _users.Merge(_closing.Stored.Sketch);
                _isStale = false;
            }
        }

        return _waiting == 0 ? true : throw LostRaces;
    }

    /// <summary>Writes what was stored, what waits and one more. False after a lost race: then the next look reads everything anew.</summary>
    private async Task<bool> SaveAsync(HourOf closing, HourOf opening, ulong? item, ulong? tomorrows, CancellationToken cancellationToken)
    {
        StoredSketch[] merged = [closing.Merged(item), opening.Merged(tomorrows)];
        CommitResult result = await store.SaveAsync(business, merged, cancellationToken);
        if (!result.IsSaved)
        {
            _isStale = true;
            return false;
        }

        if (item is { } added)
        {
            _users.Add(added);
        }

        _closing = new HourOf(closing.KeyDay, merged[0] with { ETag = result.ETags[0] });
        _opening = new HourOf(opening.KeyDay, merged[1] with { ETag = result.ETags[1] });
        _waiting = 0;
        return true;
    }
}
