using Relay.Shared.Signal;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §4.2: which sessions may come into being, and that nobody on the way weakens one.</summary>
public sealed class PolicyTests
{
    private static readonly SessionOptions Strict = new() { Policy = SignalPolicy.Strict };

    public static TheoryData<SessionProtocols> Weaker => [SessionProtocols.X3dh, SessionProtocols.Pqxdh];

    public static TheoryData<SessionProtocols> Protocols => Party.Protocols;

    [Theory]
    [InlineData(SessionProtocols.All, true, SessionProtocols.PqxdhSpqr)]
    [InlineData(SessionProtocols.All, false, SessionProtocols.X3dh)]
    [InlineData(SessionProtocols.X3dh | SessionProtocols.Pqxdh, true, SessionProtocols.Pqxdh)]
    [InlineData(SessionProtocols.X3dh | SessionProtocols.PqxdhSpqr, true, SessionProtocols.PqxdhSpqr)]
    [InlineData(SessionProtocols.X3dh, true, SessionProtocols.X3dh)]
    [InlineData(SessionProtocols.Pqxdh, true, SessionProtocols.Pqxdh)]
    [InlineData(SessionProtocols.Pqxdh, false, SessionProtocols.None)]
    [InlineData(SessionProtocols.PqxdhSpqr, true, SessionProtocols.PqxdhSpqr)]
    [InlineData(SessionProtocols.PqxdhSpqr, false, SessionProtocols.None)]
    public void The_strongest_that_bundle_and_policy_share_is_opened(SessionProtocols allowed, bool hasKyber, SessionProtocols expected)
    {
        Party alice = new(1);
        Party bob = new(2, hasKyber ? SessionProtocols.PqxdhSpqr : SessionProtocols.X3dh);
        (SessionOutcome outcome, SessionRecord? opened) = SessionCipher.Initiate(
            null, alice.Identity, 1, bob.Publish(), new SessionOptions { Policy = new SignalPolicy(allowed) });

        Assert.Equal(expected == SessionProtocols.None ? SessionOutcome.RefusedByPolicy : SessionOutcome.Success, outcome);
        Assert.Equal(expected, opened?.Protocol ?? SessionProtocols.None);
        if (opened is not null)
        {
            alice.Stored = opened.Serialize();
            SignalCiphertext first = alice.Write("x");
            Assert.Equal(expected, Forgery.First(first).Protocol);
            Assert.Equal("x", bob.ReadText(first));
            Assert.Equal(expected, bob.Record()?.Protocol);
            Assert.Equal("y", alice.ReadText(bob.Write("y")));
        }
    }

    [Fact]
    public void Without_options_the_strongest_is_opened()
    {
        Party bob = new(2, SessionProtocols.PqxdhSpqr);
        Assert.Equal(SessionProtocols.PqxdhSpqr, SessionCipher.Initiate(null, bob.Identity, 1, bob.Publish()).Next?.Protocol);
    }

    [Theory]
    [MemberData(nameof(Weaker))]
    public void A_strict_party_opens_nothing_weaker_whoever_asks(SessionProtocols weaker)
    {
        (Party alice, Party bob) = Party.Pair(weaker);
        alice.Initiate(bob.Publish());
        SignalCiphertext first = alice.Write("x");
        bob.Options = Strict;

        Assert.Equal(SessionOutcome.RefusedByPolicy, bob.Read(first).Outcome);
        Assert.Null(bob.Stored);
        Assert.Equal(1, bob.OneTimeKeysLeft);
        bob.Options = SessionOptions.Default;
        Assert.Equal("x", bob.ReadText(first));
    }

    [Theory]
    [MemberData(nameof(Weaker))]
    public void A_session_that_exists_is_not_judged_again(SessionProtocols weaker)
    {
        (Party alice, Party bob) = Party.Pair(weaker);
        alice.Initiate(bob.Publish());
        SignalCiphertext[] early = [alice.Write("0"), alice.Write("1")];
        Assert.Equal("0", bob.ReadText(early[0]));
        bob.Options = Strict;

        Assert.Equal("1", bob.ReadText(early[1]));
        Assert.Equal("2", alice.ReadText(bob.Write("2")));
        Assert.Equal("3", bob.ReadText(alice.Write("3")));
    }

    [Fact]
    public void A_first_message_stripped_of_spqr_is_refused_under_any_policy()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("x");
        SignalCiphertext stripped = Forgery.Of(genuine, pqRatchet: ReadOnlyMemory<byte>.Empty);
        Assert.Equal(SessionProtocols.Pqxdh, Forgery.First(stripped).Protocol);

        Assert.Equal(SessionOutcome.BadMac, bob.Read(stripped).Outcome);
        bob.Options = Strict;
        Assert.Equal(SessionOutcome.RefusedByPolicy, bob.Read(stripped).Outcome);
        Assert.Equal("x", bob.ReadText(genuine));
    }

    [Fact]
    public void An_ordinary_message_stripped_of_spqr_is_refused()
    {
        (Party alice, Party bob) = Party.Acquainted(SessionProtocols.PqxdhSpqr);
        SignalCiphertext genuine = alice.Write("x");
        Assert.Equal(SessionOutcome.BadMac, bob.Read(Forgery.Of(genuine, pqRatchet: ReadOnlyMemory<byte>.Empty)).Outcome);
        Assert.Equal("x", bob.ReadText(genuine));
    }

    [Fact]
    public void Spqr_cannot_be_put_into_a_session_without_it()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.Pqxdh);
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("x");
        byte[] step = [1, 1, 1, 0];
        Assert.Equal(SessionOutcome.BadMac, bob.Read(Forgery.Of(genuine, pqRatchet: step)).Outcome);
        Assert.Equal("x", bob.ReadText(genuine));
    }

    [Theory]
    [InlineData(SessionProtocols.Pqxdh)]
    [InlineData(SessionProtocols.PqxdhSpqr)]
    public void Version_4_cannot_be_passed_off_as_version_3(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("x");
        SignalCiphertext lowered = Forgery.Of(genuine, version: 3);
        Assert.Equal(SessionProtocols.X3dh, Forgery.First(lowered).Protocol);

        Assert.Equal(SessionOutcome.BadMac, bob.Read(lowered).Outcome);
        bob.Options = Strict;
        Assert.Equal(SessionOutcome.RefusedByPolicy, bob.Read(lowered).Outcome);
        bob.Options = SessionOptions.Default;
        Assert.Equal("x", bob.ReadText(genuine));
        Assert.True(bob.Record()?.HasSessionFor(Forgery.First(genuine)));
        Assert.False(bob.Record()?.HasSessionFor(Forgery.First(lowered)));

        Assert.Equal("y", alice.ReadText(bob.Write("y")));
        SignalCiphertext ordinary = alice.Write("z");
        Assert.Equal(SessionOutcome.NoSession, bob.Read(Forgery.Of(ordinary, version: 3)).Outcome);
        Assert.Equal("z", bob.ReadText(ordinary));
    }

    [Fact]
    public void Version_3_cannot_be_passed_off_as_version_4()
    {
        (Party alice, Party bob) = Party.Pair();
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("x");
        Assert.Equal(SessionOutcome.Malformed, bob.Read(Forgery.Of(genuine, version: 4)).Outcome);
        Assert.Equal("x", bob.ReadText(genuine));
    }

    [Fact]
    public void A_directory_that_hides_the_kyber_key_gets_a_weaker_session_only_where_policy_allows_it()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        PreKeyBundle bundle = bob.Publish() with { KyberPreKey = null, KyberPreKeyId = null, KyberPreKeySignature = default };
        Assert.Equal(SessionProtocols.X3dh, SessionCipher.Initiate(null, alice.Identity, 1, bundle).Next?.Protocol);
        Assert.Equal(SessionOutcome.RefusedByPolicy, SessionCipher.Initiate(null, alice.Identity, 1, bundle, Strict).Outcome);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_policy_allows_what_it_names(SessionProtocols protocol)
    {
        Assert.True(SignalPolicy.AcceptAll.Allows(protocol));
        Assert.Equal(protocol == SessionProtocols.PqxdhSpqr, SignalPolicy.Strict.Allows(protocol));
        Assert.False(SignalPolicy.AcceptAll.Allows(SessionProtocols.None));
    }

    [Theory]
    [InlineData(SessionProtocols.None)]
    [InlineData((SessionProtocols)8)]
    [InlineData((SessionProtocols)15)]
    public void A_policy_of_nothing_or_of_the_unknown_is_a_fault(SessionProtocols allowed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignalPolicy(allowed));
}
