using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Load.Parties;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Benchmarks.Sections;

/// <summary>What the cache of unwrapped keys costs and spares: bytes for each key it gives out, and calls of the vault.</summary>
internal static class KeyCacheSection
{
    /// <summary>Of these, as many go through to a device and back; the others are accepted only.</summary>
    private const int Round = 1_000;
    private const int Delivered = 10;

    internal static async Task<Section> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        int messages = options.Quick ? 2 * Round : 100_000;
        int unwraps = await UnwrapsAsync(messages, options.Callers, cancellationToken);
        return new Section
        {
            Name = "key cache, in memory",
            Method =
            [
                "Allocated: by this thread, to get a key that is in the cache and give it back.",
                $"Unwraps: calls of the vault's unwrap by the relay while one business has {messages:#,0} messages accepted over HTTP, {Delivered} of each {Round:#,0} of them also",
                "encrypted, fetched and told, under a clock that goes on by an hour meanwhile. The keys were in use before: each is unwrapped again once an hour.",
            ],
            Figures =
            [
                new Figure { Name = "allocated for a day's key", Value = await AllocatedAsync(OfDay, cancellationToken), Unit = "bytes", Target = "0" },
                new Figure { Name = "allocated for derived keys (ids)", Value = await AllocatedAsync(Derived, cancellationToken), Unit = "bytes", Target = "0" },
                new Figure { Name = $"unwraps per {messages:#,0} messages", Value = unwraps, Unit = "", Target = "<= 10" },
            ],
        };
    }

    private static ValueTask<KeyLease> OfDay(KeyRing ring, CancellationToken cancellationToken) =>
        ring.DayKeyAsync(BenchKeys.Tenant, UtcDay.Today(TimeProvider.System), cancellationToken);

    private static ValueTask<KeyLease> Derived(KeyRing ring, CancellationToken cancellationToken) =>
        ring.DerivedKeysAsync(BenchKeys.Tenant, "ids", "relay message id", 64, cancellationToken);

    private static async Task<double> AllocatedAsync(Func<KeyRing, CancellationToken, ValueTask<KeyLease>> get, CancellationToken cancellationToken)
    {
        const int Times = 10_000;
        BenchKeys keys = await BenchKeys.CreateAsync(TimeProvider.System, cancellationToken);
        async Task<long> BytesAsync()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Times; i++)
            {
                using KeyLease key = await get(keys.Ring, cancellationToken);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        await BytesAsync();
        return (double)await BytesAsync() / Times;
    }

    private static async Task<int> UnwrapsAsync(int messages, int callers, CancellationToken cancellationToken)
    {
        AdvancedClock clock = new();
        CountedKeys counted = new(clock);
        await using BenchRelay relay = await BenchRelay.StartAsync(counted, cancellationToken);
        LoadBusiness business = await relay.BusinessAsync(withWebhook: true, cancellationToken);
        LoadDevice device = await relay.DeviceAsync(cancellationToken);
        byte[] toNobody = LoadBusiness.TextTo(Numbers.Next(), new string('x', 100));
        byte[] toDevice = LoadBusiness.TextTo(device.Number, new string('x', 100));

        async Task RoundAsync(TimeSpan takes)
        {
            int left = Round - Delivered;
            await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
            {
                await Task.Yield();
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    clock.Advance(takes / Round);
                    await business.SendAsync(toNobody, cancellationToken);
                }
            }));
            await relay.ClearQueuesAsync(cancellationToken);
            for (int i = 0; i < Delivered; i++)
            {
                clock.Advance(takes / Round);
                await business.SendAsync(toDevice, cancellationToken);
                await relay.SettleAsync(device, cancellationToken);
            }
        }

        await RoundAsync(TimeSpan.FromSeconds(1));
        int before = counted.Unwraps;
        for (int done = 0; done < messages; done += Round)
        {
            await RoundAsync(TimeSpan.FromHours(1) * Round / messages);
        }

        relay.ThrowIfAnyFailed();
        return counted.Unwraps - before;
    }
}
