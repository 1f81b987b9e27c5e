using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Wire;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §3.7, §3.10, §3.11 and §5: opening, repeating, crossing and replacing sessions.</summary>
public sealed class SessionLifecycleTests
{
    public static TheoryData<SessionProtocols> Protocols => Party.Protocols;

    public static TheoryData<SessionProtocols, bool> ProtocolsWithAndWithout => Party.ProtocolsAnd(true, false);

    [Theory]
    [MemberData(nameof(ProtocolsWithAndWithout))]
    public void Two_parties_talk_with_and_without_a_one_time_key(SessionProtocols protocol, bool oneTime)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish(oneTime));
        SignalCiphertext first = alice.Write("one");
        Assert.Equal(SignalMessageKind.PreKey, first.Kind);

        DecryptResult read = bob.Read(first);
        Assert.Equal(oneTime ? 1u : null, read.UsedPreKeyId);
        Assert.Equal(protocol == SessionProtocols.X3dh ? null : 1u, read.Opened?.KyberPreKeyId);
        Assert.Equal(1u, read.Opened?.SignedPreKeyId);
        Assert.Equal(alice.Record()?.Current.BaseKey, read.Opened?.BaseKey);
        Assert.Equal(protocol, bob.Record()?.Protocol);
        Assert.Equal("two", alice.ReadText(bob.Write("two")));
        Assert.Equal("three", bob.ReadText(alice.Write("three")));
        Assert.Equal(0, bob.OneTimeKeysLeft);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Every_message_names_the_pre_keys_until_the_first_answer(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext[] early = [alice.Write("0"), alice.Write("1"), alice.Write("2")];
        Assert.All(early, message => Assert.Equal(SignalMessageKind.PreKey, message.Kind));
        Assert.True(alice.Record()?.HasUnacknowledgedPreKey);
        Assert.Equal(3u, alice.Record()?.SentThisTurn);

        Assert.Equal("0", bob.ReadText(early[0]));
        Assert.Equal("yes", alice.ReadText(bob.Write("yes")));
        Assert.False(alice.Record()?.HasUnacknowledgedPreKey);
        Assert.Equal(SignalMessageKind.Message, alice.Write("3").Kind);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void First_messages_may_come_repeated_and_in_any_order(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext[] early = [alice.Write("0"), alice.Write("1"), alice.Write("2")];

        Assert.Equal("2", bob.ReadText(early[2]));
        Assert.Equal(0, bob.OneTimeKeysLeft);
        Assert.Equal("0", bob.ReadText(early[0]));
        Assert.Equal(SessionOutcome.Duplicate, bob.Read(early[0]).Outcome);
        Assert.Equal(SessionOutcome.Duplicate, bob.Read(early[2]).Outcome);
        Assert.Equal("yes", alice.ReadText(bob.Write("yes")));
        Assert.Equal("1", bob.ReadText(early[1]));
        Assert.Single((bob.Record() ?? throw new InvalidDataException()).Sessions.ToArray());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void An_archived_session_keeps_no_pre_keys_to_name(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        alice.Initiate(bob.Publish());
        using SessionRecord record = Party.Parse(alice.Stored ?? []);
        Assert.NotNull(record.Sessions[0].Pending);
        Assert.Null(record.Sessions[1].Pending);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Simultaneous_initiation_converges(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        bob.Initiate(alice.Publish());
        SignalCiphertext fromAlice = alice.Write("a0");
        SignalCiphertext fromBob = bob.Write("b0");
        SignalCiphertext secondFromAlice = alice.Write("a1");

        Assert.Equal("b0", alice.ReadText(fromBob));
        Assert.Equal("a0", bob.ReadText(fromAlice));
        SignalCiphertext crossing = alice.Write("a2");
        Assert.Equal("b1", alice.ReadText(bob.Write("b1")));
        Assert.Equal("a1", bob.ReadText(secondFromAlice));
        Assert.Equal("a2", bob.ReadText(crossing));
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal($"a{i}", bob.ReadText(alice.Write($"a{i}")));
            Assert.Equal($"b{i}", alice.ReadText(bob.Write($"b{i}")));
        }

        Assert.Equal(alice.Record()?.Current.BaseKey, bob.Record()?.Current.BaseKey);
    }

    [Theory]
    [InlineData(SessionProtocols.X3dh, SessionProtocols.PqxdhSpqr)]
    [InlineData(SessionProtocols.PqxdhSpqr, SessionProtocols.X3dh)]
    [InlineData(SessionProtocols.Pqxdh, SessionProtocols.PqxdhSpqr)]
    public void Simultaneous_initiation_with_different_protocols_converges(SessionProtocols ofAlice, SessionProtocols ofBob)
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        alice.Initiate(bob.Publish(), ofAlice);
        bob.Initiate(alice.Publish(), ofBob);
        SignalCiphertext fromAlice = alice.Write("a0");
        SignalCiphertext fromBob = bob.Write("b0");

        Assert.Equal("b0", alice.ReadText(fromBob));
        Assert.Equal("a0", bob.ReadText(fromAlice));
        for (int i = 1; i < 5; i++)
        {
            Assert.Equal($"b{i}", alice.ReadText(bob.Write($"b{i}")));
            Assert.Equal($"a{i}", bob.ReadText(alice.Write($"a{i}")));
        }

        Assert.Equal(alice.Record()?.Current.BaseKey, bob.Record()?.Current.BaseKey);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_late_message_on_an_old_session_is_read_and_harms_nothing(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        SignalCiphertext lateToBob = alice.Write("late to bob");
        SignalCiphertext lateToAlice = bob.Write("late to alice");
        alice.Initiate(bob.Publish());
        Assert.Equal("anew", bob.ReadText(alice.Write("anew")));

        Assert.Equal("late to bob", bob.ReadText(lateToBob));
        Assert.Equal("late to alice", alice.ReadText(lateToAlice));
        Assert.Equal(SessionOutcome.Duplicate, bob.Read(lateToBob).Outcome);
        Assert.Equal("one", alice.ReadText(bob.Write("one")));
        Assert.Equal("two", bob.ReadText(alice.Write("two")));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_first_message_of_a_replaced_session_still_opens_with_it(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext[] old = [alice.Write("old 0"), alice.Write("old 1")];
        Assert.Equal("old 0", bob.ReadText(old[0]));
        alice.Initiate(bob.Publish());
        Assert.Equal("new", bob.ReadText(alice.Write("new")));

        Assert.Equal("old 1", bob.ReadText(old[1]));
        Assert.Equal("answer", alice.ReadText(bob.Write("answer")));
        Assert.Equal("last", bob.ReadText(alice.Write("last")));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_new_identity_starts_a_new_session(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        PublicKey before = bob.Identity.PublicKey;
        bob.ChangeIdentity();
        bob.Stored = null;
        bob.Initiate(alice.Publish());
        SignalCiphertext first = bob.Write("it is me");

        Assert.True(PreKeySignalMessage.TryParse(first.Bytes, out PreKeySignalMessage? parsed));
        Assert.Equal(bob.Identity.PublicKey, parsed.IdentityKey);
        Assert.Equal(2002u, parsed.RegistrationId);
        Assert.Equal(before, alice.Record()?.RemoteIdentity);
        Assert.False(alice.Record()?.HasSessionFor(parsed));
        Assert.Equal("it is me", alice.ReadText(first));
        Assert.Equal(bob.Identity.PublicKey, alice.Record()?.RemoteIdentity);
        Assert.Equal("welcome", bob.ReadText(alice.Write("welcome")));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Sessions_of_an_earlier_identity_of_the_peers_read_no_ordinary_message_and_never_come_back(SessionProtocols protocol)
    {
        (Party alice, Party lost) = Party.Acquainted(protocol);
        SignalCiphertext late = lost.Write("from the lost device");
        Party found = new(2002, protocol);
        found.Initiate(alice.Publish());
        Assert.Equal("it is me", alice.ReadText(found.Write("it is me")));

        // Who asks only whether the record is with the right identity would take this for that identity's, and answer the other.
        Assert.Equal(found.Identity.PublicKey, alice.Record()?.RemoteIdentity);
        Assert.Equal(SessionOutcome.BadMac, alice.Read(late).Outcome);
        Assert.Equal(found.Identity.PublicKey, alice.Record()?.RemoteIdentity);
        Assert.Equal("welcome", found.ReadText(alice.Write("welcome")));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Sessions_of_an_earlier_identity_of_ours_are_of_no_use(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        SignalCiphertext message = alice.Write("to the old bob");
        bob.ChangeIdentity();

        Assert.Equal(SessionOutcome.NoSession, bob.Read(message).Outcome);
        Assert.Throws<ArgumentException>(() => bob.Write("from the new bob"));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_first_message_belongs_to_a_session_of_the_identities_of_both_sides_only(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext[] early = [alice.Write("0"), alice.Write("1")];
        Assert.Equal("0", bob.ReadText(early[0]));

        // The caller judges the identity that the message names: no other may read it.
        PreKeySignalMessage first = Forgery.First(early[1]);
        using var other = IdentityKeyPair.Generate();
        byte[] bytes = [.. early[1].Bytes];
        other.PublicKey.Serialized.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf(first.IdentityKey.Serialized)));
        SignalCiphertext renamed = new(SignalMessageKind.PreKey, bytes);
        Assert.Equal(other.PublicKey, Forgery.First(renamed).IdentityKey);
        Assert.False(bob.Record()?.HasSessionFor(Forgery.First(renamed)));
        Assert.False(bob.Read(renamed).IsSuccess);

        bob.ChangeIdentity();
        Assert.False(bob.Read(early[1]).IsSuccess);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Nothing_is_read_without_a_session(SessionProtocols protocol)
    {
        (Party alice, _) = Party.Acquainted(protocol);
        Party stranger = new(3003, protocol);
        Assert.Equal(SessionOutcome.NoSession, stranger.Read(alice.Write("x")).Outcome);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_message_for_someone_else_is_a_bad_mac(SessionProtocols protocol)
    {
        (Party alice, _) = Party.Acquainted(protocol);
        (_, Party bob) = Party.Acquainted(protocol);
        Assert.Equal(SessionOutcome.BadMac, bob.Read(alice.Write("x")).Outcome);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_used_one_time_key_opens_nothing_more(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        Party carol = new(3003, protocol);
        PreKeyBundle bundle = bob.Publish();
        alice.Initiate(bundle);
        carol.Initiate(bundle);
        Assert.Equal("first", bob.ReadText(alice.Write("first")));
        bob.Stored = null;

        Assert.Equal(SessionOutcome.UnknownPreKey, bob.Read(carol.Write("second")).Outcome);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Only_the_keys_the_message_names_are_taken(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext message = alice.Write("x");
        using var signed = SignedPreKeyPair.Generate(bob.Identity, 1);
        using var otherSigned = SignedPreKeyPair.Generate(bob.Identity, 2);
        using var oneTime = PreKeyPair.Generate(1);
        using var otherOneTime = PreKeyPair.Generate(2);
        using var kyber = KyberPreKeyPair.Generate(bob.Identity, 1);
        using var otherKyber = KyberPreKeyPair.Generate(bob.Identity, 2);
        foreach (ResponderPreKeys? keys in new[]
        {
            null,
            new ResponderPreKeys(otherSigned, oneTime, kyber),
            new ResponderPreKeys(signed, null, kyber),
            new ResponderPreKeys(signed, otherOneTime, kyber),
        })
        {
            Assert.Equal(SessionOutcome.UnknownPreKey, SessionCipher.Decrypt(null, bob.Identity, 1, message, keys).Outcome);
        }

        foreach (ResponderPreKeys keys in new[] { new ResponderPreKeys(signed, oneTime), new ResponderPreKeys(signed, oneTime, otherKyber) })
        {
            SessionOutcome expected = protocol == SessionProtocols.X3dh ? SessionOutcome.BadMac : SessionOutcome.UnknownPreKey;
            Assert.Equal(expected, SessionCipher.Decrypt(null, bob.Identity, 1, message, keys).Outcome);
        }

        // Right ids, other keys: the message was not made for them.
        Assert.Equal(SessionOutcome.BadMac, SessionCipher.Decrypt(null, bob.Identity, 1, message, new ResponderPreKeys(signed, oneTime, kyber)).Outcome);
        Assert.Equal("x", bob.ReadText(message));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Plaintexts_of_every_length_around_a_block_come_back(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        foreach (int length in Enumerable.Range(0, 50).Append(SignalLimits.MaxPlaintextBytes))
        {
            byte[] plaintext = new byte[length];
            Assert.Equal(plaintext, bob.Read(alice.Write(plaintext)).Plaintext);
        }

        Assert.Throws<ArgumentException>(() => alice.Write(new byte[SignalLimits.MaxPlaintextBytes + 1]));
    }
}
