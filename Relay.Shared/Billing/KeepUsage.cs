using Relay.Shared.Analytics;
using Relay.Shared.Primitives;

namespace Relay.Shared.Billing;

/// <summary>
/// Before rows of messages go, before their time or in it: what they are counted for is noted where the row of <c>counts</c> that counts them isn't final, since nobody could count
/// them again. A note names no conversation. May run twice: a message has one note.
/// </summary>
public sealed class KeepUsage(CountStore store, MessageCounts counts, TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);
    private const int MaxRemembered = 20_000;

    private readonly ShortCache<(BusinessId, string), string> _final = new(time, Remembered, MaxRemembered);

    internal async Task ExecuteAsync(BusinessId business, IEnumerable<CountedMessage> dying, CancellationToken cancellationToken)
    {
        List<CountedMessage> toNote = [];
        foreach (IGrouping<string, CountedMessage> counted in dying.GroupBy(one => one.Row))
        {
            if (!await IsFinalAsync(business, counted.Key, cancellationToken))
            {
                toNote.AddRange(counted);
            }
        }

        await store.NoteAsync(business, toNote, cancellationToken);
    }

    /// <summary>What this process has just counted is taken back, and will be counted when it happens again.</summary>
    internal void TakeBack(BusinessId business, IEnumerable<CountedMessage> takenBack)
    {
        foreach (CountedMessage one in takenBack)
        {
            counts.TakeBack(business, one.Row);
        }
    }

    private async Task<bool> IsFinalAsync(BusinessId business, string row, CancellationToken cancellationToken)
    {
        if (_final.TryGet((business, row)) is not null)
        {
            return true;
        }

        if (await store.FindAsync(business, row, cancellationToken) is { IsFinal: false })
        {
            return false;
        }

        _final.Put((business, row), row);
        return true;
    }
}
