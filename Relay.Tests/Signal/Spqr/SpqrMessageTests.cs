using Relay.Shared.Signal.Spqr;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Spqr;

/// <summary>The wire form: one writing for each message, and only that is read.</summary>
public sealed class SpqrMessageTests
{
    private static readonly string Chunk = new('7', 64);

    [Theory]
    [InlineData("01010000", 1ul, 0u, 0)]
    [InlineData("01010104", 1ul, 1u, 4)]
    [InlineData("018001ac0204", 128ul, 300u, 4)]
    [InlineData("01ffffffffffffffffff01ffffffff0f00", ulong.MaxValue, uint.MaxValue, 0)]
    public void Messages_without_a_chunk(string hex, ulong epoch, uint index, int type)
    {
        Assert.True(SpqrMessage.TryParse(Convert.FromHexString(hex), out SpqrMessage message));
        Assert.Equal((epoch, index, type), (message.Epoch, message.Index, (int)message.Type));
        Assert.Equal(0, message.Chunk.Length);
        Assert.Equal(hex, Convert.ToHexStringLower(message.ToBytes()));
    }

    [Theory]
    [InlineData("01010101", "00", 0)]
    [InlineData("01010102", "8001", 128)]
    [InlineData("01010103", "ffff03", 65535)]
    [InlineData("01010105", "24", 36)]
    [InlineData("01010106", "07", 7)]
    public void Messages_with_a_chunk(string start, string index, int expected)
    {
        string hex = start + index + Chunk;
        Assert.True(SpqrMessage.TryParse(Convert.FromHexString(hex), out SpqrMessage message));
        Assert.Equal(expected, message.ChunkIndex);
        Assert.Equal(Chunk, Convert.ToHexStringLower(message.Chunk));
        Assert.Equal(hex, Convert.ToHexStringLower(message.ToBytes()));
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("01", "no epoch")]
    [InlineData("0101", "no index")]
    [InlineData("010101", "no type")]
    [InlineData("00010100", "version 0")]
    [InlineData("02010100", "version 2")]
    [InlineData("01000100", "epoch 0")]
    [InlineData("0181000100", "epoch not in its shortest form")]
    [InlineData("0101810000", "index not in its shortest form")]
    [InlineData("01ffffffffffffffffff020100", "epoch of 65 bits")]
    [InlineData("01ffffffffffffffffff81000100", "epoch of eleven bytes")]
    [InlineData("0101ffffffff1f00", "index of 33 bits")]
    [InlineData("01010107", "type 7")]
    [InlineData("010101ff", "type 255")]
    [InlineData("01010101", "no chunk index")]
    [InlineData("0101010100", "no chunk")]
    public void What_is_no_message_is_refused(string hex, string why) =>
        Assert.Equal((why, false), (why, SpqrMessage.TryParse(Convert.FromHexString(hex), out _)));

    [Theory]
    [InlineData("01010101", "808004", "index of a chunk beyond 65535")]
    [InlineData("01010101", "8000", "index of a chunk not in its shortest form")]
    public void What_is_no_chunk_is_refused(string start, string index, string why)
    {
        Assert.Equal((why, false), (why, SpqrMessage.TryParse(Convert.FromHexString(start + index + Chunk), out _)));
        Assert.False(SpqrMessage.TryParse(Convert.FromHexString("0101010100" + Chunk[2..]), out _));
    }

    [Fact]
    public void Bytes_after_the_end_are_ignored_and_nothing_else()
    {
        var random = new SeededRandom(51);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [1, .. random.Bytes(random.Below(8)), .. Convert.FromHexString(Chunk)];
            if (SpqrMessage.TryParse(bytes, out SpqrMessage message))
            {
                byte[] again = message.ToBytes();
                Assert.Equal(again, bytes[..again.Length]);
            }
        }

        Assert.True(SpqrMessage.TryParse([0x01, 0x01, 0x01, 0x00, 0xAA], out _));
    }
}
