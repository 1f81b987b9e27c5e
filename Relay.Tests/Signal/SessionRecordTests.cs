using Relay.Shared.Signal;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>The stored form: strict, bounded, and the same bytes after a round trip.</summary>
public sealed class SessionRecordTests
{
    [Fact]
    public void Every_shape_of_record_survives_storage()
    {
        foreach (byte[] stored in Shapes())
        {
            Assert.Equal(stored, Party.Parse(stored).Serialize());
        }
    }

    [Fact]
    public void Shortened_and_extended_records_are_refused()
    {
        foreach (byte[] stored in Shapes())
        {
            for (int length = 0; length < stored.Length; length++)
            {
                Assert.False(SessionRecord.TryParse(stored.AsSpan(0, length), out _));
            }

            Assert.False(SessionRecord.TryParse([.. stored, 0], out _));
        }
    }

    [Fact]
    public void A_flipped_bit_is_refused_or_written_back_as_it_was()
    {
        foreach (byte[] stored in Shapes())
        {
            for (int bit = 0; bit < stored.Length * 8; bit += stored.Length > 1024 ? 7 : 1)
            {
                byte[] flipped = [.. stored];
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                if (SessionRecord.TryParse(flipped, out SessionRecord? record))
                {
                    Assert.Equal(flipped, record.Serialize());
                }
            }
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    [InlineData(1, 0)]
    [InlineData(1, 7)]
    [InlineData(2, 2)]
    [InlineData(2, 5)]
    [InlineData(3, 2)]
    [InlineData(3, 5)]
    [InlineData(3, 7)]
    [InlineData(3, 16)]
    [InlineData(3, 32)]
    public void Unknown_formats_counts_versions_and_flags_are_refused(int at, byte value)
    {
        foreach (byte[] stored in Shapes())
        {
            byte[] changed = [.. stored];
            changed[at] = value;
            Assert.False(SessionRecord.TryParse(changed, out _));
        }
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var random = new SeededRandom(7);
        for (int round = 0; round < 2000; round++)
        {
            byte[] bytes = random.Bytes(random.Below(700));
            if (bytes.Length > 3)
            {
                (bytes[0], bytes[1], bytes[2], bytes[3]) = ((byte)(1 + random.Below(2)), 1, 3, 0);
            }

            Assert.False(SessionRecord.TryParse(bytes, out _));
        }
    }

    [Fact]
    public void A_record_with_more_skipped_keys_than_the_cap_is_refused()
    {
        (Party alice, Party bob) = Party.Acquainted();
        Assert.Equal("x", bob.ReadText(alice.Write("x")));
        using SessionRecord record = Party.Parse(bob.Stored ?? []);
        SessionState state = record.Current.Clone();
        ReceivingChain newest = state.Receiving[^1];
        while (newest.Chain.Index < SignalLimits.MaxSkippedKeys + 2)
        {
            newest.Chain.Advance();
        }

        for (uint counter = 0; counter < SignalLimits.MaxSkippedKeys; counter++)
        {
            newest.Skipped.Add(counter).Fill(7);
        }

        using SessionRecord full = SessionRecord.Open(null, state);
        Assert.True(SessionRecord.TryParse(full.Serialize(), out _));
        newest.Skipped.Add(SignalLimits.MaxSkippedKeys).Fill(7);
        Assert.False(SessionRecord.TryParse(full.Serialize(), out _));
    }

    [Fact]
    public void Two_chains_of_one_ratchet_key_are_refused()
    {
        Assert.True(IsReadWith(_ => { }));
        Assert.False(IsReadWith(state => state.AddReceiving(
            new ReceivingChain(state.Receiving[0].RatchetKey, new ChainKey(new byte[32], 0), new SkippedKeys()))));
    }

    [Fact]
    public void A_skipped_key_that_its_chain_has_not_reached_is_refused()
    {
        Assert.True(IsReadWith(state => state.Receiving[^1].Skipped.Add(state.Receiving[^1].Chain.Index - 1)));
        Assert.False(IsReadWith(state => state.Receiving[^1].Skipped.Add(state.Receiving[^1].Chain.Index)));
    }

    [Fact]
    public void A_live_session_behind_a_retired_one_is_refused()
    {
        (Party alice, _) = Party.Acquainted();
        byte[] live = alice.Stored ?? [];
        using SessionRecord record = Party.Parse(live);
        using SessionRecord retired = record.RetireSending();
        byte[] tail = retired.Serialize();
        Assert.True(SessionRecord.TryParse([2, 2, .. live[2..], .. tail[2..]], out _));
        Assert.False(SessionRecord.TryParse([2, 2, .. tail[2..], .. live[2..]], out _));
    }

    [Fact]
    public void A_record_tells_who_it_is_with()
    {
        (Party alice, Party bob) = Party.Acquainted();
        using SessionRecord record = Party.Parse(alice.Stored ?? []);
        Assert.Equal(bob.Identity.PublicKey, record.RemoteIdentity);
        Assert.Equal(2002u, record.RemoteRegistrationId);
        Assert.False(record.HasUnacknowledgedPreKey);
    }

    [Fact]
    public void Records_of_the_first_format_are_read_and_written_back_as_the_second()
    {
        foreach (byte[] stored in Shapes(SessionProtocols.X3dh))
        {
            byte[] first = [.. stored];
            first[0] = 1;
            using SessionRecord record = Party.Parse(first);
            Assert.Equal(stored, record.Serialize());
        }
    }

    [Fact]
    public void The_first_format_knows_neither_version_4_nor_retired_sessions()
    {
        foreach (byte[] stored in Shapes(SessionProtocols.Pqxdh).Concat(Shapes(SessionProtocols.PqxdhSpqr)).Append(Retired()))
        {
            byte[] first = [.. stored];
            first[0] = 1;
            Assert.True(SessionRecord.TryParse(stored, out _));
            Assert.False(SessionRecord.TryParse(first, out _));
        }
    }

    [Fact]
    public void The_largest_single_session_fits_and_old_ones_give_way_before_a_record_outgrows_its_cap()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        alice.Initiate(bob.Publish());
        Assert.Equal("x", bob.ReadText(alice.Write("x")));
        int largest = 0;
        for (int session = 0; session < 2 + SignalLimits.MaxArchivedSessions; session++)
        {
            alice.Initiate(bob.Publish());
            Assert.Equal("2000", bob.ReadText(alice.WriteMany(SignalLimits.MaxSkippedKeys + 1)[^1]));
            largest = Math.Max(largest, bob.Stored?.Length ?? 0);
        }

        // About 142 KB each, with 2,000 skipped keys in either ratchet: two fit, the third falls off.
        Assert.InRange(largest, 280 * 1024, SignalLimits.MaxRecordBytes);
        Assert.Equal(2, bob.Record()?.Sessions.Length);
        Assert.Equal("z", alice.ReadText(bob.Write("z")));
    }

    private static bool IsReadWith(Action<SessionState> change)
    {
        (_, Party bob) = Party.Acquainted();
        using SessionRecord record = Party.Parse(bob.Stored ?? []);
        SessionState state = record.Current.Clone();
        change(state);
        using SessionRecord changed = SessionRecord.Open(null, state);
        return SessionRecord.TryParse(changed.Serialize(), out _);
    }

    private static byte[] Retired()
    {
        (Party alice, _) = Party.Acquainted();
        using SessionRecord record = Party.Parse(alice.Stored ?? []);
        return record.RetireSending().Serialize();
    }

    private static IEnumerable<byte[]> Shapes() =>
        Shapes(SessionProtocols.X3dh).Concat(Shapes(SessionProtocols.Pqxdh)).Concat(Shapes(SessionProtocols.PqxdhSpqr)).Append(Retired());

    // Pending with and without one-time key, answered, with skipped keys, with archived sessions.
    private static IEnumerable<byte[]> Shapes(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        yield return alice.Stored ?? [];
        alice.Initiate(bob.Publish(oneTime: false));
        yield return alice.Stored ?? [];
        _ = alice.Write("lost");
        _ = alice.Write("lost");
        Assert.Equal("read", bob.ReadText(alice.Write("read")));
        yield return bob.Stored ?? [];
        Assert.Equal("answer", alice.ReadText(bob.Write("answer")));
        yield return alice.Stored ?? [];
    }
}
