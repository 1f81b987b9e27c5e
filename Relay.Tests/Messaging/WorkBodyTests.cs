using Relay.Shared.Messaging;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Messaging;

public sealed class WorkBodyTests
{
    [Theory]
    [InlineData("491571234567", "callback", 5)]
    [InlineData("491571234567", null, 0)]
    [InlineData(null, null, 1)]
    [InlineData("1234567", "gelöscht 🌳", 45_000)]
    public void Outbound_bodies_come_back(string? to, string? callback, int length)
    {
        byte[] content = new SeededRandom(1).Bytes(length);
        OutboundBody body = OutboundBody.Decode(new OutboundBody(to is null ? null : TestVault.Number(to), callback, content).Encode());

        Assert.Equal((to, callback), (body.To?.Digits, body.CallbackData));
        Assert.Equal(content, body.Content);
    }

    [Fact]
    public void Inbound_bodies_come_back()
    {
        InboundBody body = InboundBody.Decode(new InboundBody(Envelope.PreKey, TestVault.Number("491571234567"), [1, 2, 3]).Encode());

        Assert.Equal((Envelope.PreKey, "491571234567"), (body.Type, body.From.Digits));
        Assert.Equal([1, 2, 3], body.Content);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0001")]
    [InlineData("000130")]
    [InlineData("00013000")]
    [InlineData("0000FFFF00")]
    [InlineData("FFFF")]
    public void Bodies_cut_short_are_a_fault(string hex)
    {
        Assert.Throws<InvalidDataException>(() => OutboundBody.Decode(Convert.FromHexString(hex)));
        Assert.Throws<InvalidDataException>(() => InboundBody.Decode(Convert.FromHexString(hex)));
    }

    [Fact]
    public void A_sender_is_a_number() =>
        Assert.Throws<InvalidDataException>(() => InboundBody.Decode([0, 1, (byte)'m', 0, 1, (byte)'x', 1]));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_bytes_decode_or_are_a_fault_and_nothing_else(ulong seed)
    {
        SeededRandom random = new(seed);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] bytes = random.Bytes(random.Below(12));
            if (bytes.Length > 0)
            {
                bytes[0] = 0;
            }

            Exception? fault = Record.Exception(() => OutboundBody.Decode(bytes));
            Assert.True(fault is null or InvalidDataException, $"seed {seed}: {fault}");
        }
    }
}
