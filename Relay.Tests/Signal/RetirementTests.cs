using Relay.Shared.Signal;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>Sessions that must not send again, as after a restore: what is on its way is read, and no counter is used twice.</summary>
public sealed class RetirementTests
{
    public static TheoryData<SessionProtocols> Protocols => Party.Protocols;

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_retired_record_reads_and_does_not_send(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        SignalCiphertext onItsWay = alice.Write("on its way");
        Retire(bob);

        Assert.False(bob.Record()?.CanSend);
        Assert.Throws<ArgumentException>(() => bob.Write("x"));
        Assert.Equal("on its way", bob.ReadText(onItsWay));
        Assert.Equal("more", bob.ReadText(alice.Write("more")));
        Assert.False(bob.Record()?.CanSend);
        Assert.Throws<ArgumentException>(() => bob.Write("x"));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_new_session_sends_and_a_late_message_on_a_retired_one_does_not_displace_it(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        SignalCiphertext[] late = [alice.Write("late 0"), alice.Write("late 1")];
        Retire(bob);
        bob.Initiate(alice.Publish());
        PublicKey? opened = bob.Record()?.Current.BaseKey;

        Assert.True(bob.Record()?.CanSend);
        Assert.Equal("late 0", bob.ReadText(late[0]));
        Assert.Equal(opened, bob.Record()?.Current.BaseKey);
        Assert.True(bob.Record()?.HasUnacknowledgedPreKey);
        Assert.Equal("anew", alice.ReadText(bob.Write("anew")));
        Assert.Equal("late 1", bob.ReadText(late[1]));
        Assert.Equal(opened, bob.Record()?.Current.BaseKey);
        Assert.Equal("answer", bob.ReadText(alice.Write("answer")));
        Assert.Equal("end", alice.ReadText(bob.Write("end")));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_session_the_peer_opens_sends_too(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        Retire(bob);
        alice.Initiate(bob.Publish());
        Assert.Equal("anew", bob.ReadText(alice.Write("anew")));
        Assert.True(bob.Record()?.CanSend);
        Assert.Equal("answer", alice.ReadText(bob.Write("answer")));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_retired_first_session_names_its_pre_keys_no_longer(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        Assert.Equal("x", bob.ReadText(alice.Write("x")));
        Retire(alice);
        Assert.False(alice.Record()?.HasUnacknowledgedPreKey);
        Assert.Equal("answer", alice.ReadText(bob.Write("answer")));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void After_a_restore_no_counter_is_used_twice(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        byte[]? backup = bob.Stored;
        var used = new HashSet<string>();
        for (int i = 0; i < 5; i++)
        {
            Assert.True(used.Add(Name(bob.Write("sent before the restore"))));
        }

        SignalCiphertext[] inbound = [alice.Write("a"), alice.Write("b")];
        bob.Stored = backup;
        Retire(bob);
        Assert.Equal("a", bob.ReadText(inbound[0]));
        bob.Initiate(alice.Publish());
        Assert.True(used.Add(Name(bob.Write("sent after it"))));
        Assert.Equal("b", bob.ReadText(inbound[1]));
        for (int i = 0; i < 5; i++)
        {
            Assert.True(used.Add(Name(bob.Write("sent after it"))));
        }
    }

    [Fact]
    public void Retiring_leaves_the_record_it_was_made_from_as_it_is()
    {
        (Party alice, _) = Party.Acquainted();
        using SessionRecord record = Party.Parse(alice.Stored ?? []);
        using SessionRecord retired = record.RetireSending();
        Assert.True(record.CanSend);
        Assert.Equal(alice.Stored, record.Serialize());
        Assert.NotEqual(alice.Stored, retired.Serialize());
        Assert.Equal(retired.Serialize(), retired.RetireSending().Serialize());
    }

    private static string Name(SignalCiphertext message) =>
        $"{Forgery.Inner(message).RatchetKey}/{Forgery.Inner(message).Counter}";

    private static void Retire(Party party)
    {
        using SessionRecord record = Party.Parse(party.Stored ?? []);
        using SessionRecord retired = record.RetireSending();
        party.Stored = retired.Serialize();
    }
}
