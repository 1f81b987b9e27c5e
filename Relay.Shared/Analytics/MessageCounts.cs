using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Primitives;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Analytics;

/// <summary>
/// Counts messages in memory, and writes this instance's totals of a day within ten seconds after they changed and when the host stops: no message costs a
/// storage transaction. A process that is killed loses what it counted in its last ten seconds; a repeat of a write changes nothing.
/// </summary>
public sealed partial class MessageCounts : IAsyncDisposable
{
    internal static readonly TimeSpan FlushDelay = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(10);

    private readonly CountStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<MessageCounts> _logger;
    private readonly string _instance = EnvelopeId.Create().Hex;
    private readonly Lock _gate = new();
    private readonly Dictionary<(BusinessId Business, PhoneNumberId Number, UtcDay Day), Counted> _counted = [];
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly ITimer _timer;
    private bool _isPlanned;

    public MessageCounts(CountStore store, TimeProvider time, ILogger<MessageCounts> logger)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => _ = FlushQuietlyAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Counts messages that were handed over, and messages that reached their device.</summary>
    internal void Add(BusinessNumber number, int sent, int delivered)
    {
        if (sent == 0 && delivered == 0)
        {
            return;
        }

        RelayMetrics.Sent.Add(sent);
        RelayMetrics.Delivered.Add(delivered);
        DateTimeOffset now = _time.GetUtcNow();
        int index = DayCounts.IndexOf(now);
        lock (_gate)
        {
            (BusinessId, PhoneNumberId, UtcDay) key = (number.Business, number.Id, UtcDay.Of(now));
            if (!_counted.TryGetValue(key, out Counted? counted))
            {
                _counted[key] = counted = new Counted();
            }

            counted.Counts.Sent[index] += sent;
            counted.Counts.Delivered[index] += delivered;
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
            foreach (IGrouping<BusinessId, Snapshot> business in Changed().GroupBy(one => one.Business))
            {
                await _store.SaveAsync(business.Key, _instance, [.. business.Select(one => (one.Day, one.Number, one.Sent, one.Delivered))], cancellationToken);
                Written(business);
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
            await FlushAsync(late.Token);
        }
        catch (Exception exception)
        {
            Log.NotWritten(_logger, FaultKind.Of(exception));
        }

        _flushing.Dispose();
    }

    private async Task FlushQuietlyAsync()
    {
        lock (_gate)
        {
            _isPlanned = false;
        }

        try
        {
            await FlushAsync(CancellationToken.None);
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

    private List<Snapshot> Changed()
    {
        lock (_gate)
        {
            return
            [
                .. from one in _counted
                   where one.Value.Changes > one.Value.Written
                   select new Snapshot(
                       one.Key.Business, one.Key.Number, one.Key.Day, one.Value.Changes, DayCounts.Encode(one.Value.Counts.Sent), DayCounts.Encode(one.Value.Counts.Delivered)),
            ];
        }
    }

    /// <summary>A day that is over and written needs no memory any more: nothing is counted into the past.</summary>
    private void Written(IEnumerable<Snapshot> written)
    {
        UtcDay today = UtcDay.Today(_time);
        lock (_gate)
        {
            foreach (Snapshot one in written)
            {
                Counted counted = _counted[(one.Business, one.Number, one.Day)];
                counted.Written = one.Changes;
                if (one.Day < today && counted.Changes == counted.Written)
                {
                    _counted.Remove((one.Business, one.Number, one.Day));
                }
            }
        }
    }

    private sealed class Counted
    {
        internal DayCounts Counts { get; } = new();

        internal long Changes { get; set; }

        internal long Written { get; set; }
    }

    private sealed record Snapshot(BusinessId Business, PhoneNumberId Number, UtcDay Day, long Changes, byte[] Sent, byte[] Delivered);

    private static partial class Log
    {
        [LoggerMessage(340, LogLevel.Warning, "Counts of messages could not be written ({Fault}); they are tried again with the next ones.")]
        internal static partial void NotWritten(ILogger logger, FaultKind fault);
    }
}
