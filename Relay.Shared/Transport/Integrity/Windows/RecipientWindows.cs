using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Integrity.Windows;

/// <summary>The windows of the businesses that send through this instance. What waits in them is made durable within 30 seconds and when the host stops.</summary>
public sealed partial class RecipientWindows : IAsyncDisposable
{
    internal static readonly TimeSpan MergeDelay = TimeSpan.FromSeconds(30);

    /// <summary>A window that nobody asked for so long is read anew.</summary>
    private static readonly TimeSpan IdleLife = TimeSpan.FromHours(2);

    private static readonly TimeSpan LastMerge = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, RecipientWindow> _windows = new(StringComparer.Ordinal);
    private readonly SketchItems _items;
    private readonly SketchStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<RecipientWindows> _logger;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private bool _isPlanned;
    private bool _isEnding;

    public RecipientWindows(SketchItems items, SketchStore store, TimeProvider time, ILogger<RecipientWindows> logger)
    {
        _items = items;
        _store = store;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => _ = MergeAsync(CancellationToken.None), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Counts a user that a business is to message outside of a service window; false when its tier has no room.</summary>
    internal async Task<bool> TryAddAsync(string business, NumberHash user, MessagingTier tier, CancellationToken cancellationToken)
    {
        bool isAdded = await Of(business).TryAddAsync(user, tier, cancellationToken);
        Plan();
        return isAdded;
    }

    /// <summary>Whether <see cref="TryAddAsync"/> would count a user; counts nobody.</summary>
    internal Task<bool> AdmitsAsync(string business, NumberHash user, MessagingTier tier, CancellationToken cancellationToken) =>
        Of(business).AdmitsAsync(user, tier, cancellationToken);

    /// <summary>Whether the last look at a business's window found, or left, no room for another user.</summary>
    internal bool IsFull(string business) => _windows.TryGetValue(business, out RecipientWindow? window) && window.IsFull;

    /// <summary>How many users a business messaged outside of service windows in the last 24 hours, and whether that is exact.</summary>
    internal Task<(long Users, bool IsExact)> CountAsync(string business, CancellationToken cancellationToken) => Of(business).CountAsync(cancellationToken);

    internal async Task MergeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isPlanned = false;
        }

        DateTimeOffset idle = _time.GetUtcNow() - IdleLife;
        foreach ((string business, RecipientWindow window) in _windows)
        {
            try
            {
                if (window.IsWaiting)
                {
                    await window.MergeAsync(cancellationToken);
                }
                else if (window.UsedAt < idle)
                {
                    _windows.TryRemove(business, out _);
                }
            }
            catch (Exception exception)
            {
                Log.NotMerged(_logger, FaultKind.Of(exception));
            }
        }

        if (!_windows.IsEmpty)
        {
            Plan();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isEnding = true;
        }

        await _timer.DisposeAsync();
        using CancellationTokenSource late = new(LastMerge);
        await MergeAsync(late.Token);
        foreach (RecipientWindow window in _windows.Values)
        {
            window.Dispose();
        }
    }

    private void Plan()
    {
        lock (_gate)
        {
            if (!_isPlanned && !_isEnding)
            {
                _isPlanned = _timer.Change(MergeDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private RecipientWindow Of(string business) => _windows.GetOrAdd(business, one => new RecipientWindow(one, _items, _store, _time));

    private static partial class Log
    {
        [LoggerMessage(3301, LogLevel.Warning, "Counts of recipients could not be written ({Fault}); they are tried again with the next ones.")]
        internal static partial void NotMerged(ILogger logger, FaultKind fault);
    }
}
