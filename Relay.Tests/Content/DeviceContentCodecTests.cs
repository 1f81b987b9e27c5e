using System.Text;
using System.Text.Json;
using Relay.Shared.Content;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Content;

public sealed class DeviceContentCodecTests
{
    private const string Id = "0011223344556677";
    private const string Other = "8899aabbccddeeff";

    [Theory]
    [InlineData("")]
    [InlineData("hi")]
    [InlineData("Grüße 🌳 <b>&amp;</b> \u2028 \"quoted\"")]
    public void A_message_comes_back(string text)
    {
        DeviceContent content = Message(text) with
        {
            Context = new ContentContext(Other, ContentContext.User),
            Profile = new ContentProfile("Anna"),
        };
        byte[] padded = DeviceContentCodec.Encode(content);
        DeviceContent back = Decoded(padded);

        Assert.Equal(0, (padded.Length + 1) % ContentPadding.Step);
        Assert.Equal((Id, 1_795_000_000L, content.Context, content.Profile), (back.Id, back.Timestamp, back.Context, back.Profile));
        Assert.Equal(text, back.Message?.GetProperty("text").GetProperty("body").GetString());
        Assert.Equal(padded, DeviceContentCodec.Encode(back));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void A_receipt_comes_back(int count)
    {
        ContentReceipt receipt = new(ContentReceipt.Read, [.. Enumerable.Repeat(Other, count)]) { Typing = true };
        DeviceContent back = Decoded(DeviceContentCodec.Encode(new DeviceContent { Id = Id, Timestamp = 1, Receipt = receipt }));

        Assert.Equal((ContentReceipt.Read, count, true), (back.Receipt?.Status, back.Receipt?.Ids.Count, back.Receipt?.Typing));
    }

    [Fact]
    public void Lengths_show_in_steps_of_160_only()
    {
        int[] lengths = [.. Enumerable.Range(0, 400).Select(length => DeviceContentCodec.Encode(Message(new string('x', length))).Length).Distinct()];
        Assert.InRange(lengths.Length, 3, 4);
        Assert.All(lengths, length => Assert.Equal(159, length % 160));
    }

    [Fact]
    public void Padding_of_every_length_comes_off_again()
    {
        for (int length = 0; length < 500; length++)
        {
            byte[] content = new SeededRandom((ulong)length).Bytes(length);
            byte[] padded = ContentPadding.Pad(content);
            Assert.True(ContentPadding.TryUnpad(padded, out ReadOnlySpan<byte> back));
            Assert.True(back.SequenceEqual(content));
            Assert.Equal(0, (padded.Length + 1) % 160);
            Assert.InRange(padded.Length - length, 1, 160);
        }
    }

    [Fact]
    public void Content_that_ends_like_padding_is_kept()
    {
        byte[] content = [0x80, 0, 0x80, 0, 0];
        Assert.True(ContentPadding.TryUnpad(ContentPadding.Pad(content), out ReadOnlySpan<byte> back));
        Assert.Equal(content, back.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0000000000")]
    [InlineData("7B7D")]
    [InlineData("7B7D8001")]
    [InlineData("7B7D81")]
    public void What_is_not_padded_is_nothing(string hex)
    {
        Assert.False(ContentPadding.TryUnpad(Convert.FromHexString(hex), out _));
        Assert.Null(DeviceContentCodec.Decode(Convert.FromHexString(hex)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{}} x")]
    [InlineData("{\"v\":2,\"id\":\"$id\",\"timestamp\":1,\"message\":{}}")]
    [InlineData("{\"v\":1,\"timestamp\":1,\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":null,\"timestamp\":1,\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"00112233\",\"timestamp\":1,\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"8899AABBCCDDEEFF\",\"timestamp\":1,\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"\\ud800\",\"timestamp\":1,\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":0,\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":-1,\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":253402300800,\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1.5,\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":\"1\",\"message\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":null}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":[]}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":\"text\"}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{},\"receipt\":{\"status\":\"read\",\"ids\":[\"$id\"]}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{},\"context\":{\"id\":\"x\",\"author\":\"user\"}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{},\"context\":{\"author\":\"user\"}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{},\"context\":{\"id\":\"$id\",\"author\":\"admin\"}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{},\"context\":{\"id\":\"$id\"}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{},\"profile\":{\"name\":\"\\udc00\"}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"receipt\":{}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"receipt\":{\"status\":\"read\"}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"receipt\":{\"status\":\"read\",\"ids\":[]}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"receipt\":{\"status\":\"read\",\"ids\":[null]}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"receipt\":{\"status\":\"sent\",\"ids\":[\"$id\"]}}")]
    [InlineData("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"receipt\":{\"status\":\"read\",\"ids\":[\"$id\",\"x\"]}}")]
    public void Malformed_content_is_nothing(string json) => Assert.Null(Decode(json));

    [Fact]
    public void A_receipt_names_at_most_30_messages()
    {
        string Receipt(int count) =>
            "{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"receipt\":{\"status\":\"read\",\"ids\":[" + string.Join(',', Enumerable.Repeat($"\"{Other}\"", count)) + "]}}";
        Assert.NotNull(Decode(Receipt(30)));
        Assert.Null(Decode(Receipt(31)));
    }

    [Fact]
    public void Unknown_members_are_ignored()
    {
        Assert.NotNull(Decode("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{\"type\":\"x\"},\"new\":{\"a\":[1]}}"));
        Assert.NotNull(Decode("{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{},\"profile\":{}}"));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(40, false)]
    public void Depth_is_bounded(int depth, bool reads)
    {
        string nested = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        Assert.Equal(reads, Decode($"{{\"v\":1,\"id\":\"$id\",\"timestamp\":1,\"message\":{nested}}}") is not null);
    }

    [Fact]
    public void Size_is_bounded_both_ways()
    {
        int around = JsonSerializer.SerializeToUtf8Bytes(Message(""), ContentJson.Default.DeviceContent).Length;
        byte[] largest = DeviceContentCodec.Encode(Message(new string('x', DeviceContentCodec.MaxBytes - around)));
        Assert.NotNull(DeviceContentCodec.Decode(largest));
        Assert.Throws<ArgumentException>(() => DeviceContentCodec.Encode(Message(new string('x', DeviceContentCodec.MaxBytes - around + 1))));
        Assert.Null(DeviceContentCodec.Decode([.. largest, .. new byte[320]]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Damaged_content_is_read_or_nothing_and_never_a_fault(ulong seed)
    {
        SeededRandom random = new(seed);
        byte[] good = DeviceContentCodec.Encode(Message("Grüße 🌳") with { Context = new ContentContext(Other, "user"), Profile = new ContentProfile("Anna") });
        for (int i = 0; i < 3_000; i++)
        {
            byte[] bad = [.. good];
            for (int flips = random.Below(3); flips >= 0; flips--)
            {
                bad[random.Below(bad.Length)] ^= (byte)(1 << random.Below(8));
            }

            Exception? fault = Record.Exception(() => DeviceContentCodec.Decode(bad));
            Assert.True(fault is null, $"seed {seed}, {i}: {fault}");
        }
    }

    private static DeviceContent Message(string text) => new()
    {
        Id = Id,
        Timestamp = 1_795_000_000,
        Message = JsonSerializer.SerializeToElement(new { type = "text", text = new { body = text } }),
    };

    private static DeviceContent Decoded(byte[] padded) => DeviceContentCodec.Decode(padded) ?? throw new InvalidDataException("Not decoded.");

    private static DeviceContent? Decode(string json) =>
        DeviceContentCodec.Decode(ContentPadding.Pad(Encoding.UTF8.GetBytes(json.Replace("$id", Id, StringComparison.Ordinal))));
}
