using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Xunit;

namespace Relay.Tests.Sealing;

public sealed class KeyCacheTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly KeyCache _cache;
    private int _loads;

    public KeyCacheTests() => _cache = new KeyCache(_time);

    [Fact]
    public async Task A_key_is_loaded_once_an_hour()
    {
        await GetAsync();
        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        await GetAsync();
        Assert.Equal(1, _loads);

        _time.Advance(TimeSpan.FromTicks(1));
        await GetAsync();
        Assert.Equal(2, _loads);
    }

    [Fact]
    public async Task Absence_is_remembered_for_a_minute_but_not_for_who_may_make_the_key()
    {
        Task<SecretBytes?> Absent(CancellationToken token) => Task.FromResult<SecretBytes?>(Count(null));

        Assert.Null(await _cache.GetAsync("1", "d", true, Absent, None));
        Assert.Null(await _cache.GetAsync("1", "d", true, Absent, None));
        Assert.Equal(1, _loads);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await _cache.GetAsync("1", "d", true, Absent, None));
        Assert.Equal(2, _loads);

        Assert.NotNull(await _cache.GetAsync("1", "d", false, Present, None));
        Assert.Equal(3, _loads);
        Assert.NotNull(await _cache.GetAsync("1", "d", true, Absent, None));
        Assert.Equal(3, _loads);
    }

    [Fact]
    public async Task One_load_at_a_time_serves_all_who_wait()
    {
        TaskCompletionSource<SecretBytes?> gate = new();
        Task<SecretBytes?>[] all =
        [
            .. Enumerable.Range(0, 20).Select(_ => _cache.GetAsync("1", "d", true, async _ => Count(await gate.Task), None).AsTask()),
        ];
        Task<SecretBytes?> other = GetAsync("2");
        Assert.NotNull(await other);
        Assert.All(all, task => Assert.False(task.IsCompleted));

        gate.SetResult(SecretBytes.CopyOf([1, 2, 3]));
        SecretBytes?[] keys = await Task.WhenAll(all);
        Assert.Equal(2, _loads);
        Assert.Equal(20, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Equal([1, 2, 3], key!.Reveal().ToArray()));
    }

    [Fact]
    public async Task A_failed_or_cancelled_load_lets_the_next_caller_try()
    {
        using CancellationTokenSource impatient = new();
        TaskCompletionSource gate = new();
        Task<SecretBytes?> first = _cache.GetAsync("1", "d", true, async token =>
        {
            await gate.Task.WaitAsync(token);
            return Count(null);
        }, impatient.Token).AsTask();
        Task<SecretBytes?> second = GetAsync();
        Assert.False(second.IsCompleted);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.NotNull(await second);

        await Assert.ThrowsAsync<TimeoutException>(() => _cache.GetAsync("1", "e", true, _ => throw new TimeoutException(), None).AsTask());
        Assert.NotNull(await _cache.GetAsync("1", "e", true, Present, None));
    }

    [Fact]
    public async Task Who_waits_may_give_up()
    {
        TaskCompletionSource<SecretBytes?> gate = new();
        Task<SecretBytes?> first = _cache.GetAsync("1", "d", true, _ => gate.Task, None).AsTask();
        using CancellationTokenSource impatient = new();
        Task<SecretBytes?> second = _cache.GetAsync("1", "d", true, Present, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        gate.SetResult(SecretBytes.CopyOf([9]));
        Assert.Equal([9], (await first)!.Reveal().ToArray());
    }

    [Fact]
    public async Task The_cache_is_bounded_and_what_leaves_is_zeroed()
    {
        for (int i = 0; i < KeyCache.MaxEntries; i++)
        {
            await GetAsync(i.ToString(CultureInfo.InvariantCulture));
            _time.Advance(TimeSpan.FromTicks(1));
        }

        List<SecretBytes> before = Held();
        Assert.Equal(KeyCache.MaxEntries, before.Count);
        await GetAsync("one more");

        List<SecretBytes> after = Held();
        Assert.InRange(after.Count, 1, KeyCache.MaxEntries);
        List<SecretBytes> gone = [.. before.Except(after)];
        Assert.NotEmpty(gone);
        Assert.All(gone, key => Assert.Throws<ObjectDisposedException>(() => key.Length));
        Assert.All(after, key => Assert.Equal(32, key.Length));

        // The oldest left first.
        int loads = _loads;
        await GetAsync((KeyCache.MaxEntries - 1).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(loads, _loads);
        await GetAsync("0");
        Assert.Equal(loads + 1, _loads);
    }

    [Fact]
    public async Task Removing_zeroes()
    {
        await GetAsync("a");
        await GetAsync("b");
        List<SecretBytes> before = Held();
        _cache.Remove("a", name => name == "d");

        SecretBytes left = Assert.Single(Held());
        Assert.Throws<ObjectDisposedException>(() => before.Single(key => key != left).Length);
    }

    /// <summary>The loader's own copy of a key must not stay behind in memory.</summary>
    [Fact]
    public async Task Of_a_loaded_key_only_the_cache_and_the_caller_have_a_copy()
    {
        SecretBytes loaded = SecretBytes.CopyOf([1, 2, 3]);
        SecretBytes? mine = await _cache.GetAsync("1", "d", true, _ => Task.FromResult<SecretBytes?>(loaded), None);
        mine!.Dispose();

        Assert.Throws<ObjectDisposedException>(() => loaded.Length);
        Assert.Equal([1, 2, 3], Assert.Single(Held()).Reveal().ToArray());
    }

    private Task<SecretBytes?> GetAsync(string tenant = "1") => _cache.GetAsync(tenant, "d", true, Present, None).AsTask();

    private Task<SecretBytes?> Present(CancellationToken token) => Task.FromResult(Count(SecretBytes.Random(32)));

    private SecretBytes? Count(SecretBytes? key)
    {
        Interlocked.Increment(ref _loads);
        return key;
    }

    /// <summary>The keys inside, by reflection: whether they are wiped can't be seen from outside.</summary>
    private List<SecretBytes> Held()
    {
        var entries = (System.Collections.IDictionary)typeof(KeyCache)
            .GetField("_entries", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(_cache)!;
        return [.. entries.Values.Cast<object>().Select(entry => (SecretBytes)entry.GetType().GetProperty("Key")!.GetValue(entry)!)];
    }
}
