using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Sealing;

public sealed class KeyCacheTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly KeyPlace s_place = KeyPlace.Of("1", "d");

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

        Assert.Null(await _cache.GetAsync(s_place, true, Absent, None));
        Assert.Null(await _cache.GetAsync(s_place, true, Absent, None));
        Assert.Equal(1, _loads);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await _cache.GetAsync(s_place, true, Absent, None));
        Assert.Equal(2, _loads);

        Assert.NotNull(await _cache.GetAsync(s_place, false, Present, None));
        Assert.Equal(3, _loads);
        Assert.NotNull(await _cache.GetAsync(s_place, true, Absent, None));
        Assert.Equal(3, _loads);
    }

    [Fact]
    public async Task One_load_at_a_time_serves_all_who_wait()
    {
        TaskCompletionSource<SecretBytes?> gate = new();
        Task<KeyLease?>[] all =
        [
            .. Enumerable.Range(0, 20).Select(_ => _cache.GetAsync(s_place, true, async _ => Count(await gate.Task), None).AsTask()),
        ];
        Task<KeyLease?> other = GetAsync("2");
        Assert.NotNull(await other);
        Assert.All(all, task => Assert.False(task.IsCompleted));

        gate.SetResult(SecretBytes.CopyOf([1, 2, 3]));
        KeyLease?[] keys = await Task.WhenAll(all);
        Assert.Equal(2, _loads);
        Assert.All(keys, key => Assert.Equal([1, 2, 3], key!.Value.Reveal().ToArray()));
    }

    [Fact]
    public async Task A_failed_or_cancelled_load_lets_the_next_caller_try()
    {
        using CancellationTokenSource impatient = new();
        TaskCompletionSource gate = new();
        Task<KeyLease?> first = _cache.GetAsync(s_place, true, async token =>
        {
            await gate.Task.WaitAsync(token);
            return Count(null);
        }, impatient.Token).AsTask();
        Task<KeyLease?> second = GetAsync();
        Assert.False(second.IsCompleted);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.NotNull(await second);

        await Assert.ThrowsAsync<TimeoutException>(() => _cache.GetAsync(KeyPlace.Of("1", "e"), true, _ => throw new TimeoutException(), None).AsTask());
        Assert.NotNull(await _cache.GetAsync(KeyPlace.Of("1", "e"), true, Present, None));
    }

    [Fact]
    public async Task Who_waits_may_give_up()
    {
        TaskCompletionSource<SecretBytes?> gate = new();
        Task<KeyLease?> first = _cache.GetAsync(s_place, true, _ => gate.Task, None).AsTask();
        using CancellationTokenSource impatient = new();
        Task<KeyLease?> second = _cache.GetAsync(s_place, true, Present, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        gate.SetResult(SecretBytes.CopyOf([9]));
        Assert.Equal([9], (await first)!.Value.Reveal().ToArray());
    }

    [Fact]
    public async Task The_cache_is_bounded_and_what_leaves_is_zeroed()
    {
        for (int i = 0; i < KeyCache.MaxEntries; i++)
        {
            await TouchAsync(i.ToString(CultureInfo.InvariantCulture));
            _time.Advance(TimeSpan.FromTicks(1));
        }

        List<SecretBytes> before = Held();
        Assert.Equal(KeyCache.MaxEntries, before.Count);
        await TouchAsync("one more");

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
        await TouchAsync("a");
        await TouchAsync("b");
        List<SecretBytes> before = Held();
        _cache.Remove("a", place => place.Name == "d");

        SecretBytes left = Assert.Single(Held());
        Assert.Throws<ObjectDisposedException>(() => before.Single(key => key != left).Length);
    }

    /// <summary>The loader's own copy of a key must not stay behind in memory.</summary>
    [Fact]
    public async Task Of_a_loaded_key_there_is_one_copy()
    {
        SecretBytes loaded = SecretBytes.CopyOf([1, 2, 3]);
        KeyLease? mine = await _cache.GetAsync(s_place, true, _ => Task.FromResult<SecretBytes?>(loaded), None);
        mine?.Dispose();

        Assert.Same(loaded, Assert.Single(Held()));
        _cache.Remove("1", _ => true);
        Assert.Throws<ObjectDisposedException>(() => loaded.Length);
    }

    [Fact]
    public async Task A_key_that_left_is_zeroed_when_the_last_who_uses_it_is_done()
    {
        KeyLease first = (await GetAsync("1", [7, 7]))!.Value;
        KeyLease second = (await GetAsync())!.Value;
        SecretBytes held = Assert.Single(Held());
        _cache.Remove("1", _ => true);
        Assert.Equal([7, 7], second.Reveal().ToArray());

        first.Dispose();
        Assert.Equal([7, 7], second.Reveal().ToArray());
        Assert.Equal(2, held.Length);
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => held.Length);
    }

    [Fact]
    public async Task Who_is_done_twice_ends_no_other_use_and_has_the_key_no_more()
    {
        KeyLease first = (await GetAsync("1", [7, 7]))!.Value;
        KeyLease copy = first;
        KeyLease second = (await GetAsync())!.Value;
        _cache.Remove("1", _ => true);
        first.Dispose();
        first.Dispose();
        copy.Dispose();

        Assert.Throws<ObjectDisposedException>(() => first.Reveal().Length);
        Assert.Throws<ObjectDisposedException>(() => copy.Reveal().Length);
        Assert.Throws<ObjectDisposedException>(() => default(KeyLease).Reveal().Length);
        Assert.Equal([7, 7], second.Reveal().ToArray());
        using SecretBytes mine = second.Copy();
        second.Dispose();
        Assert.Equal([7, 7], mine.Reveal().ToArray());
    }

    [Fact]
    public async Task What_is_removed_while_it_is_loaded_is_not_kept()
    {
        TaskCompletionSource<SecretBytes?> gate = new();
        Task<KeyLease?> first = _cache.GetAsync(s_place, true, _ => gate.Task, None).AsTask();
        _cache.Remove("1", place => place.Name == "d");
        gate.SetResult(SecretBytes.CopyOf([9]));

        using KeyLease? mine = await first;
        Assert.Equal([9], mine!.Value.Reveal().ToArray());
        Assert.Empty(Held());
        await GetAsync();
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task A_hit_allocates_nothing()
    {
        TestVault vault = await TestVault.CreateAsync();
        KeyRing ring = vault.Ring;
        async Task<long> BytesAsync(int times)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < times; i++)
            {
                using KeyLease day = await ring.DayKeyAsync("1", vault.Today, None);
                using KeyLease? found = await ring.FindDayKeyAsync("1", vault.Today, None);
                using KeyLease named = await ring.NamedKeyAsync("1", "ids", None);
                using KeyLease derived = await ring.DerivedKeysAsync("1", "ids", "a purpose", 64, None);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        await BytesAsync(200);
        long few = await BytesAsync(10);
        Assert.Equal(few, await BytesAsync(10_000));
    }

    private Task<KeyLease?> GetAsync(string tenant = "1", byte[]? bytes = null) => _cache.GetAsync(
        KeyPlace.Of(tenant, "d"), true, bytes is null ? Present : _ => Task.FromResult(Count(SecretBytes.CopyOf(bytes))), None).AsTask();

    private async Task TouchAsync(string tenant)
    {
        using KeyLease? key = await GetAsync(tenant);
    }

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
        return
        [
            .. entries.Values.Cast<object>().Select(entry => Field(entry.GetType().GetProperty("Key")!.GetValue(entry)!, typeof(SecretBytes))).Cast<SecretBytes>(),
        ];
    }

    private static object Field(object of, Type type) => of.GetType()
        .GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance).Single(field => field.FieldType == type).GetValue(of)!;
}
