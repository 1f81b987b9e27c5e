using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Integrity;

/// <summary>Counts the users who complain about a business on a day: each once, however often, and nobody knows who it was.</summary>
public sealed class Complaints(SketchItems items, SketchStore sketches)
{
    /// <summary>Durable when it returns; may be repeated.</summary>
    /// <param name="business">As its account has it.</param>
    /// <param name="user">Who complains.</param>
    /// <param name="day">Today or yesterday.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task AddAsync(string business, NumberHash user, UtcDay day, CancellationToken cancellationToken)
    {
        ulong item = await items.OfAsync(business, day, user, cancellationToken);
        await sketches.ChangeAsync(business, SketchStore.RowKey(SketchKind.Complained, day), sketch => sketch.Add(item), cancellationToken);
    }
}
