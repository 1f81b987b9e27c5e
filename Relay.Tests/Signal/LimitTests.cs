using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>Each bound of <see cref="SignalLimits"/>, from both sides.</summary>
public sealed class LimitTests
{
    public static TheoryData<SessionProtocols> Protocols => Party.Protocols;

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_jump_of_25_000_is_read_and_one_more_is_refused(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        SignalCiphertext[] messages = alice.WriteMany(25_002);
        SessionRecord? before = bob.Record();

        // SPQR counts from the key before the first: one less.
        bool hasSpqr = protocol == SessionProtocols.PqxdhSpqr;
        int jump = SignalLimits.MaxJump - (hasSpqr ? 1 : 0);
        Assert.Equal(hasSpqr ? SessionOutcome.BadMac : SessionOutcome.TooFarAhead, bob.Read(messages[jump + 1]).Outcome);
        Assert.Equal(before?.Serialize(), bob.Stored);
        Assert.Equal($"{jump}", bob.ReadText(messages[jump]));
        Assert.Equal($"{jump + 1}", bob.ReadText(messages[jump + 1]));

        // The newest 2,000 of those passed over are kept, no more.
        Assert.Equal(SessionOutcome.Duplicate, bob.Read(messages[jump - 2001]).Outcome);
        Assert.Equal($"{jump - 2000}", bob.ReadText(messages[jump - 2000]));
        Assert.Equal($"{jump - 1}", bob.ReadText(messages[jump - 1]));
        Assert.Equal(1998, Current(bob).SkippedCount);
        Assert.True(bob.Stored?.Length < (hasSpqr ? 160_000 : 80_000));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Skipped_keys_are_capped_over_all_chains_and_the_oldest_go_first(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        var turns = new List<SignalCiphertext[]>();
        for (int turn = 0; turn < 3; turn++)
        {
            SignalCiphertext[] messages = alice.WriteMany(901);
            turns.Add(messages);
            Assert.Equal("900", bob.ReadText(messages[900]));
            Assert.Equal("go on", alice.ReadText(bob.Write("go on")));
        }

        Assert.Equal(SignalLimits.MaxSkippedKeys, Current(bob).SkippedCount);
        Assert.Equal(SessionOutcome.Duplicate, bob.Read(turns[0][699]).Outcome);
        Assert.Equal("700", bob.ReadText(turns[0][700]));
        Assert.Equal("0", bob.ReadText(turns[1][0]));
        Assert.Equal("0", bob.ReadText(turns[2][0]));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Five_turns_of_the_peer_are_remembered(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        var late = new List<SignalCiphertext>();
        for (int turn = 0; turn < 6; turn++)
        {
            late.Add(alice.Write($"late {turn}"));
            Assert.Equal("now", bob.ReadText(alice.Write("now")));
            Assert.Equal("go on", alice.ReadText(bob.Write("go on")));
            Assert.True(Current(bob).Receiving.Count <= SignalLimits.MaxReceivingChains);
        }

        Assert.Equal(SessionOutcome.BadMac, bob.Read(late[0]).Outcome);
        for (int turn = 1; turn < 6; turn++)
        {
            Assert.Equal($"late {turn}", bob.ReadText(late[turn]));
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Five_sessions_are_archived_and_the_oldest_falls_off(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        SignalCiphertext oldest = bob.Write("oldest");
        SignalCiphertext? older = null;
        for (int session = 0; session < 6; session++)
        {
            alice.Initiate(bob.Publish());
            Assert.Equal("anew", bob.ReadText(alice.Write("anew")));
            older ??= bob.Write("older");
        }

        Assert.Equal(1 + SignalLimits.MaxArchivedSessions, alice.Record()?.Sessions.Length);
        Assert.Equal(SessionOutcome.BadMac, alice.Read(oldest).Outcome);
        Assert.Equal("older", alice.ReadText(older ?? throw new InvalidDataException()));
    }

    [Fact]
    public void Messages_above_the_limit_of_size_are_not_even_parsed()
    {
        (Party alice, Party bob) = Party.Pair();
        alice.Initiate(bob.Publish());
        byte[] first = alice.Write("x").Bytes;
        byte[] inner = Forgery.First(new SignalCiphertext(SignalMessageKind.PreKey, first)).Inner.Bytes.ToArray();

        // An unknown field of the size that is missing: 0x7A, three bytes of length, content.
        Assert.True(PreKeySignalMessage.TryParse(Grown(first, 0, SignalLimits.MaxMessageBytes), out _));
        Assert.False(PreKeySignalMessage.TryParse(Grown(first, 0, SignalLimits.MaxMessageBytes + 1), out _));
        Assert.Equal(SessionOutcome.Success, SignalMessage.Parse(Grown(inner, 8, SignalLimits.MaxMessageBytes), out _));
        Assert.Equal(SessionOutcome.Malformed, SignalMessage.Parse(Grown(inner, 8, SignalLimits.MaxMessageBytes + 1), out _));
    }

    [Fact]
    public void The_last_counter_is_never_read_as_none_could_follow_it()
    {
        using var pair = KeyPair.Generate();
        using var chain = new ReceivingChain(pair.PublicKey, new ChainKey(new byte[32], uint.MaxValue - 1), new SkippedKeys());
        Assert.Equal(SessionOutcome.TooFarAhead, chain.TakeSeed(uint.MaxValue, new byte[32]));
        Assert.Equal(uint.MaxValue - 1, chain.Chain.Index);
        Assert.Equal(SessionOutcome.Success, chain.TakeSeed(uint.MaxValue - 1, new byte[32]));
        Assert.Equal(SessionOutcome.TooFarAhead, chain.TakeSeed(uint.MaxValue, new byte[32]));
    }

    [Fact]
    public void An_ordinary_record_stays_below_a_kilobyte()
    {
        (Party alice, Party bob) = Party.Acquainted();
        for (int turn = 0; turn < 20; turn++)
        {
            Assert.Equal("ping", bob.ReadText(alice.Write("ping")));
            Assert.Equal("pong", alice.ReadText(bob.Write("pong")));
            Assert.InRange(alice.Stored?.Length ?? 0, 1, 1024);
            Assert.InRange(bob.Stored?.Length ?? 0, 1, 1024);
        }
    }

    private static byte[] Grown(byte[] message, int tail, int size)
    {
        int content = size - message.Length - 4;
        byte[] field = [0x7A, (byte)((content & 0x7F) | 0x80), (byte)(((content >> 7) & 0x7F) | 0x80), (byte)(content >> 14), .. new byte[content]];
        return [.. message[..^tail], .. field, .. message[^tail..]];
    }

    private static SessionState Current(Party party) => (party.Record() ?? throw new InvalidDataException()).Current;
}
