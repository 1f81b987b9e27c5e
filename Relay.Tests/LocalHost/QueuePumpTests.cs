using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Storage;
using Xunit;

namespace Relay.Tests.LocalHost;

/// <summary>What becomes of a message. Queues move only in a drain here; the background loops are in <see cref="BackgroundPumpTests"/>.</summary>
public sealed class QueuePumpTests : IAsyncDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(15);

    private readonly SampleHost _sample = new();

    public ValueTask DisposeAsync() => _sample.DisposeAsync();

    [Fact]
    public async Task Only_the_queues_of_functions_and_their_poison_queues_are_made()
    {
        await _sample.StartAsync(typeof(Work), typeof(WorkPoison), typeof(Chain));

        Assert.Equal(["first", "first-poison", "second", "second-poison", "work", "work-poison"], _sample.Store.Queues);
    }

    [Fact]
    public async Task A_handled_message_is_deleted()
    {
        await DrainedAsync(typeof(Work), "a", "b");

        Assert.Equal(["a", "b"], _sample.Probe.Calls.Order(StringComparer.Ordinal));
        Assert.Empty(_sample.Store.Bodies("work"));
    }

    [Fact]
    public async Task A_failed_message_comes_back_after_the_visibility_timeout_of_host_json()
    {
        _sample.Probe.Fails = _ => _sample.Probe.Calls.Count == 1;
        var host = await DrainedAsync(typeof(Work), "a");

        _sample.Time.Advance(AfterFailure - TimeSpan.FromMilliseconds(1));
        await host.DrainAsync(_sample.Patience);
        Assert.Single(_sample.Probe.Calls);

        _sample.Time.Advance(TimeSpan.FromMilliseconds(1));
        await host.DrainAsync(_sample.Patience);
        Assert.Equal(["a", "a"], _sample.Probe.Calls);
        Assert.Empty(_sample.Store.Bodies("work"));
    }

    [Fact]
    public async Task A_message_is_parked_after_its_last_delivery_has_failed()
    {
        _sample.Probe.Fails = _ => true;
        var host = await DrainedAsync(typeof(Work), "a");

        _sample.Time.Advance(AfterFailure);
        await host.DrainAsync(_sample.Patience);
        Assert.Empty(_sample.Store.Bodies("work-poison"));

        _sample.Time.Advance(AfterFailure);
        await host.DrainAsync(_sample.Patience);
        Assert.Equal(3, _sample.Probe.Calls.Count);
        Assert.Equal(["a"], _sample.Store.Bodies("work-poison"));
        Assert.Empty(_sample.Store.Bodies("work"));
        Assert.Single(_sample.Log.Lines, line => line.Event == 9003);
    }

    [Fact]
    public async Task A_message_that_hosts_died_over_too_often_is_parked_without_another_run()
    {
        var host = await _sample.StartAsync(typeof(Work));
        await _sample.SendAsync("work", "a");
        for (var death = 0; death < 3; death++)
        {
            await _sample.Store.ReceiveAsync("work", 1, TimeSpan.Zero, _sample.Patience);
        }

        await host.DrainAsync(_sample.Patience);

        Assert.Empty(_sample.Probe.Calls);
        Assert.Equal(["a"], _sample.Store.Bodies("work-poison"));
    }

    [Fact]
    public async Task A_drain_reaches_the_function_of_a_poison_queue()
    {
        _sample.HostJson = """{ "extensions": { "queues": { "messageEncoding": "none" } } }""";
        _sample.Probe.Fails = call => call == "a";
        var host = await _sample.StartAsync(typeof(Work), typeof(WorkPoison));
        await _sample.SendAsync("work", "a");

        await host.DrainAsync(_sample.Patience);

        Assert.Equal(["a", "a", "a", "a", "a", "poison a"], _sample.Probe.Calls);
        Assert.Empty(_sample.Store.Bodies("work-poison"));
    }

    [Fact]
    public async Task A_failing_poison_function_is_tried_again_when_the_message_reappears_and_the_message_is_never_moved()
    {
        _sample.Probe.Fails = _ => true;
        var host = await _sample.StartAsync(typeof(WorkPoison));
        await _sample.SendAsync("work-poison", "a");

        for (var round = 0; round < 5; round++)
        {
            await host.DrainAsync(_sample.Patience);
            _sample.Time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(3, _sample.Probe.Calls.Count);
        Assert.Equal(["a"], _sample.Store.Bodies("work-poison"));
    }

    [Fact]
    public async Task A_drain_follows_messages_that_functions_send_to_one_another()
    {
        await DrainedAsync(typeof(Chain), "first", "5");

        Assert.Equal(["first 5", "second 4", "first 3", "second 2", "first 1", "second 0"], _sample.Probe.Calls);
    }

    [Fact]
    public async Task A_drain_does_not_wait_for_delayed_messages()
    {
        var host = await _sample.StartAsync(typeof(Work));
        await _sample.SendAsync("work", "later", TimeSpan.FromDays(1));

        await host.DrainAsync(_sample.Patience);
        Assert.Empty(_sample.Probe.Calls);

        _sample.Time.Advance(TimeSpan.FromDays(1));
        await host.DrainAsync(_sample.Patience);
        Assert.Equal(["later"], _sample.Probe.Calls);
    }

    [Fact]
    public async Task A_drain_tells_its_caller_when_a_queue_cannot_be_read()
    {
        var host = await _sample.StartAsync(typeof(Work));
        _sample.Store.Before = operation => throw new TimeoutException(operation);

        await Assert.ThrowsAsync<TimeoutException>(() => host.DrainAsync(_sample.Patience));
    }

    [Fact]
    public async Task A_drain_that_is_cancelled_drops_nothing()
    {
        var host = await _sample.StartAsync(typeof(Held));
        await _sample.SendAsync("work", "a");
        using var cancelled = new CancellationTokenSource();
        var drain = host.DrainAsync(cancelled.Token);
        await _sample.Probe.NextCallAsync(_sample.Patience);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drain);

        _sample.Probe.Release(1);
        await host.DrainAsync(_sample.Patience);
        Assert.Equal(["a"], _sample.Probe.Calls);
        Assert.Empty(_sample.Store.Bodies("work"));
    }

    [Fact]
    public async Task A_running_message_stays_hidden_by_renewal_at_half_time()
    {
        var host = await _sample.StartAsync(typeof(Held));
        await _sample.SendAsync("work", "a");
        var drain = host.DrainAsync(_sample.Patience);
        await _sample.Probe.NextCallAsync(_sample.Patience);

        for (var half = 0; half < 4; half++)
        {
            _sample.Time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(TimeSpan.FromSeconds(30), await _sample.Store.NextHideAsync(_sample.Patience));
        }

        Assert.Empty(await _sample.Store.ReceiveAsync("work", 1, TimeSpan.Zero, _sample.Patience));
        _sample.Probe.Release(1);
        await drain;
        Assert.Empty(_sample.Store.Bodies("work"));
    }

    [Fact]
    public async Task A_failed_renewal_is_tried_again()
    {
        var host = await _sample.StartAsync(typeof(Held));
        await _sample.SendAsync("work", "a");
        var drain = host.DrainAsync(_sample.Patience);
        await _sample.Probe.NextCallAsync(_sample.Patience);

        _sample.Store.Before = operation => throw new TimeoutException(operation);
        _sample.Time.Advance(TimeSpan.FromSeconds(15));
        await _sample.Store.NextHideAsync(_sample.Patience);
        _sample.Store.Before = _ => { };
        _sample.Time.Advance(TimeSpan.FromSeconds(15));
        await _sample.Store.NextHideAsync(_sample.Patience);

        _sample.Probe.Release(1);
        await drain;
        Assert.Single(_sample.Log.Lines, line => line.Event == 9006);
        Assert.Empty(_sample.Store.Bodies("work"));
    }

    [Fact]
    public async Task A_message_that_another_host_has_taken_meanwhile_is_left_to_it()
    {
        var host = await _sample.StartAsync(typeof(Held));
        await _sample.SendAsync("work", "a");
        var drain = host.DrainAsync(_sample.Patience);
        await _sample.Probe.NextCallAsync(_sample.Patience);

        _sample.Store.Steal("work");
        _sample.Probe.Release(1);
        await drain;

        Assert.Equal(["a"], _sample.Store.Bodies("work"));
        Assert.Single(_sample.Log.Lines, line => line.Event == 9004);
    }

    [Fact]
    public async Task A_message_that_could_not_be_deleted_is_delivered_again()
    {
        var host = await _sample.StartAsync(typeof(Work));
        await _sample.SendAsync("work", "a");
        _sample.Store.Before = operation =>
        {
            if (operation == nameof(IQueueStore.DeleteAsync))
            {
                throw new TimeoutException();
            }
        };
        await host.DrainAsync(_sample.Patience);

        _sample.Store.Before = _ => { };
        _sample.Time.Advance(TimeSpan.FromSeconds(30));
        await host.DrainAsync(_sample.Patience);

        Assert.Equal(["a", "a"], _sample.Probe.Calls);
        Assert.Empty(_sample.Store.Bodies("work"));
        Assert.Single(_sample.Log.Lines, line => line.Event == 9005);
    }

    [Fact]
    public async Task With_the_knob_each_message_is_delivered_twice_and_no_more()
    {
        var host = await _sample.StartAsync(options => options with { DeliverTwice = true }, typeof(Work));
        await _sample.SendAsync("work", "a");
        await _sample.SendAsync("work", "b");

        await host.DrainAsync(_sample.Patience);

        Assert.Equal(["a", "a", "b", "b"], _sample.Probe.Calls.Order(StringComparer.Ordinal));
        Assert.Empty(_sample.Store.Bodies("work"));
    }

    [Fact]
    public async Task The_second_delivery_of_the_knob_does_not_count_towards_poison()
    {
        var host = await _sample.StartAsync(options => options with { DeliverTwice = true }, typeof(Work));
        _sample.Probe.Fails = _ => _sample.Probe.Calls.Count <= 2;
        await _sample.SendAsync("work", "a");

        for (var round = 0; round < 3; round++)
        {
            await host.DrainAsync(_sample.Patience);
            _sample.Time.Advance(AfterFailure);
        }

        Assert.Equal(4, _sample.Probe.Calls.Count);
        Assert.Empty(_sample.Store.Bodies("work"));
        Assert.Empty(_sample.Store.Bodies("work-poison"));
    }

    [Fact]
    public async Task A_fault_is_logged_by_type_and_handed_to_the_test()
    {
        var faults = new List<string>();
        var host = await _sample.StartAsync(options => options with { OnFault = (name, fault) => faults.Add($"{name}: {fault.Message}") }, typeof(Work));
        _sample.Probe.Fails = _ => true;
        await _sample.SendAsync("work", "+15550001");

        await host.DrainAsync(_sample.Patience);

        Assert.Equal(["Work: failed on +15550001"], faults);
        Assert.Contains("InvalidTimeZoneException", Assert.Single(_sample.Log.Lines, line => line.Event == 9002).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_sample.Log.Lines, line => line.Text.Contains("+15550001", StringComparison.Ordinal));
    }

    private Task<Relay.LocalHost.LocalFunctionHost> DrainedAsync(Type functions, params string[] messages) =>
        functions == typeof(Chain) ? DrainedAsync(functions, messages[0], messages[1..]) : DrainedAsync(functions, "work", messages);

    private async Task<Relay.LocalHost.LocalFunctionHost> DrainedAsync(Type functions, string queue, string[] messages)
    {
        var host = await _sample.StartAsync(functions);
        foreach (var message in messages)
        {
            await _sample.SendAsync(queue, message);
        }

        await host.DrainAsync(_sample.Patience);
        return host;
    }

    public sealed class Work(Probe probe)
    {
        [Function("Work")]
        public Task RunAsync([QueueTrigger("work", Connection = "RelayStorage")] string body, CancellationToken cancellationToken)
        {
            probe.Note(body);
            return probe.Fails(body) ? throw new InvalidTimeZoneException($"failed on {body}") : Task.CompletedTask;
        }
    }

    public sealed class WorkPoison(Probe probe)
    {
        [Function("WorkPoison")]
        public Task RunAsync([QueueTrigger("work-poison", Connection = "RelayStorage")] string body)
        {
            probe.Note($"poison {body}");
            return probe.Fails($"poison {body}") ? Task.FromException(new InvalidTimeZoneException()) : Task.CompletedTask;
        }
    }

    public sealed class Held(Probe probe)
    {
        [Function("Held")]
        public Task RunAsync([QueueTrigger("work", Connection = "RelayStorage")] string body, CancellationToken cancellationToken) => probe.HoldAsync(body, cancellationToken);
    }

    public sealed class Chain(Probe probe, RelayStorage storage)
    {
        [Function("First")]
        public Task FirstAsync([QueueTrigger("first", Connection = "RelayStorage")] string body, CancellationToken cancellationToken) => NextAsync("first", "second", body, cancellationToken);

        [Function("Second")]
        public Task SecondAsync([QueueTrigger("second", Connection = "RelayStorage")] string body, CancellationToken cancellationToken) => NextAsync("second", "first", body, cancellationToken);

        private async Task NextAsync(string queue, string next, string body, CancellationToken cancellationToken)
        {
            probe.Note($"{queue} {body}");
            if (body != "0")
            {
                await Task.Yield();
                await storage.Queues.SendAsync(next, $"{int.Parse(body, null) - 1}", TimeSpan.Zero, TimeSpan.FromDays(7), cancellationToken);
            }
        }
    }
}
