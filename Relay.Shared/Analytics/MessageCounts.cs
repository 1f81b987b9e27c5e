using Microsoft.Extensions.Logging;
using Relay.Shared.Billing;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Analytics;

/// <summary>
/// Counts messages in memory, and writes what this process counted of a day within ten seconds after it changed and when the host stops: no message costs a storage transaction.
/// Exact, because each message names the row that counts it, and that row says whether its process came to write all: of one that was killed, or can't
/// know whether a transaction happened, <c>SettleUsage</c> counts the messages themselves.
/// </summary>
public sealed partial class MessageCounts : IAsyncDisposable
{
    internal static readonly TimeSpan FlushDelay = TimeSpan.FromSeconds(10);

    /// <summary>After the end of a day, until when something of it may still be begun.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterMidnight = TimeSpan.FromMinutes(1);

    private readonly CountStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<MessageCounts> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<(BusinessId Business, PhoneNumberId Number, UtcDay Day), CountingStint> _current = [];
    private readonly HashSet<CountingStint> _ending = [];
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly ITimer _timer;
    private DateTimeOffset? _due;

    public MessageCounts(CountStore store, TimeProvider time, ILogger<MessageCounts> logger)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => _ = FlushQuietlyAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Before a transaction that makes something true that is counted on a day: its row of <c>counts</c> is durable.</summary>
    /// <exception cref="TimeoutException">The day is over too long: begin again.</exception>
    internal async ValueTask<Counting> BeginAsync(BusinessId business, PhoneNumberId number, UtcDay day, CancellationToken cancellationToken)
    {
        CountingStint stint;
        Task opening;
        lock (_gate)
        {
            if (_time.GetUtcNow() >= EndOf(day) + Grace)
            {
                throw new TimeoutException("The day of what is to be counted is over.");
            }

            if (!_current.TryGetValue((business, number, day), out CountingStint? current))
            {
                _current[(business, number, day)] = current = new CountingStint(business, number, day);
            }

            stint = current;
            stint.InFlight++;
            opening = stint.Opening ??= OpenAsync(stint);
        }

        try
        {
            await opening.WaitAsync(cancellationToken);
            return new Counting(this, stint);
        }
        catch
        {
            lock (_gate)
            {
                stint.InFlight--;
            }

            throw;
        }
    }

    internal void End(CountingStint stint, IReadOnlyCollection<UsageFact> facts)
    {
        RelayMetrics.Sent.Add(facts.Count(fact => fact.Kind == UsageKind.Sent));
        RelayMetrics.Delivered.Add(facts.Count(fact => fact.Kind == UsageKind.Delivered));
        lock (_gate)
        {
            stint.InFlight--;
            stint.Count(facts, _time.GetUtcNow());
            Plan(FlushDelay);
        }
    }

    internal void Tear(CountingStint stint)
    {
        lock (_gate)
        {
            stint.InFlight--;
            TearLocked(stint);
        }
    }

    /// <summary>A message that is counted in a row was taken back: if that row is this process's, it is to be counted again.</summary>
    internal void TakeBack(BusinessId business, string row)
    {
        lock (_gate)
        {
            if (_current.Values.Concat(_ending).FirstOrDefault(one => one.Business == business && one.Row == row) is { } stint)
            {
                TearLocked(stint);
            }
        }
    }

    /// <summary>Writes what has changed, and ends what is over; what is being written already is waited for.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _flushing.WaitAsync(cancellationToken);
        try
        {
            foreach (IGrouping<BusinessId, (CountingStint Stint, CountRow Row, long Changes)> business in Changed().GroupBy(one => one.Stint.Business))
            {
                foreach ((CountingStint Stint, CountRow Row, long Changes)[] some in business.Chunk(TableLimits.MaxWritesPerCommit))
                {
                    await SaveAsync(business.Key, some, cancellationToken);
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
        try
        {
            RetireAll(_ => true);
            await FlushAsync(late.Token);
        }
        catch (Exception exception)
        {
            Log.NotWritten(_logger, FaultKind.Of(exception));
        }

        _flushing.Dispose();
    }

    internal static DateTimeOffset EndOf(UtcDay day) => new(day.AddDays(1).Date, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>What could not be opened counts nothing: the next one is another row.</summary>
    private async Task OpenAsync(CountingStint stint)
    {
        try
        {
            string etag = await _store.OpenAsync(stint.Business, stint.Row, CancellationToken.None);
            lock (_gate)
            {
                stint.ETag = etag;
                Plan(FlushDelay);
            }
        }
        catch
        {
            lock (_gate)
            {
                RemoveCurrent(stint);
            }

            throw;
        }
    }

    private async Task SaveAsync(BusinessId business, (CountingStint Stint, CountRow Row, long Changes)[] some, CancellationToken cancellationToken)
    {
        CommitResult result = await _store.SaveAsync(business, [.. some.Select(one => one.Row)], cancellationToken);
        if (result.IsSaved)
        {
            foreach (((CountingStint stint, CountRow row, long changes), string? etag) in some.Zip(result.ETags))
            {
                Written(stint, row.State, changes, etag);
            }
        }
        else if (some.Length > 1)
        {
            foreach ((CountingStint Stint, CountRow Row, long Changes) one in some)
            {
                await SaveAsync(business, [one], cancellationToken);
            }
        }
        else if (await _store.FindAsync(business, some[0].Row.Key, cancellationToken) is { IsFinal: false } now)
        {
            // An earlier write of ours was done and its answer lost.
            lock (_gate)
            {
                some[0].Stint.ETag = now.ETag;
                Plan(FlushDelay);
            }
        }
        else
        {
            // Ours was done and its answer lost, or it was settled without us: the messages themselves were counted.
            Forget(some[0].Stint);
        }
    }

    private void Written(CountingStint stint, CountState state, long changes, string? etag)
    {
        lock (_gate)
        {
            stint.ETag = etag;
            stint.Written = changes;
            if (state != CountState.Open)
            {
                _ending.Remove(stint);
            }
        }
    }

    private void Forget(CountingStint stint)
    {
        lock (_gate)
        {
            stint.IsEnding = true;
            _ending.Remove(stint);
            RemoveCurrent(stint);
        }
    }

    private void TearLocked(CountingStint stint)
    {
        stint.TornAt ??= _time.GetUtcNow();
        Retire(stint);
        Plan(FlushDelay);
    }

    private void RetireAll(Func<CountingStint, bool> which)
    {
        lock (_gate)
        {
            foreach (CountingStint stint in _current.Values.Where(which).ToArray())
            {
                Retire(stint);
            }
        }
    }

    private void Retire(CountingStint stint)
    {
        if (!stint.IsEnding)
        {
            stint.IsEnding = true;
            RemoveCurrent(stint);
            _ending.Add(stint);
        }
    }

    private void RemoveCurrent(CountingStint stint)
    {
        if (_current.GetValueOrDefault((stint.Business, stint.Number, stint.Day)) == stint)
        {
            _current.Remove((stint.Business, stint.Number, stint.Day));
        }
    }

    private async Task FlushQuietlyAsync()
    {
        lock (_gate)
        {
            _due = null;
        }

        try
        {
            DateTimeOffset now = _time.GetUtcNow();
            RetireAll(stint => stint.ETag is not null && now >= EndOf(stint.Day) + AfterMidnight);
            await FlushAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.NotWritten(_logger, FaultKind.Of(exception));
        }

        lock (_gate)
        {
            PlanNext();
        }
    }

    /// <summary>In ten seconds where something is left to write, else when the day of what is open is over.</summary>
    private void PlanNext()
    {
        if (_ending.Count > 0 || _current.Values.Any(stint => stint.Changes > stint.Written))
        {
            Plan(FlushDelay);
        }
        else if (_current.Count > 0)
        {
            TimeSpan left = _current.Values.Min(stint => EndOf(stint.Day)) + AfterMidnight - _time.GetUtcNow();
            Plan(left > FlushDelay ? left : FlushDelay);
        }
    }

    private void Plan(TimeSpan delay)
    {
        DateTimeOffset due = _time.GetUtcNow() + delay;
        if ((_due is null || _due > due) && _timer.Change(delay, Timeout.InfiniteTimeSpan))
        {
            _due = due;
        }
    }

    private List<(CountingStint Stint, CountRow Row, long Changes)> Changed()
    {
        lock (_gate)
        {
            return
            [
                .. from stint in _current.Values.Concat(_ending)
                   let row = stint.ToWrite()
                   where row is not null
                   select (stint, row, stint.Changes),
            ];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(340, LogLevel.Warning, "Counts of messages could not be written ({Fault}); they are tried again with the next ones.")]
        internal static partial void NotWritten(ILogger logger, FaultKind fault);
    }
}
