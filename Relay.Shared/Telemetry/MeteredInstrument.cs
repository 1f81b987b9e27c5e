using System.Diagnostics.Metrics;

namespace Relay.Shared.Telemetry;

/// <summary>An entry of the catalogue. While nobody listens, a measurement is one comparison and allocates nothing.</summary>
public abstract class MeteredInstrument(Instrument instrument, string kind, params IReadOnlyList<TagSet> tags)
{
    public string Name => instrument.Name;

    public string Unit => instrument.Unit ?? string.Empty;

    public string Description => instrument.Description ?? string.Empty;

    /// <summary><c>counter</c> or <c>histogram</c>.</summary>
    public string Kind { get; } = kind;

    public IReadOnlyList<TagSet> Tags { get; } = tags;

    /// <summary>Whether somebody listens, where finding out what to measure costs something.</summary>
    internal bool IsEnabled => instrument.Enabled;
}

/// <summary>Counts, without a tag.</summary>
public sealed class Tally(Counter<long> counter) : MeteredInstrument(counter, "counter")
{
    public void Add(long count)
    {
        if (count > 0 && counter.Enabled)
        {
            counter.Add(count);
        }
    }
}

/// <summary>Counts by one tag.</summary>
public sealed class Tally<T>(Counter<long> counter, TagSet<T> tag) : MeteredInstrument(counter, "counter", tag)
    where T : notnull
{
    public void Add(T value, long count = 1)
    {
        if (count > 0 && counter.Enabled)
        {
            counter.Add(count, tag.Pair(value));
        }
    }
}

/// <summary>Times in seconds, without a tag.</summary>
public sealed class Timing(Histogram<double> histogram) : MeteredInstrument(histogram, "histogram")
{
    public void Record(TimeSpan time)
    {
        if (histogram.Enabled)
        {
            histogram.Record(Math.Max(0, time.TotalSeconds));
        }
    }
}

/// <summary>Times in seconds, by one tag.</summary>
public sealed class Timing<T>(Histogram<double> histogram, TagSet<T> tag) : MeteredInstrument(histogram, "histogram", tag)
    where T : notnull
{
    public void Record(T value, TimeSpan time)
    {
        if (histogram.Enabled)
        {
            histogram.Record(Math.Max(0, time.TotalSeconds), tag.Pair(value));
        }
    }
}
