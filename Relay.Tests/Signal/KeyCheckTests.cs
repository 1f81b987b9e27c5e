using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §3.1, §3.7 and §5: keys in messages that no honest peer makes. Each is refused, and spoils nothing.</summary>
public sealed class KeyCheckTests
{
    /// <summary>Zero, one, both of order eight, and minus one.</summary>
    private static readonly string[] LowOrder =
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];

    /// <summary>p, p + 1, 2^255 - 1, and zero with the top bit set: second spellings of other keys.</summary>
    private static readonly string[] NonCanonical =
    [
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0900000000000000000000000000000000000000000000000000000000000080",
    ];

    public static TheoryData<SessionProtocols, string> LowOrderKeys => Party.ProtocolsAnd(LowOrder);

    public static TheoryData<SessionProtocols, string> NonCanonicalKeys => Party.ProtocolsAnd(NonCanonical);

    [Theory]
    [MemberData(nameof(LowOrderKeys))]
    public void Low_order_keys_in_a_first_message_are_refused(SessionProtocols protocol, string u)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("x");
        PreKeySignalMessage first = Forgery.First(genuine);
        foreach (PublicKey key in new[] { first.BaseKey, first.IdentityKey, first.Inner.RatchetKey })
        {
            Assert.Equal(SessionOutcome.BadKey, bob.Read(Replaced(genuine, key, u)).Outcome);
            Assert.Null(bob.Stored);
        }

        Assert.Equal("x", bob.ReadText(genuine));
    }

    [Theory]
    [MemberData(nameof(LowOrderKeys))]
    public void Low_order_ratchet_keys_are_refused(SessionProtocols protocol, string u)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        SignalCiphertext genuine = alice.Write("x");
        Assert.Equal(SessionOutcome.BadKey, bob.Read(Replaced(genuine, Forgery.Inner(genuine).RatchetKey, u)).Outcome);
        Assert.Equal("x", bob.ReadText(genuine));
    }

    [Theory]
    [MemberData(nameof(NonCanonicalKeys))]
    public void Second_spellings_of_keys_are_malformed(SessionProtocols protocol, string u)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("x");
        PreKeySignalMessage first = Forgery.First(genuine);
        foreach (PublicKey key in new[] { first.BaseKey, first.IdentityKey, first.Inner.RatchetKey })
        {
            Assert.Equal(SessionOutcome.Malformed, bob.Read(Replaced(genuine, key, u)).Outcome);
        }

        Assert.Equal("x", bob.ReadText(genuine));
    }

    private static SignalCiphertext Replaced(SignalCiphertext message, PublicKey key, string u)
    {
        byte[] bytes = [.. message.Bytes];
        int at = bytes.AsSpan().IndexOf(key.Serialized);
        Assert.True(at > 0);
        Convert.FromHexString(u).CopyTo(bytes, at + 1);
        return new SignalCiphertext(message.Kind, bytes);
    }
}
