using System.Globalization;
using Relay.Shared.Proof.Audits;
using Xunit;

namespace Relay.Tests.Proof;

/// <summary>The verifier finds whatever is changed, missing, swapped or cut off, and says where; what it can't find is named too.</summary>
public sealed class AuditChainTests
{
    private const string Business = "1001";

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_whole_chain_has_no_flaw()
    {
        AuditEntry[] entries = Chain(10);
        AuditChain chain = new(Business, Now);
        Assert.Null(chain.Expect(Checkpoint(entries[6]), true));
        chain.Expect(3, entries[2].ToStatement().Hash);
        Assert.Null(Run(chain, entries));
        Assert.Null(chain.End(10, Hash(entries[^1])));
        Assert.Equal((1, 10, 7), (chain.First, chain.Last, chain.Signed));
        Assert.Null(new AuditChain(Business, Now).End(0, null));
    }

    /// <summary>Each member of each entry, changed as an attacker would who mends nothing, and as one who mends the following links.</summary>
    [Fact]
    public void A_changed_entry_is_found_even_when_all_that_follows_is_made_to_fit()
    {
        Func<AuditEntry, AuditEntry>[] changes =
        [
            entry => entry with { At = entry.At + 1 }, entry => entry with { Who = "token:0000000000000000" }, entry => entry with { Operation = "other" },
            entry => entry with { Data = "other" }, entry => entry with { Id = "ffffffffffffffff" },
        ];
        AuditEntry[] genuine = Chain(6);
        foreach (Func<AuditEntry, AuditEntry> change in changes)
        {
            for (int at = 0; at < genuine.Length; at++)
            {
                AuditEntry[] changed = [.. genuine];
                changed[at] = change(changed[at]);
                AuditChain plain = new(Business, Now);
                AuditFlaw? flaw = Run(plain, changed) ?? plain.End(6, Hash(genuine[^1]));
                Assert.Equal(at == 5 ? 6 : at + 2, flaw?.Entry);

                AuditEntry[] mended = Relink(changed);
                AuditChain signed = new(Business, Now);
                Assert.Null(signed.Expect(Checkpoint(genuine[^1]), true));
                Assert.Equal(6, (Run(signed, mended) ?? signed.End(6, Hash(mended[^1])))?.Entry);

                // Whoever can write the table and touches only what no signature covers yet, and mends the rest, isn't seen.
                AuditChain unsigned = new(Business, Now);
                Assert.Null(Run(unsigned, mended) ?? unsigned.End(6, Hash(mended[^1])));
            }
        }
    }

    [Theory]
    [InlineData(1, "first entries")]
    [InlineData(2, "missing")]
    [InlineData(4, "missing")]
    [InlineData(6, "head has more")]
    public void A_missing_entry_is_found(int missing, string what)
    {
        AuditEntry[] entries = Chain(6);
        AuditChain chain = new(Business, Now);
        AuditFlaw? flaw = Run(chain, [.. entries.Where(entry => entry.Number != missing)]) ?? chain.End(6, Hash(entries[^1]));
        Assert.Equal(missing, flaw?.Entry);
        Assert.Contains(what, flaw?.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Swapped_entries_are_found()
    {
        AuditEntry[] entries = Chain(5);
        AuditChain chain = new(Business, Now);
        Assert.Null(chain.Add(1, entries[0]));
        Assert.Equal(2, chain.Add(2, entries[2])?.Entry);
        Assert.Equal(2, new AuditChain(Business, Now, 1, Hash(entries[0])).Add(2, entries[2] with { Number = 2 })?.Entry);
    }

    [Fact]
    public void An_entry_of_another_business_or_none_at_all_is_found()
    {
        AuditEntry[] entries = Chain(2);
        Assert.Equal(1, new AuditChain("1002", Now).Add(1, entries[0])?.Entry);
        Assert.Equal(1, new AuditChain(Business, Now).Add(1, null)?.Entry);
    }

    [Fact]
    public void A_tail_that_is_cut_off_with_its_head_is_found_as_far_as_a_signature_or_a_kept_hash_reaches()
    {
        AuditEntry[] entries = Chain(8);
        AuditEntry[] cut = entries[..4];
        AuditChain signed = new(Business, Now);
        Assert.Null(signed.Expect(Checkpoint(entries[5]), true));
        Assert.Null(Run(signed, cut));
        Assert.Equal(6, signed.End(4, Hash(cut[^1]))?.Entry);

        AuditChain kept = new(Business, Now);
        kept.Expect(8, Hash(entries[7]));
        Assert.Null(Run(kept, cut));
        Assert.Equal(8, kept.End(4, Hash(cut[^1]))?.Entry);

        AuditChain neither = new(Business, Now);
        Assert.Null(Run(neither, cut) ?? neither.End(4, Hash(cut[^1])));
    }

    [Fact]
    public void All_entries_deleted_is_found_by_a_checkpoint_or_the_head()
    {
        AuditEntry[] entries = Chain(3);
        AuditChain chain = new(Business, Now);
        Assert.Null(chain.Expect(Checkpoint(entries[1]), true));
        Assert.Equal(2, chain.End(0, null)?.Entry);
        Assert.Equal(1, new AuditChain(Business, Now).End(3, Hash(entries[2]))?.Entry);
    }

    [Fact]
    public void A_checkpoint_that_is_not_ours_is_a_flaw()
    {
        AuditEntry[] entries = Chain(3);
        Assert.Equal(2, new AuditChain(Business, Now).Expect(Checkpoint(entries[1]), false)?.Entry);
        Assert.Equal(2, new AuditChain("1002", Now).Expect(Checkpoint(entries[1]), true)?.Entry);
        AuditChain two = new(Business, Now);
        two.Expect(2, new string('a', 64));
        Assert.Null(two.Expect(Checkpoint(entries[1]), true));
        Assert.Equal(2, Run(two, entries)?.Entry);
    }

    [Fact]
    public void The_first_entries_may_be_missing_up_to_an_old_checkpoint_and_no_further()
    {
        AuditEntry[] entries = Chain(9);
        DateTimeOffset later = Now + AuditChain.Life;
        Assert.Null(Run(Old(4, later), entries[4..]));
        Assert.Null(Run(Old(4, later), entries[2..]));
        Assert.Equal(1, Run(Old(4, later), entries[5..])?.Entry);
        Assert.Equal(1, Run(Old(4, later - TimeSpan.FromDays(1)), entries[4..])?.Entry);

        AuditEntry[] changed = [.. entries[4..]];
        changed[0] = changed[0] with { Previous = new string('b', 64) };
        Assert.Equal(5, Run(Old(4, later), changed)?.Entry);

        AuditChain Old(int number, DateTimeOffset now)
        {
            AuditChain chain = new(Business, now);
            Assert.Null(chain.Expect(Checkpoint(entries[number - 1]), true));
            return chain;
        }
    }

    internal static AuditEntry[] Chain(int count) => Relink(
    [
        .. Enumerable.Range(1, count).Select(number => new AuditEntry
        {
            Number = number,
            Business = Business,
            At = Now.ToUnixTimeMilliseconds() + number,
            Who = "token:0123456789abcdef",
            Operation = AccessOperation.ShowSafetyNumber.Name,
            Data = AccessOperation.ShowSafetyNumber.Data,
            Id = number.ToString("x16", CultureInfo.InvariantCulture),
            Previous = AuditEntry.NoHash,
        }),
    ]);

    private static AuditEntry[] Relink(AuditEntry[] entries)
    {
        AuditEntry[] linked = [.. entries];
        for (int i = 0; i < linked.Length; i++)
        {
            linked[i] = linked[i] with { Previous = i == 0 ? AuditEntry.NoHash : Hash(linked[i - 1]) };
        }

        return linked;
    }

    private static AuditFlaw? Run(AuditChain chain, AuditEntry[] entries) =>
        entries.Select(entry => chain.Add(entry.Number, entry)).FirstOrDefault(flaw => flaw is not null);

    private static string Hash(AuditEntry entry) => entry.ToStatement().Hash;

    private static AuditCheckpoint Checkpoint(AuditEntry entry) =>
        new() { Business = Business, Number = entry.Number, Hash = Hash(entry), At = Now.ToUnixTimeMilliseconds() };
}
