using Relay.Shared.Signal;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §4: field 6, which ties a first message to the names both sides have for each other.</summary>
public sealed class AddressTests
{
    private static readonly SignalAddress Alice = SignalAddress.Aci(Guid.Parse("0fd5c1f2-a3b4-4c5d-8e9f-001122334455"), 1);

    private static readonly SignalAddress Bob = SignalAddress.Pni(Guid.Parse("79292d6e-2b5c-4f1d-9d0b-5c3e7a1f0a11"), 127);

    public static TheoryData<SessionProtocols> Version4 => [SessionProtocols.Pqxdh, SessionProtocols.PqxdhSpqr];

    [Theory]
    [MemberData(nameof(Version4))]
    public void First_messages_name_sender_and_recipient_and_later_ones_do_not(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Named(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext first = alice.Write("0");
        Assert.Equal(
            "00" + "0fd5c1f2a3b44c5d8e9f001122334455" + "01" + "01" + "79292d6e2b5c4f1d9d0b5c3e7a1f0a11" + "7f",
            Convert.ToHexStringLower((Forgery.Inner(first).Addresses ?? default).Span));

        Assert.Equal("0", bob.ReadText(first));
        Assert.Equal("1", bob.ReadText(alice.Write("1")));
        SignalCiphertext answer = bob.Write("2");
        Assert.Null(Forgery.Inner(answer).Addresses);
        Assert.Equal("2", alice.ReadText(answer));
        Assert.Null(Forgery.Inner(alice.Write("3")).Addresses);
    }

    [Theory]
    [MemberData(nameof(Version4))]
    public void A_message_for_other_names_is_refused_and_opens_under_the_right_ones(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Named(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext first = alice.Write("x");
        SessionOptions right = bob.Options;
        foreach (SessionOptions wrong in new[]
        {
            new SessionOptions { Local = Alice, Remote = Bob },
            new SessionOptions { Local = SignalAddress.Aci(Bob.Uuid, Bob.DeviceId), Remote = Alice },
            new SessionOptions { Local = SignalAddress.Pni(Bob.Uuid, 1), Remote = Alice },
            new SessionOptions { Local = SignalAddress.Pni(Guid.NewGuid(), Bob.DeviceId), Remote = Alice },
            new SessionOptions { Local = Bob, Remote = SignalAddress.Aci(Guid.NewGuid(), 1) },
            new SessionOptions { Local = Bob, Remote = SignalAddress.Aci(Alice.Uuid, 2) },
            new SessionOptions { Local = Bob },
            new SessionOptions { Remote = Alice },
            new SessionOptions(),
        })
        {
            bob.Options = wrong;
            Assert.Equal(SessionOutcome.WrongAddresses, bob.Read(first).Outcome);
            Assert.Null(bob.Stored);
        }

        bob.Options = right;
        Assert.Equal("x", bob.ReadText(first));
    }

    [Theory]
    [MemberData(nameof(Version4))]
    public void Who_does_not_know_both_names_sends_none_and_is_read(SessionProtocols protocol)
    {
        foreach (SessionOptions partial in new[] { new SessionOptions { Local = Alice }, new SessionOptions { Remote = Bob }, new SessionOptions() })
        {
            (Party alice, Party bob) = Named(protocol);
            alice.Options = partial;
            alice.Initiate(bob.Publish());
            SignalCiphertext first = alice.Write("x");
            Assert.Null(Forgery.Inner(first).Addresses);
            Assert.Equal("x", bob.ReadText(first));
        }
    }

    [Theory]
    [MemberData(nameof(Version4))]
    public void Addresses_taken_out_or_changed_on_the_way_are_a_bad_mac(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Named(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext first = alice.Write("x");
        byte[] other = (Forgery.Inner(first).Addresses ?? default).ToArray();
        other[5] ^= 1;
        foreach (byte[] changed in new[] { [], other, other[..35], [.. other, 0] })
        {
            Assert.Equal(SessionOutcome.BadMac, bob.Read(Forgery.Of(first, addresses: changed)).Outcome);
        }

        Assert.Equal("x", bob.ReadText(first));
    }

    [Fact]
    public void Version_3_has_no_addresses()
    {
        (Party alice, Party bob) = Named(SessionProtocols.X3dh);
        alice.Initiate(bob.Publish());
        SignalCiphertext first = alice.Write("x");
        Assert.Null(Forgery.Inner(first).Addresses);
        Assert.Equal("x", bob.ReadText(first));
    }

    [Fact]
    public void An_address_prints_as_peers_write_it()
    {
        Assert.Equal("0fd5c1f2-a3b4-4c5d-8e9f-001122334455.1", Alice.ToString());
        Assert.Equal("PNI:79292d6e-2b5c-4f1d-9d0b-5c3e7a1f0a11.127", Bob.ToString());
        Assert.Equal(Alice, SignalAddress.Aci(Alice.Uuid, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(-1)]
    [InlineData(257)]
    public void A_device_number_is_1_to_127(int device)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalAddress.Aci(Alice.Uuid, device));
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalAddress.Pni(Alice.Uuid, device));
    }

    private static (Party Alice, Party Bob) Named(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Options = new SessionOptions { Local = Alice, Remote = Bob };
        bob.Options = new SessionOptions { Local = Bob, Remote = Alice };
        return (alice, bob);
    }
}
