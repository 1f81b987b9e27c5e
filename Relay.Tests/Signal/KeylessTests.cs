using Relay.Shared.Signal;
using Relay.Shared.Signal.Spqr;
using Relay.Shared.Signal.Wire;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>
/// spec/signal.md §4.1 and §6: peers of 0.75 to 0.90 open sessions with SPQR by messages that have no SPQR key until they have heard
/// from us. That is taken from them there, and nowhere else.
/// </summary>
public sealed class KeylessTests
{
    [Fact]
    public void A_session_opened_without_keys_is_read_and_has_keys_after_the_first_answer()
    {
        (Party alice, Party bob) = Opened();
        SignalCiphertext[] early = [Keyless(alice, "0"), Keyless(alice, "1"), Keyless(alice, "2")];
        Assert.Equal("1", bob.ReadText(early[1]));
        Assert.Equal("0", bob.ReadText(early[0]));
        Assert.Equal(SessionOutcome.Duplicate, bob.Read(early[0]).Outcome);
        Assert.Equal("answer", alice.ReadText(bob.Write("answer")));
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.Equal("keyed", bob.ReadText(alice.Write("keyed")));
            Assert.Equal("answer", alice.ReadText(bob.Write("answer")));
        }

        // Late, but of the chain that has none.
        Assert.Equal("2", bob.ReadText(early[2]));
    }

    [Fact]
    public void After_that_no_message_goes_without_a_key()
    {
        (Party alice, Party bob) = Opened();
        Assert.Equal("0", bob.ReadText(Keyless(alice, "0")));
        Assert.Equal("answer", alice.ReadText(bob.Write("answer")));
        byte[]? before = alice.Stored;
        SignalCiphertext keyless = Keyless(alice, "next turn");
        Assert.Equal(SessionOutcome.BadMac, bob.Read(keyless).Outcome);
        alice.Stored = before;
        Assert.Equal("next turn", bob.ReadText(alice.Write("next turn")));
        Assert.Equal(SessionOutcome.BadMac, bob.Read(Keyless(alice, "same turn")).Outcome);
    }

    [Fact]
    public void A_session_opened_with_keys_takes_none_without()
    {
        (Party alice, Party bob) = Opened();
        Assert.Equal("keyed", bob.ReadText(alice.Write("keyed")));
        byte[]? before = alice.Stored;
        Assert.Equal(SessionOutcome.BadMac, bob.Read(Keyless(alice, "keyless")).Outcome);
        alice.Stored = before;
        Assert.Equal("keyed", bob.ReadText(alice.Write("keyed")));
    }

    [Fact]
    public void An_answer_always_has_a_key()
    {
        (Party alice, Party bob) = Opened();
        Assert.Equal("x", bob.ReadText(alice.Write("x")));
        byte[]? before = bob.Stored;
        Assert.Equal(SessionOutcome.BadMac, alice.Read(Keyless(bob, "keyless")).Outcome);
        bob.Stored = before;
        Assert.Equal("keyed", alice.ReadText(bob.Write("keyed")));
    }

    /// <summary>The MAC is right: so would write who has broken the curve and not the lattice.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_message_without_the_field_is_refused_though_its_mac_is_right(bool isSameTurn)
    {
        (Party alice, Party bob) = Party.Acquainted(SessionProtocols.PqxdhSpqr);
        if (isSameTurn)
        {
            Assert.Equal("whole", bob.ReadText(alice.Write("whole")));
        }

        byte[]? before = alice.Stored;
        SignalCiphertext bare = Keyless(alice, "bare", hasField: false);
        Assert.False(Forgery.Inner(bare).HasPqRatchet);
        Assert.Equal(SessionOutcome.BadMac, bob.Read(bare).Outcome);
        alice.Stored = before;
        Assert.Equal("whole", bob.ReadText(alice.Write("whole")));
    }

    [Fact]
    public void It_is_stored_with_the_session_until_the_chain_is_forgotten()
    {
        (Party alice, Party bob) = Opened();
        SignalCiphertext late = Keyless(alice, "late");
        Assert.Equal("0", bob.ReadText(Keyless(alice, "0")));
        for (int turn = 0; turn < SignalLimits.MaxReceivingChains; turn++)
        {
            Assert.True(bob.Record()?.Current.IsFirstChainKeyless);
            Assert.Equal("answer", alice.ReadText(bob.Write("answer")));
            Assert.Equal("keyed", bob.ReadText(alice.Write("keyed")));
        }

        Assert.False(bob.Record()?.Current.IsFirstChainKeyless);
        Assert.Equal(SessionOutcome.BadMac, bob.Read(late).Outcome);
    }

    private static (Party Alice, Party Bob) Opened()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        alice.Initiate(bob.Publish());
        return (alice, bob);
    }

    // What such a peer writes: SPQR's message with index 0, and message keys without salt. SPQR itself moves on as ever.
    private static SignalCiphertext Keyless(Party party, string text, bool hasField = true)
    {
        using SessionRecord record = Party.Parse(party.Stored ?? []);
        SessionState state = record.Current.Clone();
        byte[] unused = new byte[32];
        byte[] step = state.PostQuantum?.Send(unused) ?? throw new InvalidDataException();
        Assert.True(SpqrMessage.TryParse(step, out SpqrMessage piece));
        byte[] seed = new byte[32];
        state.Sending.WriteSeed(seed);
        byte[] plaintext = System.Text.Encoding.UTF8.GetBytes(text);
        var keys = new MessageKeys(seed, salt: [], new byte[MessageKeys.Bytes]);
        var header = new SignalMessage.Header
        {
            Version = state.Version,
            RatchetKey = state.SendingRatchet.PublicKey,
            Counter = state.Sending.Index,
            PreviousCounter = state.PreviousCounter,
            PqRatchet = hasField
                ? new SpqrMessage { Epoch = 1, Index = 0, Type = piece.Type, ChunkIndex = piece.ChunkIndex, Chunk = piece.Chunk }.ToBytes()
                : [],
        };
        byte[] message = SignalMessage.Frame(header, MessageKeys.CiphertextLength(plaintext.Length), out Span<byte> ciphertext, out Span<byte> mac);
        keys.Encrypt(plaintext, ciphertext);
        keys.Mac(state.LocalIdentity, state.RemoteIdentity, message.AsSpan(..^MessageKeys.MacBytes), mac);
        state.Sending.Advance();
        SignalCiphertext written = state.Pending is { } pending
            ? new SignalCiphertext(SignalMessageKind.PreKey, PreKeySignalMessage.Write(message, pending, state.BaseKey, state.LocalIdentity, 1001))
            : new SignalCiphertext(SignalMessageKind.Message, message);
        party.Stored = record.Adopt(0, state).Serialize();
        return written;
    }
}
