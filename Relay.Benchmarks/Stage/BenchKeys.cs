using Relay.Shared.Azure;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;

namespace Relay.Benchmarks.Stage;

/// <summary>One tenant's keys on tables in memory, and who seals with them.</summary>
internal sealed class BenchKeys
{
    internal const string Region = "westeurope";
    internal const string Tenant = "100000000000001";

    private readonly TimeProvider _time;

    private BenchKeys(MemoryTableStore tables, TimeProvider time)
    {
        _time = time;
        Ring = new KeyRing(tables, new LocalKeyWrapper(LocalKeyFile.InMemory()), time);
        Sealer = new Sealer(Ring, Region);
    }

    /// <summary>That of a message's content, with keys as long as real ones.</summary>
    public static SealedPlace Place { get; } =
        new(TableNames.Conversations, $"{Tenant}-0123456789abcdef0123456789abcdef", "O:0123456789abcdef", "p");

    public KeyRing Ring { get; }

    public Sealer Sealer { get; }

    public ValueTask<byte[]> SealAsync(byte[] plaintext, CancellationToken cancellationToken) =>
        Sealer.SealAsync(Tenant, UtcDay.Today(_time), Place, plaintext, cancellationToken);

    internal static async Task<BenchKeys> CreateAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        MemoryTableStore tables = new();
        await tables.EnsureTablesAsync([TableNames.Dek], cancellationToken);
        return new BenchKeys(tables, time);
    }
}
