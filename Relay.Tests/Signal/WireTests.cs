using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §3.4: what the parsers take, and why they refuse the rest.</summary>
public sealed class WireTests
{
    private static readonly PublicKey Key = MakeKey();

    private static readonly string KeyHex = Key.ToString();

    private static string Inner => "33" + "0a21" + KeyHex + "1000" + "1800" + "2210" + new string('a', 32) + new string('0', 16);

    public static TheoryData<string, string> Refused => new()
    {
        { "zero-padded varint", "33" + "0a21" + KeyHex + "108000" + "1800" + "2200" },
        { "counter beyond 32 bits", "33" + "0a21" + KeyHex + "108080808010" + "1800" + "2200" },
        { "counter of ten bytes", "33" + "0a21" + KeyHex + "10ffffffffffffffffff01" + "1800" + "2200" },
        { "endless varint", "33" + "0a21" + KeyHex + "10ffffffffffffffffffff" },
        { "field twice", "33" + "0a21" + KeyHex + "1000" + "1000" + "1800" + "2200" },
        { "fields out of order", "33" + "1000" + "0a21" + KeyHex + "1800" + "2200" },
        { "known after unknown", "33" + "0a21" + KeyHex + "1000" + "1800" + "7a00" + "2200" },
        { "field number zero", "33" + "0200" + "0a21" + KeyHex + "1000" + "1800" + "2200" },
        { "group", "33" + "0a21" + KeyHex + "1000" + "1800" + "2200" + "7b7c" },
        { "number where bytes belong", "33" + "0801" + "1000" + "1800" + "2200" },
        { "bytes where a number belongs", "33" + "0a21" + KeyHex + "1200" + "1800" + "2200" },
        { "length beyond the end", "33" + "0a21" + KeyHex + "1000" + "1800" + "22ffffffff0f" },
        { "length near 2^64", "33" + "0a21" + KeyHex + "1000" + "1800" + "22ffffffffffffffffff01" },
        { "no ratchet key", "33" + "1000" + "1800" + "2200" },
        { "no counter", "33" + "0a21" + KeyHex + "1800" + "2200" },
        { "no ciphertext", "33" + "0a21" + KeyHex + "1000" + "1800" },
        { "short key", "33" + "0a20" + KeyHex[..64] + "1000" + "1800" + "2200" },
        { "other key type", "33" + "0a21" + "06" + KeyHex[2..] + "1000" + "1800" + "2200" },
        { "nothing but a version", "33" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_of_the_grammar_is_refused(string why, string hex)
    {
        SessionOutcome outcome = SignalMessage.Parse(Convert.FromHexString(hex + new string('0', 16)), out SignalMessage? message);
        Assert.Equal((why, SessionOutcome.Malformed), (why, outcome));
        Assert.Null(message);
    }

    [Fact]
    public void A_message_parses_to_its_fields()
    {
        SignalMessage message = Parse(Inner);
        Assert.Equal(Key, message.RatchetKey);
        Assert.Equal(0u, message.Counter);
        Assert.Equal(0u, message.PreviousCounter);
        Assert.Equal(16, message.Ciphertext.Length);
        Assert.Equal(8, message.Mac.Length);
        Assert.Null(message.PqRatchet);
    }

    [Fact]
    public void Fields_of_version_4_and_unknown_fields_are_kept()
    {
        string hex = Inner[..^16] + "2a0101" + "3200" + "3805" + "3805" + "4100000000000000ff" + "5d00000000" + "6200" + new string('0', 16);
        SignalMessage message = Parse(hex);
        Assert.Equal(1, message.PqRatchet?.Length);
        Assert.Equal(0, message.Addresses?.Length);
        Assert.Equal(20, message.UnknownFields.Length);
        Assert.Equal(Convert.FromHexString(hex), Reencoding.Of(message));
    }

    [Theory]
    [InlineData(0x33, true)]
    [InlineData(0x34, true)]
    [InlineData(0x3f, true)]
    [InlineData(0x32, false)]
    [InlineData(0x30, false)]
    [InlineData(0x23, false)]
    [InlineData(0x44, true)]
    [InlineData(0x4f, true)]
    [InlineData(0x43, false)]
    [InlineData(0x55, false)]
    [InlineData(0x03, false)]
    public void Versions_3_and_4_are_taken_with_any_low_nibble_from_their_own_up(byte version, bool taken)
    {
        byte[] bytes = Convert.FromHexString(Inner);
        bytes[0] = version;
        Assert.Equal(taken ? SessionOutcome.Success : SessionOutcome.UnsupportedVersion, SignalMessage.Parse(bytes, out _));
        byte[] first = First(Inner);
        first[0] = version;
        Assert.Equal(taken && version != 0x33 ? SessionOutcome.Malformed : taken ? SessionOutcome.Success : SessionOutcome.UnsupportedVersion, PreKeySignalMessage.Parse(first, out _));
    }

    [Fact]
    public void Other_versions_are_reported_as_such()
    {
        (Party alice, Party bob) = Party.Acquainted();
        SignalCiphertext message = alice.Write("x");
        message.Bytes[0] = 0x55;
        Assert.Equal(SessionOutcome.UnsupportedVersion, bob.Read(message).Outcome);
        Assert.Equal(SessionOutcome.UnsupportedVersion, bob.Read(new SignalCiphertext(SignalMessageKind.PreKey, message.Bytes)).Outcome);
    }

    [Fact]
    public void A_message_of_a_newer_peer_is_authenticated_with_the_byte_it_sent()
    {
        (Party alice, Party bob) = Party.Acquainted();
        SignalCiphertext message = alice.Write("x");
        message.Bytes[0] = 0x34;
        Assert.Equal(SessionOutcome.BadMac, bob.Read(message).Outcome);
    }

    [Fact]
    public void Pre_key_id_zero_means_none()
    {
        (Party alice, Party bob) = Party.Pair();
        alice.Initiate(bob.Publish(oneTime: false));
        byte[] bytes = alice.Write("x").Bytes;
        byte[] zero = [bytes[0], 0x08, 0x00, .. bytes[1..]];
        Assert.True(PreKeySignalMessage.TryParse(zero, out PreKeySignalMessage? parsed));
        Assert.Null(parsed.PreKeyId);

        DecryptResult read = bob.Read(new SignalCiphertext(SignalMessageKind.PreKey, zero));
        Assert.True(read.IsSuccess);
        Assert.Null(read.UsedPreKeyId);
    }

    [Fact]
    public void An_absent_registration_id_is_zero()
    {
        byte[] bytes = Convert.FromHexString("33" + "1221" + KeyHex + "1a21" + KeyHex + "22" + Length(Inner) + Inner + "3001");
        Assert.True(PreKeySignalMessage.TryParse(bytes, out PreKeySignalMessage? parsed));
        Assert.Equal(0u, parsed.RegistrationId);
        Assert.Equal(bytes, Reencoding.Of(parsed));
    }

    [Theory]
    [InlineData("1a21{k}22{m}2801" + "3001")]
    [InlineData("1221{k}22{m}2801" + "3001")]
    [InlineData("1221{k}1a21{k}2801" + "3001")]
    [InlineData("1221{k}1a21{k}22{m}2801")]
    [InlineData("1221{k}1a21{k}220133" + "2801" + "3001")]
    [InlineData("1221{k}1221{k}1a21{k}22{m}2801" + "3001")]
    public void A_first_message_lacking_or_repeating_a_field_is_refused(string fields)
    {
        string hex = "33" + fields.Replace("{k}", KeyHex, StringComparison.Ordinal).Replace("{m}", Length(Inner) + Inner, StringComparison.Ordinal);
        Assert.False(PreKeySignalMessage.TryParse(Convert.FromHexString(hex), out _));
    }

    [Fact]
    public void Oversized_messages_are_refused_before_they_are_read()
    {
        byte[] bytes = new byte[SignalLimits.MaxMessageBytes + 1];
        bytes[0] = 0x33;
        Assert.Equal(SessionOutcome.Malformed, SignalMessage.Parse(bytes, out _));
        Assert.False(PreKeySignalMessage.TryParse(bytes, out _));
    }

    private static string Length(string hex) => Convert.ToHexString([(byte)(hex.Length / 2)]);

    private static byte[] First(string inner) => PreKeySignalMessage.Write(Convert.FromHexString(inner), new PendingPreKey(1, 1), Key, Key, 1);

    private static SignalMessage Parse(string hex)
    {
        Assert.Equal(SessionOutcome.Success, SignalMessage.Parse(Convert.FromHexString(hex), out SignalMessage? message));
        return message ?? throw new InvalidDataException(hex);
    }

    private static PublicKey MakeKey()
    {
        using var pair = KeyPair.FromDraw([.. Enumerable.Repeat((byte)7, 32)]);
        return pair.PublicKey;
    }
}
