using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Wire;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §4: the fields that version 4 adds, missing, cut short, too long or of nonsense.</summary>
public sealed class WireV4Tests
{
    public static TheoryData<SessionProtocols> Version4 => [SessionProtocols.Pqxdh, SessionProtocols.PqxdhSpqr];

    public static TheoryData<string, string> BadSteps => new()
    {
        { "other version", "0201010000" },
        { "epoch zero", "01000100" },
        { "padded epoch", "01810001" + "00" },
        { "endless epoch", "01ffffffffffffffffffffff" },
        { "index beyond 32 bits", "0101ffffffffff0f00" },
        { "unknown type", "01010107" },
        { "no type", "010101" },
        { "chunk cut short", "0101010100" + "00112233" },
        { "no chunk", "01010101" },
        { "nothing but a version", "01" },
    };

    [Fact]
    public void A_first_message_of_version_4_needs_its_kyber_part()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("x");
        PreKeySignalMessage first = Forgery.First(genuine);
        byte[] ciphertext = first.KyberCiphertext.ToArray();
        byte[] otherType = [0x0A, .. ciphertext[1..]];
        foreach (byte[] bad in new[] { [], ciphertext[..^1], [.. ciphertext, 0], ciphertext[1..], otherType, new byte[KyberPublicKey.CiphertextBytes] })
        {
            SignalCiphertext forged = With(first, new KyberCapsule(1, bad));
            Assert.Equal(SessionOutcome.Malformed, bob.Read(forged).Outcome);
        }

        Assert.Equal(SessionOutcome.Malformed, bob.Read(With(first, kyber: null)).Outcome);
        Assert.Equal("x", bob.ReadText(genuine));
    }

    [Fact]
    public void A_kyber_ciphertext_for_somebody_else_is_a_bad_mac()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("x");
        using var other = KyberKeyPair.Generate();
        byte[] ciphertext = other.PublicKey.Encapsulate(new byte[32]);
        Assert.Equal(SessionOutcome.BadMac, bob.Read(With(Forgery.First(genuine), new KyberCapsule(1, ciphertext))).Outcome);
        Assert.Equal(SessionOutcome.UnknownPreKey, bob.Read(With(Forgery.First(genuine), new KyberCapsule(2, ciphertext))).Outcome);
        Assert.Equal("x", bob.ReadText(genuine));
    }

    [Theory]
    [MemberData(nameof(BadSteps))]
    public void A_piece_of_spqr_that_is_not_of_its_grammar_is_refused(string why, string hex)
    {
        byte[] step = Convert.FromHexString(hex);
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("x");
        Assert.False(bob.Read(Forgery.Of(genuine, pqRatchet: step)).IsSuccess, why);
        Assert.Equal("x", bob.ReadText(genuine));

        SignalCiphertext second = alice.Write("y");
        Assert.Equal((why, SessionOutcome.Malformed), (why, bob.Read(Forgery.Of(second, pqRatchet: step)).Outcome));
        Assert.Equal("y", bob.ReadText(second));
    }

    [Theory]
    [MemberData(nameof(Version4))]
    public void Large_fields_cost_no_more_than_their_bytes(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        SignalCiphertext genuine = alice.Write("x");
        byte[] large = new byte[SignalLimits.MaxMessageBytes / 2];
        large[0] = 1;
        SignalCiphertext forged = Forgery.Of(genuine, pqRatchet: large, addresses: large.AsMemory(0, 100_000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(bob.Read(forged).IsSuccess);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
        Assert.Equal("x", bob.ReadText(genuine));
    }

    [Theory]
    [MemberData(nameof(Version4))]
    public void The_sizes_are_those_peers_know(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        bool hasSpqr = protocol == SessionProtocols.PqxdhSpqr;
        Assert.Equal(hasSpqr ? 1759 : 1720, alice.Write("ab").Bytes.Length);
        alice.Options = new SessionOptions { Local = SignalAddress.Aci(Guid.NewGuid(), 1), Remote = SignalAddress.Aci(Guid.NewGuid(), 1) };
        bob.Options = new SessionOptions { Local = alice.Options.Remote, Remote = alice.Options.Local };
        SignalCiphertext named = alice.Write("ab");
        Assert.Equal(hasSpqr ? 1798 : 1758, named.Bytes.Length);
        Assert.Equal("ab", bob.ReadText(named));
        Assert.Equal(hasSpqr ? 72 : 66, bob.Write("ab").Bytes.Length);
    }

    private static SignalCiphertext With(PreKeySignalMessage first, KyberCapsule? kyber) => new(
        SignalMessageKind.PreKey,
        PreKeySignalMessage.Write(
            first.Inner.Bytes.Span,
            new PendingPreKey(first.PreKeyId, first.SignedPreKeyId, kyber),
            first.BaseKey,
            first.IdentityKey,
            first.RegistrationId));
}
