using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Sketches;

namespace Relay.Shared.Transport.Integrity.Windows;

/// <summary>The current hour under one day's key: what is stored, and what waits to be.</summary>
internal sealed record HourOf(UtcDay KeyDay, StoredSketch Stored)
{
    internal DistinctSketch Waiting { get; } = new();

    /// <summary>Both, and one user more, as they are to be stored; a new sketch, so that a write that fails leaves this one as it is.</summary>
    internal StoredSketch Merged(ulong? item)
    {
        DistinctSketch sketch = Stored.Sketch.Copy();
        sketch.Merge(Waiting);
        if (item is { } one)
        {
            sketch.Add(one);
        }

        return Stored with { Sketch = sketch };
    }
}
