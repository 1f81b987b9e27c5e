using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Relay.LocalHost;
using Xunit;

namespace Relay.Tests.LocalHost;

public sealed class TimerPumpTests : IAsyncDisposable
{
    private readonly SampleHost _sample = new();

    public ValueTask DisposeAsync() => _sample.DisposeAsync();

    [Fact]
    public async Task A_timer_runs_at_its_times_and_is_told_the_last_and_the_next()
    {
        var host = await StartAsync(typeof(Ticks));
        foreach (var minutes in new[] { 4, 1, 5 })
        {
            _sample.Time.Advance(TimeSpan.FromMinutes(minutes));
            await host.DrainAsync(_sample.Patience);
        }

        Assert.Equal(["EveryFive last 00:00 next 00:10 past due False", "EveryFive last 00:05 next 00:15 past due False"], _sample.Probe.Calls);
    }

    [Fact]
    public async Task Times_that_the_clock_has_jumped_over_are_one_run_that_is_past_due()
    {
        var host = await StartAsync(typeof(Ticks));

        _sample.Time.Advance(TimeSpan.FromMinutes(17));
        await host.DrainAsync(_sample.Patience);
        _sample.Time.Advance(TimeSpan.FromMinutes(3));
        await host.DrainAsync(_sample.Patience);

        Assert.Equal(2, _sample.Probe.Calls.Count);
        Assert.EndsWith("past due True", _sample.Probe.Calls.First(), StringComparison.Ordinal);
        Assert.EndsWith("next 00:25 past due False", _sample.Probe.Calls.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timer_may_run_at_start()
    {
        var host = await StartAsync(typeof(AtStart));

        await host.DrainAsync(_sample.Patience);

        Assert.Equal(["AtStart"], _sample.Probe.Calls);
    }

    [Fact]
    public async Task A_failed_run_is_logged_and_the_next_takes_place()
    {
        _sample.Probe.Fails = _ => _sample.Probe.Calls.Count == 1;
        var host = await StartAsync(typeof(Ticks));

        for (var run = 0; run < 2; run++)
        {
            _sample.Time.Advance(TimeSpan.FromMinutes(5));
            await host.DrainAsync(_sample.Patience);
        }

        Assert.Equal(2, _sample.Probe.Calls.Count);
        Assert.Single(_sample.Log.Lines, line => line.Event == 9008);
    }

    [Fact]
    public async Task An_invoked_timer_runs_at_once_and_its_exception_is_the_callers()
    {
        _sample.Probe.Fails = _ => _sample.Probe.Calls.Count == 2;
        var host = await _sample.StartAsync(typeof(Ticks));

        await host.InvokeTimerAsync("EveryFive", _sample.Patience);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => host.InvokeTimerAsync("everyfive", _sample.Patience));

        Assert.Equal(2, _sample.Probe.Calls.Count);
    }

    [Fact]
    public async Task An_unknown_timer_cannot_be_invoked()
    {
        var host = await _sample.StartAsync(typeof(Ticks));

        await Assert.ThrowsAsync<ArgumentException>(() => host.InvokeTimerAsync("Nothing", _sample.Patience));
    }

    [Fact]
    public async Task Runs_of_one_timer_do_not_overlap()
    {
        var host = await _sample.StartAsync(typeof(HeldTick));

        var runs = Task.WhenAll(host.InvokeTimerAsync("HeldTick", _sample.Patience), host.InvokeTimerAsync("HeldTick", _sample.Patience));
        await _sample.Probe.NextCallAsync(_sample.Patience);
        _sample.Probe.Release(2);
        await runs;

        Assert.Equal(2, _sample.Probe.Calls.Count);
        Assert.Equal(1, _sample.Probe.MostAtOnce);
    }

    [Fact]
    public async Task Without_pumps_time_alone_runs_no_timer()
    {
        var host = await _sample.StartAsync(typeof(Ticks));

        _sample.Time.Advance(TimeSpan.FromHours(1));
        await host.DrainAsync(_sample.Patience);

        Assert.Empty(_sample.Probe.Calls);
    }

    private Task<LocalFunctionHost> StartAsync(params Type[] functions) => _sample.StartAsync(options => options with { RunPumps = true }, functions);

    public sealed class Ticks(Probe probe)
    {
        [Function("EveryFive")]
        public Task RunAsync([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        {
            probe.Note(string.Create(CultureInfo.InvariantCulture, $"EveryFive last {timer.ScheduleStatus?.Last:HH:mm} next {timer.ScheduleStatus?.Next:HH:mm} past due {timer.IsPastDue}"));
            return probe.Fails("") ? throw new InvalidTimeZoneException() : Task.CompletedTask;
        }
    }

    public sealed class AtStart(Probe probe)
    {
        [Function("AtStart")]
        public Task RunAsync([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer)
        {
            probe.Note("AtStart");
            return Task.CompletedTask;
        }
    }

    public sealed class HeldTick(Probe probe)
    {
        [Function("HeldTick")]
        public Task RunAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, CancellationToken cancellationToken) => probe.HoldAsync("tick", cancellationToken);
    }
}
