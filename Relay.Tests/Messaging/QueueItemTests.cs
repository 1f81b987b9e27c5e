using System.Text;
using System.Text.Json.Nodes;
using Relay.Shared.Content;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Messaging;

public sealed class QueueItemTests
{
    private const string Longest = "99999999999999999999";

    public static TheoryData<string, string?> Breaks => new()
    {
        { "v", "2" }, { "v", "0" }, { "v", "\"1\"" },
        { "biz", "\"\"" }, { "biz", "\"12a\"" }, { "biz", "null" }, { "biz", null }, { "biz", "\"123456789012345678901\"" },
        { "conv", "\"00\"" }, { "conv", "\"" + "ABCDEF0123456789ABCDEF0123456789" + "\"" }, { "conv", null },
        { "attempt", "-1" }, { "attempt", "1.5" }, { "attempt", "99999999999" },
    };

    public static TheoryData<string, string?> WorkBreaks => new()
    {
        { "phone", "\"x\"" }, { "phone", null }, { "id", "\"0011\"" }, { "id", null }, { "id", "\"00112233445566GG\"" },
        { "at", "\"now\"" }, { "at", null }, { "at", "-1" }, { "at", "253402300800000" }, { "at", "9223372036854775807" },
        { "body", "\"no base64!\"" }, { "body", "7" },
    };

    public static TheoryData<string, string?> WebhookBreaks => new()
    {
        { "row", "\"\"" }, { "row", null }, { "row", "\"S\"" }, { "row", "\"O:0011223344556677\"" }, { "row", "\"R:a/b\"" }, { "since", null }, { "since", "-1" }, { "since", "9223372036854775807" },
        { "row", "\"W:" + new string('a', 600) + "\"" },
    };

    [Theory]
    [MemberData(nameof(Breaks))]
    [MemberData(nameof(WorkBreaks))]
    public void A_broken_work_item_is_poison(string member, string? value) =>
        Assert.Throws<InvalidDataException>(() => WorkItem.Parse(Break(Work().Encode(), member, value)));

    [Theory]
    [MemberData(nameof(Breaks))]
    [MemberData(nameof(WebhookBreaks))]
    public void A_broken_webhook_item_is_poison(string member, string? value) =>
        Assert.Throws<InvalidDataException>(() => WebhookItem.Parse(Break(Webhook().Encode(), member, value)));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"v\"")]
    [InlineData("{\"v\":1")]
    [InlineData("{\"v\":1}")]
    [InlineData("{\"v\":{\"v\":{\"v\":{\"v\":{\"v\":{}}}}}}")]
    public void What_is_no_item_is_poison(string text)
    {
        Assert.Throws<InvalidDataException>(() => WorkItem.Parse(text));
        Assert.Throws<InvalidDataException>(() => WebhookItem.Parse(text));
    }

    [Fact]
    public void Items_come_back_as_they_were()
    {
        WorkItem work = Work() with { Attempt = 7, Body = [1, 2, 255] };
        WorkItem parsed = WorkItem.Parse(work.Encode());
        Assert.Equal(work with { Body = null }, parsed with { Body = null });
        Assert.Equal(work.Body, parsed.Body);
        Assert.Equal(work.Key, parsed.Key);
        Assert.Null(WorkItem.Parse(Work().Encode()).Body);

        Assert.Equal(Webhook(), WebhookItem.Parse(Webhook().Encode()));
    }

    [Fact]
    public async Task The_largest_body_and_the_longest_ids_fit_a_queue_message()
    {
        TestVault vault = await TestVault.CreateAsync();
        MemoryQueueStore queues = new(vault.Time);
        await queues.EnsureQueuesAsync([.. QueueNames.OfRelay], CancellationToken.None);
        WorkQueue work = new(queues, vault.Sealer, new NoOwnRetention(), vault.Time);
        WorkItem item = Work() with { Business = Longest, Phone = Longest, Attempt = int.MaxValue - 1, AcceptedAt = 253_402_300_799_999 };
        PhoneNumber number = TestVault.Number("123456789012345");

        byte[] inbound = new InboundBody(Envelope.Message, number, new byte[TransportLimits.MaxEnvelopeBytes]).Encode();
        byte[] content = new byte[DeviceContentCodec.MaxBytes + 159];
        byte[] outbound = new OutboundBody(number, new string('€', 512), content).Encode();
        foreach (byte[] body in new[] { inbound, outbound, new byte[45 * 1024 + 512] })
        {
            await work.PutAsync(QueueNames.Inbound, item, body, CancellationToken.None);
            QueueItem sent = Assert.Single(await queues.ReceiveAsync(QueueNames.Inbound, 1, TimeSpan.FromDays(1), CancellationToken.None));
            Assert.InRange(Encoding.UTF8.GetByteCount(sent.Body), 1, QueueLimits.MaxBodyBytes - 1);
            Assert.Equal(body, await work.OpenAsync(QueueNames.Inbound, WorkItem.Parse(sent.Body), CancellationToken.None));
        }
    }

    [Fact]
    public void An_item_that_does_not_fit_is_refused_where_it_is_made() =>
        Assert.Throws<InvalidDataException>(() => (Work() with { Body = new byte[49_152] }).Encode());

    [Theory]
    [InlineData("biz")]
    [InlineData("phone")]
    [InlineData("conv")]
    [InlineData("id")]
    public async Task A_body_opens_only_in_its_own_item(string member)
    {
        TestVault vault = await TestVault.CreateAsync();
        MemoryQueueStore queues = new(vault.Time);
        await queues.EnsureQueuesAsync([.. QueueNames.OfRelay], CancellationToken.None);
        WorkQueue work = new(queues, vault.Sealer, new NoOwnRetention(), vault.Time);
        await work.PutAsync(QueueNames.Inbound, Work(), "hi"u8.ToArray(), CancellationToken.None);
        QueueItem sent = Assert.Single(await queues.ReceiveAsync(QueueNames.Inbound, 1, TimeSpan.FromDays(1), CancellationToken.None));
        WorkItem item = WorkItem.Parse(sent.Body);
        WorkItem swapped = member switch
        {
            "biz" => item with { Business = "1002" },
            "phone" => item with { Phone = "2003" },
            "conv" => item with { Conversation = ConversationId.Create().Hex },
            _ => item with { Id = EnvelopeId.Create().Hex },
        };

        Assert.DoesNotContain("hi", Encoding.UTF8.GetString(item.Body ?? []), StringComparison.Ordinal);
        await Assert.ThrowsAsync<SealBrokenException>(() => work.OpenAsync(QueueNames.Outbound, item, CancellationToken.None).AsTask());
        if (member == "biz")
        {
            // Another business has no key of that day at all: unreadable, and not even a question of the seal.
            Assert.Null(await work.OpenAsync(QueueNames.Inbound, swapped, CancellationToken.None));
        }
        else
        {
            await Assert.ThrowsAsync<SealBrokenException>(() => work.OpenAsync(QueueNames.Inbound, swapped, CancellationToken.None).AsTask());
        }
    }

    private static WorkItem Work() => new()
    {
        Business = "1001",
        Phone = "2002",
        Conversation = "00112233445566778899aabbccddeeff",
        Id = "0011223344556677",
        AcceptedAt = 1_795_000_000_000,
    };

    private static WebhookItem Webhook() => new()
    {
        Business = "1001",
        Conversation = "00112233445566778899aabbccddeeff",
        Row = "W:0011223344556677:delivered",
        Since = 1_795_000_000_000,
        Attempt = 1,
    };

    private static string Break(string text, string member, string? value)
    {
        JsonObject item = JsonNode.Parse(text)?.AsObject() ?? [];
        item.Remove(member);
        if (value is not null)
        {
            item[member] = JsonNode.Parse(value);
        }

        return item.ToJsonString();
    }
}
