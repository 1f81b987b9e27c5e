using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Azure;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Tests.Transport;

namespace Relay.Tests.Support;

/// <summary>A tenant's keys on tables in memory, with a clock that only tests move.</summary>
internal sealed class TestVault
{
    public const string Region = "testregion";
    public const string Tenant = "1001";

    /// <summary>One for all tests: making an RSA key takes longer than a test.</summary>
    public static readonly LocalKeyWrapper Wrapper = new(LocalKeyFile.InMemory());

    private TestVault(FakeTimeProvider time, RecordingTables tables)
    {
        Time = time;
        Tables = tables;
        Ring = new KeyRing(tables, Wrapper, time);
        Sealer = new Sealer(Ring, Region);
    }

    public FakeTimeProvider Time { get; }

    public RecordingTables Tables { get; }

    public KeyRing Ring { get; }

    public Sealer Sealer { get; }

    public UtcDay Today => UtcDay.Today(Time);

    public static async Task<TestVault> CreateAsync()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        RecordingTables tables = new(new MemoryTableStore());
        await tables.EnsureTablesAsync([.. TableNames.OfRelay], CancellationToken.None);
        return new TestVault(time, tables);
    }

    /// <summary>Another process on the same storage: same keys, own caches.</summary>
    public TestVault Restarted() => new(Time, Tables);

    /// <summary>Another process on the same storage whose clock says something else.</summary>
    public TestVault At(DateTimeOffset now) => new(new FakeTimeProvider(now), Tables);

    public static PhoneNumber Number(string digits) => PhoneNumber.TryParse(digits, out PhoneNumber? number) ? number : throw new FormatException();
}
