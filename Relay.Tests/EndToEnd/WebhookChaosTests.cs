using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>
/// R13: whatever an endpoint does, the schedule is obeyed, nothing is followed, little is read, and neither the business's other subscribers nor other
/// businesses are held up.
/// </summary>
public sealed class WebhookChaosTests
{
    /// <summary>What one answer may cost: Relay reads 4 KiB of it, and the sockets read ahead.</summary>
    private const int MaxRead = 64 * 1024;

    private static readonly string Bomb = new('\0', 16 * 1024);

    private static readonly Dictionary<string, Func<NetworkStream, CancellationToken, Task>> Failing = new()
    {
        ["500"] = Say("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
        ["302 to metadata"] = Say("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/metadata/instance\r\nContent-Length: 0\r\n\r\n"),
        ["307 to itself"] = Say("HTTP/1.1 307 Temporary Redirect\r\nLocation: /hook\r\nContent-Length: 0\r\n\r\n"),
        ["308 without a place"] = Say("HTTP/1.1 308 Permanent Redirect\r\nContent-Length: 0\r\n\r\n"),
        ["100 for ever"] = Say(string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 100))),
        ["endless 503"] = Endless("HTTP/1.1 503 Busy\r\n\r\n"),
        ["headers of 1 MB"] = Say("HTTP/1.1 200 OK\r\nX: " + new string('x', 1024 * 1024) + "\r\nContent-Length: 0\r\n\r\n"),
        ["many headers"] = Say("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X-Header: some value\r\n", 2_000)) + "\r\n"),
        ["not HTTP"] = Say("SSH-2.0-OpenSSH_9.9\r\n"),
        ["nothing"] = (_, _) => Task.CompletedTask,
        ["reset before the head"] = (stream, _) =>
        {
            stream.Socket.LingerState = new LingerOption(true, 0);
            stream.Socket.Close();
            return Task.CompletedTask;
        },
    };

    private static readonly Dictionary<string, Func<NetworkStream, CancellationToken, Task>> Taking = new()
    {
        ["endless body"] = Endless("HTTP/1.1 200 OK\r\n\r\n"),
        ["endless chunks"] = Endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4000\r\n" + Bomb + "\r\n"),
        ["gzip bomb"] = Endless("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\u001f\u008b"),
        ["a body that never comes"] = async (stream, token) =>
        {
            await HostileEndpoint.SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", token);
            await Task.Delay(Timeout.Infinite, token);
        },
        ["reset mid-body"] = async (stream, token) =>
        {
            await HostileEndpoint.SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\npartly", token);
            stream.Socket.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(new byte[1], token) > 0)
            {
            }
        },
    };

    public static TheoryData<string> FailingNames => [.. Failing.Keys];

    public static TheoryData<string> TakingNames => [.. Taking.Keys];

    [Theory]
    [MemberData(nameof(FailingNames))]
    public async Task What_is_no_2xx_is_tried_again_on_schedule(string how)
    {
        await using ChaosWorld world = await ChaosWorld.StartAsync();
        world.Hostile.Answer = Failing[how];
        await world.HappenAsync();
        await world.Relay.DrainAsync();
        Assert.Equal(1, world.Hostile.Requests);
        world.CheckOthers();

        foreach ((double seconds, int requests) in ((double, int)[])[(4.9, 1), (0.1, 2), (29.9, 2), (0.1, 3)])
        {
            await world.AdvanceAsync(seconds);
            Assert.Equal(requests, world.Hostile.Requests);
        }

        world.CheckOthers();
        Assert.InRange(world.BytesRead, 0, 3 * MaxRead);
    }

    [Theory]
    [MemberData(nameof(TakingNames))]
    public async Task Of_an_answer_the_head_counts_and_little_else_is_read(string how)
    {
        await using ChaosWorld world = await ChaosWorld.StartAsync();
        world.Hostile.Answer = Taking[how];
        await world.HappenAsync();
        await world.Relay.DrainAsync();
        await world.AdvanceAsync(3600);
        Assert.Equal(1, world.Hostile.Requests);
        Assert.InRange(world.BytesRead, 1, MaxRead);
        Assert.Empty(world.Account.Queues.Everything());
        world.CheckOthers();
    }

    [Fact]
    public async Task An_answer_before_the_body_was_read_is_an_answer()
    {
        await using ChaosWorld world = await ChaosWorld.StartAsync();
        world.Hostile.ReadsBody = false;
        world.Hostile.Answer = async (stream, token) =>
        {
            await HostileEndpoint.SayAsync(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", token);
            stream.Socket.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(new byte[4096], token) > 0)
            {
            }
        };
        await world.HappenAsync();
        await world.Relay.DrainAsync();
        await world.AdvanceAsync(3600);
        Assert.Equal(1, world.Hostile.Requests);
        Assert.Empty(world.Account.Queues.Everything());
    }

    /// <summary>A first attempt has 3 s, a later one 15 s; after that the clock, not the endpoint, ends it.</summary>
    [Fact]
    public async Task Silence_ends_with_the_budget()
    {
        await using ChaosWorld world = await ChaosWorld.StartAsync();
        List<double> advances = [3, 15, 15];
        world.Hostile.Answer = async (_, token) =>
        {
            world.Time.Advance(TimeSpan.FromSeconds(advances[0]));
            advances.RemoveAt(0);
            await Task.Delay(Timeout.Infinite, token);
        };
        await world.HappenAsync();
        await world.Relay.DrainAsync();
        Assert.Equal(1, world.Hostile.Requests);
        await world.AdvanceAsync(5);
        Assert.Equal(2, world.Hostile.Requests);
        await world.AdvanceAsync(29);
        Assert.Equal(2, world.Hostile.Requests);
        await world.AdvanceAsync(1);
        Assert.Equal(3, world.Hostile.Requests);
        world.CheckOthers(isClockMoved: true);
    }

    /// <summary>The clock stands still while the hostile endpoint is silent: whoever is told meanwhile didn't wait for it.</summary>
    [Fact]
    public async Task A_slow_subscriber_delays_neither_another_nor_another_business()
    {
        await using ChaosWorld world = await ChaosWorld.StartAsync();
        TaskCompletionSource called = Signal();
        TaskCompletionSource further = Signal();
        TaskCompletionSource other = Signal();
        world.Hostile.Answer = async (_, token) =>
        {
            called.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        world.Further.OnDelivery = _ => Done(further);
        world.Other.OnDelivery = _ => Done(other);
        await world.HappenAsync();
        Task drained = world.Relay.DrainAsync();
        await Task.WhenAll(called.Task, further.Task, other.Task).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.False(drained.IsCompleted);

        world.Time.Advance(TimeSpan.FromSeconds(3));
        await drained;

        // From now on the slow one gets no first attempts: what happens next doesn't even wait for its budget.
        await world.HappenAsync();
        Task next = world.Relay.DrainAsync();
        while (world.Further.Told().Count < 2 || world.Other.Told().Count < 2)
        {
            await Task.Yield();
        }

        while (!next.IsCompleted)
        {
            world.Time.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        world.CheckOthers(2, isClockMoved: true);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("1", 5)]
    [InlineData("-3", 5)]
    [InlineData("86400", 10)]
    [InlineData("soon", 5)]
    [InlineData("date+8", 8)]
    [InlineData("date-60", 5)]
    [InlineData("date+3600", 10)]
    public async Task Retry_after_is_obeyed_from_the_delay_to_twice_that(string wish, int seconds)
    {
        await using ChaosWorld world = await ChaosWorld.StartAsync();
        string text = wish.StartsWith("date", StringComparison.Ordinal)
            ? world.Time.GetUtcNow().AddSeconds(double.Parse(wish[4..], CultureInfo.InvariantCulture)).ToString("r", CultureInfo.InvariantCulture)
            : wish;
        world.Hostile.Answer = Say($"HTTP/1.1 429 Too Many Requests\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n");
        await world.HappenAsync();
        await world.Relay.DrainAsync();
        await world.AdvanceAsync(seconds - 0.1);
        Assert.Equal(1, world.Hostile.Requests);
        await world.AdvanceAsync(0.1);
        Assert.Equal(2, world.Hostile.Requests);
        world.CheckOthers();
    }

    [Fact]
    public async Task An_endpoint_that_says_410_is_called_no_more_and_the_operator_sees_it()
    {
        await using ChaosWorld world = await ChaosWorld.StartAsync();
        world.Hostile.Answer = Say("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
        await world.HappenAsync();
        await world.Relay.DrainAsync();
        await world.HappenAsync();
        await world.Relay.DrainAsync();
        await world.AdvanceAsync(3600);
        Assert.Equal(1, world.Hostile.Requests);
        world.CheckOthers(2);
        Assert.Single(world.Relay.Log.Lines, line => line is { Event: 223, Level: LogLevel.Warning });
        JsonElement listed = await world.Relay.AdminAsync(HttpMethod.Get, $"businesses/{world.Business.Id}/subscribers", new { });
        Assert.Equal("disabled", TestRelay.Text(listed.GetProperty("data").EnumerateArray().Single(one => TestRelay.Text(one, "id") == "app"), "status"));

        world.Hostile.Answer = Say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await world.SetHostileAsync();
        await world.HappenAsync();
        await world.Relay.DrainAsync();
        Assert.Equal(2, world.Hostile.Requests);
    }

    [Fact]
    public async Task Tls_that_does_not_come_about_is_a_failure()
    {
        await using HostileEndpoint plain = new() { Answer = Say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") };
        await using ChaosWorld world = await ChaosWorld.StartAsync(new UriBuilder(plain.Callback) { Scheme = Uri.UriSchemeHttps }.Uri);
        await AssertFailsOnScheduleAsync(world, () => plain.Requests);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("8.8.8.8", "127.0.0.1")]
    public async Task A_name_that_leads_inside_is_not_called(params string[] addresses)
    {
        int asked = 0;
        await using ChaosWorld world = await ChaosWorld.StartAsync(new Uri("https://hooks.example.com/"));
        world.Resolve = _ =>
        {
            asked++;
            return Array.ConvertAll(addresses, IPAddress.Parse);
        };
        await AssertFailsOnScheduleAsync(world, () => asked);
    }

    /// <summary>The first look says public, the second 127.0.0.1, where somebody listens.</summary>
    [Fact]
    public async Task A_name_that_turns_to_loopback_once_it_was_looked_at_is_not_called()
    {
        int asked = 0;
        await using HostileEndpoint inside = new();
        await using ChaosWorld world = await ChaosWorld.StartAsync(new UriBuilder(inside.Callback) { Host = "hooks.example.com" }.Uri);
        world.Resolve = _ => [asked++ == 0 ? IPAddress.Parse("8.8.8.8") : IPAddress.Loopback];
        Assert.Single(await world.Connect.ResolveAsync("hooks.example.com", CancellationToken.None));
        await AssertFailsOnScheduleAsync(world, () => asked - 1);
        Assert.Equal(0, inside.Requests);
    }

    private static async Task AssertFailsOnScheduleAsync(ChaosWorld world, Func<int> attempts)
    {
        await world.HappenAsync();
        await world.Relay.DrainAsync();
        Assert.Equal(1, attempts());
        await world.AdvanceAsync(4.9);
        Assert.Equal(1, attempts());
        await world.AdvanceAsync(0.1);
        Assert.Equal(2, attempts());
        world.CheckOthers();
        Assert.Single(world.Account.Queues.Everything());
    }

    /// <summary>An endpoint that hangs up says so, or the next delivery may meet a connection that is just being closed.</summary>
    private static Func<NetworkStream, CancellationToken, Task> Say(string answer) => (stream, token) =>
        HostileEndpoint.SayAsync(stream, answer.Replace("\r\nContent-Length: 0", "\r\nConnection: close\r\nContent-Length: 0", StringComparison.Ordinal), token);

    private static Func<NetworkStream, CancellationToken, Task> Endless(string head, string? more = null) => async (stream, token) =>
    {
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(head), token);
        byte[] again = System.Text.Encoding.Latin1.GetBytes(more ?? Bomb);
        while (true)
        {
            await stream.WriteAsync(again, token);
        }
    };

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task Done(TaskCompletionSource signal)
    {
        signal.TrySetResult();
        return Task.CompletedTask;
    }
}
