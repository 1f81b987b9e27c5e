using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Statistics;

namespace Relay.Shared.Transport.Integrity.Tallies;

/// <summary>
/// Counts what businesses send, in memory, and makes it durable within 30 seconds and when the host stops: no message costs a storage transaction. A process that is
/// killed loses what it counted since; tiers don't rest on it (<see cref="Windows.RecipientWindows"/>).
/// </summary>
public sealed partial class CountTraffic : IAsyncDisposable
{
    internal static readonly TimeSpan FlushDelay = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(10);

    private readonly SketchItems _items;
    private readonly SketchStore _sketches;
    private readonly TallyStore _tallies;
    private readonly ListedBusinesses _listed;
    private readonly TimeProvider _time;
    private readonly ILogger<CountTraffic> _logger;
    private readonly string _instance = EnvelopeId.Create().Hex;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Business, UtcDay Day), Counted> _counted = [];
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly ITimer _timer;
    private bool _isPlanned;

    public CountTraffic(SketchItems items, SketchStore sketches, TallyStore tallies, ListedBusinesses listed, TimeProvider time, ILogger<CountTraffic> logger)
    {
        _items = items;
        _sketches = sketches;
        _tallies = tallies;
        _listed = listed;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => _ = FlushQuietlyAsync(CancellationToken.None), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Counts a message that was taken for a user, once: not its repeats.</summary>
    /// <param name="business">Whose.</param>
    /// <param name="user">To whom.</param>
    /// <param name="isInitiated">Outside of a service window.</param>
    /// <param name="isFirst">The first of a session.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async ValueTask AddSentAsync(string business, NumberHash user, bool isInitiated, bool isFirst, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        UtcDay day = UtcDay.Of(now);
        ulong item = await _items.OfAsync(business, day, user, cancellationToken);
        ulong ofAll = await _items.OfAsync(ServiceCounts.Label, day, user, cancellationToken);
        lock (_gate)
        {
            Add(Of(business, day), item);
            Add(Of(ServiceCounts.Label, day), ofAll);
            Plan();
        }

        void Add(Counted counted, ulong who)
        {
            counted.Tally.AddSent(now.UtcDateTime.Hour, isInitiated, isFirst);
            counted.Messaged.Add(who);
            if (!isInitiated)
            {
                counted.Served.Add(who);
            }

            counted.Changes++;
        }
    }

    /// <summary>Counts a message for a number that nobody has.</summary>
    internal void AddUndeliverable(string business)
    {
        lock (_gate)
        {
            Counted counted = Of(business, UtcDay.Today(_time));
            counted.Tally.AddUndeliverable();
            counted.Changes++;
            Plan();
        }
    }

    /// <summary>Writes what has changed; what is being written already is waited for.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _flushing.WaitAsync(cancellationToken);
        try
        {
            foreach (Snapshot one in Changed())
            {
                try
                {
                    await WriteAsync(one, cancellationToken);
                    Written(one);
                }
                catch (InvalidDataException exception)
                {
                    // What lies there is none of ours: the others are written all the same.
                    Log.NotWritten(_logger, FaultKind.Of(exception));
                }
            }
        }
        finally
        {
            _flushing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        using CancellationTokenSource late = new(LastFlush);
        await FlushQuietlyAsync(late.Token);
        _flushing.Dispose();
    }

    private async Task FlushQuietlyAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isPlanned = false;
        }

        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            Log.NotWritten(_logger, FaultKind.Of(exception));
            lock (_gate)
            {
                Plan();
            }
        }
    }

    private void Plan()
    {
        if (!_isPlanned)
        {
            _isPlanned = _timer.Change(FlushDelay, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task WriteAsync(Snapshot one, CancellationToken cancellationToken)
    {
        if (one.IsFirst && one.Business != ServiceCounts.Label)
        {
            await _listed.AddAsync(one.Business, cancellationToken);
        }

        await _tallies.SaveAsync(one.Business, one.Day, _instance, one.Tally, cancellationToken);
        await MergeAsync(one.Business, SketchKind.Messaged, one.Day, one.Messaged, cancellationToken);
        await MergeAsync(one.Business, SketchKind.Served, one.Day, one.Served, cancellationToken);
    }

    private Task MergeAsync(string business, SketchKind kind, UtcDay day, DistinctSketch delta, CancellationToken cancellationToken) =>
        _sketches.ChangeAsync(business, SketchStore.RowKey(kind, day), sketch => sketch.Merge(delta), cancellationToken);

    private Counted Of(string business, UtcDay day)
    {
        if (!_counted.TryGetValue((business, day), out Counted? counted))
        {
            _counted[(business, day)] = counted = new Counted();
        }

        return counted;
    }

    /// <summary>Copies: what is counted while they are written is not in them.</summary>
    private List<Snapshot> Changed()
    {
        DateTimeOffset now = _time.GetUtcNow();
        lock (_gate)
        {
            // A day that is over and written needs no memory; ten minutes later nobody is still about to count into it.
            foreach ((string Business, UtcDay Day) over in _counted.Where(one => one.Key.Day < UtcDay.Of(now - Settled) && one.Value.Changes == one.Value.Written).Select(one => one.Key).ToList())
            {
                _counted.Remove(over);
            }

            return
            [
                .. from one in _counted
                   where one.Value.Changes > one.Value.Written
                   select new Snapshot(
                       one.Key.Business,
                       one.Key.Day,
                       one.Value.Changes,
                       one.Value.Written == 0,
                       one.Value.Tally.Copy(),
                       one.Value.Messaged.Copy(),
                       one.Value.Served.Copy()),
            ];
        }
    }

    private void Written(Snapshot written)
    {
        lock (_gate)
        {
            _counted[(written.Business, written.Day)].Written = written.Changes;
        }
    }

    private sealed class Counted
    {
        internal DayTally Tally { get; } = new();

        internal DistinctSketch Messaged { get; } = new();

        internal DistinctSketch Served { get; } = new();

        internal long Changes { get; set; }

        internal long Written { get; set; }
    }

    private sealed record Snapshot(string Business, UtcDay Day, long Changes, bool IsFirst, DayTally Tally, DistinctSketch Messaged, DistinctSketch Served);

    private static partial class Log
    {
        [LoggerMessage(3302, LogLevel.Warning, "Counts of what businesses sent could not be written ({Fault}); they are tried again with the next ones.")]
        internal static partial void NotWritten(ILogger logger, FaultKind fault);
    }
}
