using Relay.Shared.Signal;
using Relay.Tests.Signal;
using Relay.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Relay.Tests.Peers;

/// <summary>Conversations with the real implementations of others, each in a process of its own.</summary>
public sealed class PeerTests(ITestOutputHelper output)
{
    private const int Messages = 240;

    [NodeTheory]
    [MemberData(nameof(KnownPeers.Conversations), MemberType = typeof(KnownPeers))]
    public async Task Each_reads_what_the_other_writes(string peer, SessionProtocols protocol, bool weOpen, bool oneTime)
    {
        await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
        Party us = new(1001, protocol);
        ulong seed = (ulong)((weOpen ? 2 : 0) + (oneTime ? 1 : 0) + 1);
        PeerConversation conversation = new(us, them, seed, new Network());

        await conversation.OpenAsync(weOpen, oneTime);
        await conversation.RunAsync(Messages);

        Assert.Equal(Messages, conversation.Sent);
        Assert.InRange(conversation.Read, Messages * 8 / 10, Messages);
        Assert.InRange(conversation.Refused, 1, Messages / 10);
        Assert.Equal(0, us.OneTimeKeysLeft);
        AssertSpoken(peer, protocol, conversation);
    }

    [NodeTheory]
    [MemberData(nameof(KnownPeers.Careful), MemberType = typeof(KnownPeers))]
    public async Task Three_thousand_messages_over_a_bad_network_are_each_read_once(string peer, SessionProtocols protocol)
    {
        const int Many = 3_000;
        await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
        Party us = new(1001, protocol);
        PeerConversation conversation = new(us, them, 20_260_801, new Network());

        await conversation.OpenAsync(weOpen: true, oneTime: true);
        await conversation.RunAsync(Many);

        Assert.InRange(conversation.Read, Many * 87 / 100, Many * 93 / 100);
        Assert.InRange(conversation.Refused, Many * 3 / 100, Many * 6 / 100);
        AssertSpoken(peer, protocol, conversation);
        Assert.Equal(protocol, us.Record()?.Protocol);
        Assert.InRange(us.Stored?.Length ?? 0, 1, 8 * 1024);
        output.WriteLine($"{conversation.Read} read, {conversation.Refused} replays refused, epoch {conversation.Epoch}, record {us.Stored?.Length} bytes");
        if (protocol == SessionProtocols.PqxdhSpqr)
        {
            Assert.True(conversation.Epoch > 10);
        }
    }

    [NodeTheory]
    [MemberData(nameof(KnownPeers.Careful), MemberType = typeof(KnownPeers))]
    public async Task Long_monologues_of_which_half_is_lost_are_read(string peer, SessionProtocols protocol)
    {
        foreach (ulong seed in new ulong[] { 3, 4 })
        {
            await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
            Party us = new(1001, protocol);
            PeerConversation conversation = new(us, them, seed, new Network(LossPercent: 50, TurnPercent: 2));
            await conversation.OpenAsync(weOpen: seed == 3, oneTime: false);
            await conversation.RunAsync(1_000);
            Assert.InRange(conversation.Read, 400, 600);
        }
    }

    [NodeTheory]
    [MemberData(nameof(KnownPeers.Careful), MemberType = typeof(KnownPeers))]
    public async Task Two_who_open_a_session_at_once_agree_on_one(string peer, SessionProtocols protocol)
    {
        await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
        Party us = new(1001, protocol);
        byte[] text = [1, 2, 3];
        us.Initiate(await them.PublishAsync(oneTime: true));
        Assert.Null(await them.OpenAsync(us.Publish()));
        SignalCiphertext ours = us.Write(text);
        SignalCiphertext ourLate = us.Write(text);
        SignalCiphertext theirs = await them.WriteAsync(text);
        SignalCiphertext theirLate = await them.WriteAsync(text);

        Assert.Equal(text, us.Read(theirs).Plaintext);
        Assert.Equal(text, (await them.ReadAsync(ours)).Plaintext);
        await TalkAsync(turns: 2);
        Assert.Equal(text, us.Read(theirLate).Plaintext);
        await TalkAsync(turns: 20);

        // Ours is on the session that both have archived by now. It makes that one theirs again, and us follow.
        Assert.Equal(text, (await them.ReadAsync(ourLate)).Plaintext);
        await TalkAsync(turns: 20);
        Assert.False(us.Record()?.HasUnacknowledgedPreKey);

        async Task TalkAsync(int turns)
        {
            for (int i = 0; i < turns; i++)
            {
                Assert.Equal(text, (await them.ReadAsync(us.Write(text))).Plaintext);
                Assert.Equal(text, us.Read(await them.WriteAsync(text)).Plaintext);
            }
        }
    }

    /// <summary>Some write 0x34 in version 3; we never do, as the JavaScript libraries can't read it.</summary>
    private static void AssertSpoken(string peer, SessionProtocols protocol, PeerConversation conversation)
    {
        bool isVersion3 = protocol == SessionProtocols.X3dh;
        Assert.Equal([isVersion3 ? (byte)0x33 : (byte)0x44], conversation.OurVersions);
        Assert.Equal([!isVersion3 ? (byte)0x44 : peer == "libsignal-client-0.72.1" ? (byte)0x34 : (byte)0x33], conversation.TheirVersions);
    }
}
