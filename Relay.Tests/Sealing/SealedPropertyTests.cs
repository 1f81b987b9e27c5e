using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Sealing;

/// <summary>
/// 10,000 blobs of any size in any place, each changed or moved in one way: none opens, and nobody learns from the error which way it was. Only a
/// day that has no key is another answer, the one that a destroyed day gives.
/// </summary>
public sealed class SealedPropertyTests
{
    private const int CasesPerSeed = 1_000;
    private const int DayAt = 2;
    private const int SaltAt = 6;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string[] s_tenants = ["1001", "1002"];

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 10).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_is_changed_or_moved_does_not_open_and_says_no_more(ulong seed)
    {
        SeededRandom random = new(seed);
        TestVault vault = await TestVault.CreateAsync();
        UtcDay[] days = await DaysAsync(vault);
        Sealer elsewhere = new(vault.Ring, "elsewhere");
        HashSet<string> told = [];
        HashSet<string> ways = [];
        byte[] before = await vault.Sealer.SealAsync(s_tenants[0], days[0], Place(random), random.Bytes(40), None);
        for (int i = 0; i < CasesPerSeed; i++)
        {
            string tenant = s_tenants[random.Below(2)];
            UtcDay day = days[random.Below(days.Length)];
            SealedPlace place = Place(random);
            byte[] plain = random.Bytes(random.Below(600));
            byte[] blob = await vault.Sealer.SealAsync(tenant, day, place, plain, None);
            Assert.Equal(plain, await vault.Sealer.OpenAsync(tenant, place, blob, None));

            (string way, Func<Task<byte[]?>> open) = Change(random, vault.Sealer, elsewhere, tenant, place, blob, before, days);
            ways.Add(way);
            try
            {
                byte[]? opened = await open();
                Assert.True(opened is null && way == "no such day", $"seed {seed}, case {i}: opened after {way}");
            }
            catch (SealBrokenException broken)
            {
                told.Add($"{broken.Message} {broken.InnerException}");
            }

            before = blob;
        }

        Assert.Equal(["A sealed value does not open. "], told);
        Assert.Equal(16, ways.Count);
    }

    private static (string Way, Func<Task<byte[]?>> Open) Change(
        SeededRandom random, Sealer sealer, Sealer elsewhere, string tenant, SealedPlace place, byte[] blob, byte[] other, UtcDay[] days)
    {
        Func<Task<byte[]?>> Moved(SealedPlace there) => () => sealer.OpenAsync(tenant, there, blob, None).AsTask();
        Func<Task<byte[]?>> Changed(byte[] to) => () => sealer.OpenAsync(tenant, place, to, None).AsTask();
        return random.Below(16) switch
        {
            0 => ("table", Moved(place with { Table = Other(random, place.Table) })),
            1 => ("partition", Moved(place with { PartitionKey = Other(random, place.PartitionKey) })),
            2 => ("row", Moved(place with { RowKey = Other(random, place.RowKey) })),
            3 => ("column", Moved(place with { Column = Other(random, place.Column) })),
            4 => ("two columns", Moved(place with { RowKey = place.Column, Column = place.RowKey + "." })),
            5 => ("generation", Moved(place with { Generation = place.Generation ^ (1L << random.Below(63)) })),
            6 => ("chunk", Moved(place with { Chunk = place.Chunk + 1 + random.Below(3) })),
            7 => ("chunks", Moved(place with { Chunks = place.Chunks + 1 + random.Below(3) })),
            8 => ("tenant", () => sealer.OpenAsync(s_tenants[tenant == s_tenants[0] ? 1 : 0], place, blob, None).AsTask()),
            9 => ("region", () => elsewhere.OpenAsync(tenant, place, blob, None).AsTask()),
            10 => ("day", Changed(WithDay(blob, days[(Array.FindIndex(days, day => day == DayOf(blob)) + 1 + random.Below(days.Length - 1)) % days.Length].Number))),
            11 => ("no such day", Changed(WithDay(blob, days[0].AddDays(-1 - random.Below(60)).Number))),
            12 => ("long-lived", Changed(WithDay(blob, 0))),
            13 => ("length", Changed(random.Chance(50) ? blob[..random.Below(blob.Length)] : [.. blob, .. random.Bytes(1 + random.Below(20))])),
            14 => ("another's head", Changed([.. other[..SealedBlob.HeaderSize], .. blob[SealedBlob.HeaderSize..]])),
            _ => ("bit", Changed(Flipped(blob, random))),
        };
    }

    /// <summary>Any bit but those of the day, which has its own cases.</summary>
    private static byte[] Flipped(byte[] blob, SeededRandom random)
    {
        byte[] flipped = [.. blob];
        int at = random.Below(blob.Length - (SaltAt - DayAt));
        flipped[at < DayAt ? at : at + SaltAt - DayAt] ^= (byte)(1 << random.Below(8));
        return flipped;
    }

    private static byte[] WithDay(byte[] blob, uint day)
    {
        byte[] changed = [.. blob];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(DayAt), day);
        return changed;
    }

    private static UtcDay? DayOf(byte[] blob) => SealedBlob.TryReadDay(blob, out UtcDay? day) ? day : null;

    private static string Other(SeededRandom random, string text) => text.Length > 0 && random.Chance(50) ? text[..^1] + (char)(text[^1] ^ 1) : text + "'";

    private static SealedPlace Place(SeededRandom random) =>
        new(Text(random), Text(random), Text(random), Text(random), random.Below(1 << 20), random.Below(3), 3 + random.Below(3));

    private static string Text(SeededRandom random) => Encoding.ASCII.GetString([.. random.Bytes(random.Below(30)).Select(b => (byte)(' ' + (b % 90)))]);

    /// <summary>Three days of keys for two tenants, and their long-lived ones.</summary>
    private static async Task<UtcDay[]> DaysAsync(TestVault vault)
    {
        List<UtcDay> days = [];
        for (int i = 0; i < 3; i++)
        {
            foreach (string tenant in s_tenants)
            {
                await vault.Sealer.SealAsync(tenant, vault.Today, new SealedPlace("t", "p", "r", "c"), new byte[1], None);
                await vault.Sealer.SealLongLivedAsync(tenant, new SealedPlace("t", "p", "r", "c"), new byte[1], None);
            }

            days.Add(vault.Today);
            vault.Time.Advance(TimeSpan.FromMinutes(i == 2 ? 1 : 24 * 60));
        }

        return [.. days];
    }
}
