using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Xunit;

namespace Relay.Tests.KeyVault;

/// <summary>One process of a <see cref="RotatingWorld"/>.</summary>
internal sealed class RotatingProcess(KeyRing ring)
{
    private static readonly CancellationToken None = CancellationToken.None;

    public KeyRing Ring { get; } = ring;

    public Sealer Sealer { get; } = new(ring, "region");

    /// <summary>What the timers do of a night.</summary>
    public async Task NightAsync(UtcDay firstLive, string tenant = RotatingWorld.Tenant)
    {
        await Ring.DestroyDaysBeforeAsync(tenant, firstLive, None);
        await Ring.RotateAsync(tenant, None);
    }

    public async Task AssertOpensAsync(SealedDay written, string tenant = RotatingWorld.Tenant)
    {
        await AssertLastingOpensAsync(written, tenant);
        Assert.Equal(written.Day.Key, Text(await Sealer.OpenAsync(tenant, RotatingWorld.Place(written.Day), written.Content, None)));
    }

    public async Task AssertLastingOpensAsync(SealedDay written, string tenant = RotatingWorld.Tenant) =>
        Assert.Equal(written.Day.Key, Text(await Sealer.OpenAsync(tenant, RotatingWorld.Place(null), written.Lasting, None)));

    public async Task AssertGoneAsync(SealedDay written, string tenant = RotatingWorld.Tenant) =>
        Assert.Null(await Sealer.OpenAsync(tenant, RotatingWorld.Place(written.Day), written.Content, None));

    private static string Text(byte[]? bytes) => bytes is null ? "(gone)" : Encoding.ASCII.GetString(bytes);
}
