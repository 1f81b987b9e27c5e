using Relay.Load.Counting;

namespace Relay.Load.Driving;

/// <summary>One stretch of load at one rate, and the wait until everything is out.</summary>
internal sealed class Drive(Crowd crowd, double rate, TimeSpan duration, bool eachWay)
{
    /// <summary>What has not come by then is lost, not late.</summary>
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WatchPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressPause = TimeSpan.FromSeconds(10);
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly OpenLoop _toUser = new(rate, duration, Time);
    private readonly OpenLoop _toBusiness = new(rate, duration, Time);

    /// <summary>So many messages under way end the load early: it has been too much for long. Null: never.</summary>
    public int? GivesUpAt { get; init; }

    public double Rate => rate;

    public TimeSpan Duration => duration;

    public int Users => crowd.Devices.Count;

    public IEnumerable<double> Lateness => _toUser.Lateness.Concat(_toBusiness.Lateness);

    /// <summary>How many messages were under way when the load ended.</summary>
    public int Backlog { get; private set; }

    /// <summary>How long the rest took.</summary>
    public TimeSpan DrainTime { get; private set; }

    /// <param name="areKeyed">Which of the business's messages carry an idempotency key.</param>
    /// <param name="loadEnds">Runs between the load and the wait.</param>
    /// <param name="progress">Says how far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Ledger> RunAsync(Func<int, bool> areKeyed, Func<Task> loadEnds, Progress progress, CancellationToken cancellationToken)
    {
        (Ledger ledger, Traffic traffic) = crowd.Begin();
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task told = TellAsync(ledger, progress, over.Token);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(duration + LongestDrain);
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task toUser = _toUser.RunAsync((number, due) => traffic.ToUserAsync(number, due, areKeyed(number), patience.Token), enough.Token);
        Task toBusiness = eachWay
            ? _toBusiness.RunAsync((number, due) => traffic.ToBusinessAsync(number, due, patience.Token), enough.Token)
            : Task.CompletedTask;
        if (await GivesUpAsync(ledger, cancellationToken))
        {
            await enough.CancelAsync();
        }

        Backlog = Settlement.Waiting(ledger);
        await loadEnds();
        long start = Time.GetTimestamp();
        await Task.WhenAll(toUser, toBusiness);
        await Drain.WaitAsync(ledger, LongestDrain, cancellationToken);
        DrainTime = Time.GetElapsedTime(start);
        await over.CancelAsync();
        await told;
        cancellationToken.ThrowIfCancellationRequested();
        return ledger;
    }

    /// <summary>Returns when the time is over, or, with true, when too much is under way.</summary>
    private async Task<bool> GivesUpAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        for (long start = Time.GetTimestamp(); duration - Time.GetElapsedTime(start) is { Ticks: > 0 } left && !cancellationToken.IsCancellationRequested;)
        {
            await Task.WhenAny(Task.Delay(left < WatchPause ? left : WatchPause, Time, cancellationToken));
            if (Settlement.Waiting(ledger) > GivesUpAt)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task TellAsync(Ledger ledger, Progress progress, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(ProgressPause, Time, cancellationToken));
            if (!cancellationToken.IsCancellationRequested)
            {
                int accepted = ledger.Passages.Count(passage => passage.Accepted is not null);
                progress.Say($"{accepted} accepted, {Settlement.Waiting(ledger)} under way", always: true);
            }
        }
    }
}
