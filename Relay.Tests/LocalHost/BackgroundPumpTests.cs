using Relay.LocalHost;
using Relay.Shared.Storage;
using Xunit;

namespace Relay.Tests.LocalHost;

/// <summary>The loops of a running host: waking, polling, draining beside them, and stopping.</summary>
public sealed class BackgroundPumpTests : IAsyncDisposable
{
    private readonly SampleHost _sample = new();

    public ValueTask DisposeAsync() => _sample.DisposeAsync();

    [Fact]
    public async Task A_message_sent_in_this_process_is_picked_up_while_the_clock_stands_still()
    {
        await StartAsync(typeof(QueuePumpTests.Work));
        await _sample.Store.NextReceiveAsync(_sample.Patience);

        await _sample.SendAsync("work", "a");

        Assert.Equal("a", await _sample.Probe.NextCallAsync(_sample.Patience));
    }

    [Fact]
    public async Task A_message_from_elsewhere_is_found_by_polling()
    {
        await StartAsync(typeof(QueuePumpTests.Work));
        await _sample.Store.NextReceiveAsync(_sample.Patience);

        await _sample.Store.SendAsync("work", "a", TimeSpan.Zero, TimeSpan.FromDays(7), _sample.Patience);

        Assert.Equal("a", await NextCallWhileTimePassesAsync(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public async Task A_batch_that_was_not_full_is_the_last_look_until_something_is_sent()
    {
        var looks = 0;
        _sample.Store.Before = call => looks += call == nameof(IQueueStore.ReceiveAsync) ? 1 : 0;
        await StartAsync(typeof(QueuePumpTests.Work));
        await _sample.Store.NextReceiveAsync(_sample.Patience);

        foreach (var message in new[] { "a", "b" })
        {
            await _sample.SendAsync("work", message);
            Assert.Equal(message, await _sample.Probe.NextCallAsync(_sample.Patience));
        }

        Assert.Equal(3, looks);
    }

    [Fact]
    public async Task A_queue_that_cannot_be_read_is_tried_again()
    {
        var failures = 0;
        _sample.Store.Before = _ => throw (++failures < 3 ? new TimeoutException("secret") : new InvalidTimeZoneException());
        await StartAsync(typeof(QueuePumpTests.Work));
        while (Volatile.Read(ref failures) < 3)
        {
            _sample.Patience.ThrowIfCancellationRequested();
            _sample.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        _sample.Store.Before = _ => { };
        await _sample.SendAsync("work", "a");

        Assert.Equal("a", await _sample.Probe.NextCallAsync(_sample.Patience));
        Assert.Contains(_sample.Log.Lines, line => line.Event == 9007 && line.Text.Contains("TimeoutException", StringComparison.Ordinal));
        Assert.DoesNotContain(_sample.Log.Lines, line => line.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task At_most_batch_size_plus_threshold_run_at_once()
    {
        var host = await StartAsync(typeof(QueuePumpTests.Held));
        await _sample.Store.NextReceiveAsync(_sample.Patience);
        for (var message = 0; message < 20; message++)
        {
            await _sample.Store.SendAsync("work", $"{message}", TimeSpan.Zero, TimeSpan.FromDays(7), _sample.Patience);
        }

        await NextCallWhileTimePassesAsync(TimeSpan.FromMilliseconds(100));
        await CallsAsync(3);
        _sample.Probe.Release(2);
        await CallsAsync(4);
        for (var batch = 0; batch < 3; batch++)
        {
            Assert.Equal(6, _sample.Probe.MostAtOnce);
            _sample.Probe.Release(4);
            await CallsAsync(4);
        }

        _sample.Probe.Release(6);
        await host.DrainAsync(_sample.Patience);
        Assert.Equal(6, _sample.Probe.MostAtOnce);
        Assert.Equal(4, _sample.Store.LargestBatch);
        Assert.Equal(20, _sample.Probe.Calls.Count);
    }

    [Fact]
    public async Task A_drain_beside_running_loops_misses_nothing()
    {
        var host = await StartAsync(typeof(QueuePumpTests.Chain));
        for (var round = 1; round <= 50; round++)
        {
            await _sample.SendAsync("first", "9");
            await _sample.SendAsync("second", "9");

            await host.DrainAsync(_sample.Patience);

            Assert.Equal(20 * round, _sample.Probe.Calls.Count);
        }

        Assert.Empty(_sample.Store.Bodies("first"));
        Assert.Empty(_sample.Store.Bodies("second"));
    }

    [Fact]
    public async Task A_stop_lets_running_functions_finish_and_takes_nothing_more()
    {
        _sample.HostJson = """{ "extensions": { "queues": { "messageEncoding": "none", "batchSize": 1, "newBatchThreshold": 0 } } }""";
        var host = await StartAsync(typeof(QueuePumpTests.Held));
        await _sample.SendAsync("work", "running");
        await _sample.SendAsync("work", "waiting");
        var running = await _sample.Probe.NextCallAsync(_sample.Patience);

        var stop = host.DisposeAsync().AsTask();
        Assert.False(stop.IsCompleted);
        _sample.Probe.Release(1);
        await stop;

        Assert.Equal("running", running);
        Assert.Equal(["running"], _sample.Probe.Calls);
        Assert.Equal(["waiting"], _sample.Store.Bodies("work"));
    }

    [Fact]
    public async Task A_stop_that_runs_out_of_patience_leaves_the_message_to_the_next_host()
    {
        var host = await _sample.StartAsync(options => options with { RunPumps = true, ShutdownTimeout = TimeSpan.Zero }, typeof(QueuePumpTests.Held));
        await _sample.SendAsync("work", "a");
        await _sample.Probe.NextCallAsync(_sample.Patience);

        await host.DisposeAsync();
        Assert.Equal(["a"], _sample.Store.Bodies("work"));
        Assert.Single(_sample.Log.Lines, line => line.Event == 9009);
        Assert.DoesNotContain(_sample.Log.Lines, line => line.Event == 9002);

        var next = await _sample.StartAsync(typeof(QueuePumpTests.Work));
        await next.DrainAsync(_sample.Patience);
        Assert.Single(_sample.Probe.Calls);

        _sample.Time.Advance(TimeSpan.FromSeconds(30));
        await next.DrainAsync(_sample.Patience);
        Assert.Equal(["a", "a"], _sample.Probe.Calls);
        Assert.Empty(_sample.Store.Bodies("work"));
    }

    [Fact]
    public async Task A_stopped_host_refuses_to_drain()
    {
        var host = await StartAsync(typeof(QueuePumpTests.Work));
        await host.DisposeAsync();
        await host.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => host.DrainAsync(_sample.Patience));
    }

    [Fact]
    public async Task A_due_timer_runs_by_itself()
    {
        await StartAsync(typeof(TimerPumpTests.Ticks));

        Assert.StartsWith("EveryFive", await NextCallWhileTimePassesAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drain_includes_the_timers_that_are_due()
    {
        var host = await StartAsync(typeof(TimerPumpTests.Ticks));

        _sample.Time.Advance(TimeSpan.FromMinutes(5));
        await host.DrainAsync(_sample.Patience);

        Assert.Single(_sample.Probe.Calls);
    }

    private Task<LocalFunctionHost> StartAsync(params Type[] functions) => _sample.StartAsync(options => options with { RunPumps = true }, functions);

    private async Task CallsAsync(int count)
    {
        for (var call = 0; call < count; call++)
        {
            await _sample.Probe.NextCallAsync(_sample.Patience);
        }
    }

    private async Task<string> NextCallWhileTimePassesAsync(TimeSpan step)
    {
        var call = _sample.Probe.NextCallAsync(_sample.Patience).AsTask();
        while (!call.IsCompleted)
        {
            _sample.Time.Advance(step);
            await Task.Yield();
        }

        return await call;
    }
}
