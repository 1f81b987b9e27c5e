using System.Text.Json;
using Relay.Phone.Events;
using Relay.Shared.Conversations;
using Relay.Tests.EndToEnd;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.History;

/// <summary>A business looks up its messages through the front door, in memory.</summary>
public sealed class MessageHistoryInMemoryTests : MessageHistoryTests
{
    private protected override Task<TestRelay> StartAsync() => TestRelay.StartAsync();
}

/// <summary>The same on Azurite.</summary>
[Collection(nameof(AzuriteCollection))]
public sealed class MessageHistoryOnAzuriteTests : MessageHistoryTests
{
    private protected override Task<TestRelay> StartAsync() => TestRelay.OnAzuriteAsync();
}

public abstract class MessageHistoryTests
{
    private const string All = "fields=id,message_id,events{id,delivery_status,webhook_update_state,timestamp,application,webhook_uri,error_description}";

    private protected abstract Task<TestRelay> StartAsync();

    [Fact]
    public async Task What_became_of_messages_and_of_telling_them_is_shown()
    {
        await using TestRelay relay = await StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        HistoryPages pages = new(relay, business);
        using TestDevice device = await relay.DeviceAsync();
        string sent = await business.SendTextAsync(device.Number, "Hello");
        await relay.DrainAsync();
        MessageReceived shown = Assert.Single(await device.ReceiveAsync());
        Assert.Equal("Hello", shown.Text);
        receiver.Status = 500;
        await relay.DrainAsync();
        await device.Phone.MarkReadAsync(null, CancellationToken.None);
        await relay.DrainAsync();
        await device.SendAsync(business.Number, "Thanks");
        await relay.DrainAsync();

        string path = $"v23.0/{business.PhoneNumberId}/message_history";
        JsonElement page = await pages.GetAsync($"{path}?{All}");
        JsonElement[] entries = [.. page.GetProperty("data").EnumerateArray()];
        Assert.Equal(2, entries.Length);
        JsonElement own = Assert.Single(entries, entry => TestRelay.Text(entry, "message_id") == sent);
        Assert.Matches("^[1-9][0-9]{100,160}$", TestRelay.Text(own, "id"));
        JsonElement[] events = [.. own.GetProperty("events").GetProperty("data").EnumerateArray()];
        Assert.Equal(["SENT DELIVERED", "DELIVERED RETRYING", "READ RETRYING"], events.Select(Summary));
        Assert.All(events, one =>
        {
            Assert.Equal(receiver.Callback.AbsoluteUri, TestRelay.Text(one, "webhook_uri"));
            Assert.Matches("^[0-9]{5,}$", TestRelay.Text(one, "id"));
            Assert.True(long.Abs(one.GetProperty("timestamp").GetInt64() - relay.Local.Options.Time.GetUtcNow().ToUnixTimeSeconds()) < 600);
            Assert.Matches("^[0-9]+$", TestRelay.Text(one.GetProperty("application"), "id"));
        });

        JsonElement users = entries.Single(entry => TestRelay.Text(entry, "message_id") != sent);
        Assert.Equal(["DELIVERED RETRYING"], users.GetProperty("events").GetProperty("data").EnumerateArray().Select(Summary));
        JsonElement alone = await pages.GetAsync($"{business.PhoneNumberId}/message_history?message_id={Uri.EscapeDataString(TestRelay.Text(users, "message_id"))}");
        Assert.Equal(["id", "message_id"], Assert.Single(alone.GetProperty("data").EnumerateArray()).EnumerateObject().Select(member => member.Name));
        Assert.Equal(TestRelay.Text(users, "id"), TestRelay.Text(alone.GetProperty("data")[0], "id"));
        await CheckEventsAsync(pages, TestRelay.Text(own, "id"));
        Assert.Empty(relay.Faults);
    }

    private static async Task CheckEventsAsync(HistoryPages pages, string id)
    {
        JsonElement all = await pages.GetAsync($"v23.0/{id}/events");
        JsonElement[] edges = [.. all.GetProperty("data").EnumerateArray()];
        Assert.Equal(["SENT", "DELIVERED", "READ"], edges.Select(edge => TestRelay.Text(edge.GetProperty("node"), "delivery_status")));
        Assert.All(edges, edge =>
        {
            Assert.Equal(["cursor", "node"], edge.EnumerateObject().Select(member => member.Name));
            Assert.Equal(["id", "delivery_status", "occurrence_timestamp"], edge.GetProperty("node").EnumerateObject().Select(member => member.Name));
        });
        Assert.False(all.GetProperty("paging").TryGetProperty("next", out _));

        JsonElement first = await pages.GetAsync($"{id}/events?limit=1");
        string next = TestRelay.Text(first.GetProperty("paging"), "next");
        JsonElement second = await pages.GetAsync(new Uri(next).PathAndQuery[1..]);
        Assert.Equal(TestRelay.Text(edges[1], "cursor"), TestRelay.Text(second.GetProperty("data")[0], "cursor"));
        JsonElement back = await pages.GetAsync(new Uri(TestRelay.Text(second.GetProperty("paging"), "previous")).PathAndQuery[1..]);
        Assert.Equal(TestRelay.Text(edges[0], "cursor"), TestRelay.Text(Assert.Single(back.GetProperty("data").EnumerateArray()), "cursor"));

        JsonElement read = await pages.GetAsync($"{id}/events?status_filter=READ&fields=node{{delivery_status,status_timestamp}}");
        JsonElement only = Assert.Single(read.GetProperty("data").EnumerateArray());
        Assert.Equal("READ", TestRelay.Text(only.GetProperty("node"), "delivery_status"));
        Assert.False(only.TryGetProperty("cursor", out _));
        Assert.Empty((await pages.GetAsync($"{id}/events?status_filter=DELETED")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Paging_meets_everything_once_while_messages_arrive()
    {
        await using TestRelay relay = await StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness other = await relay.BusinessAsync(null);
        HistoryPages pages = new(relay, business);
        string second = await SecondNumberAsync(relay, business);
        List<string> there = [];
        ConversationKey[] conversations = [.. Enumerable.Range(0, 60).Select(_ => pages.NewConversation())];
        foreach (ConversationKey key in conversations)
        {
            there.AddRange(await pages.PutAsync(key, own: 3, users: 3));
        }

        IReadOnlyList<string> ofSecond = await pages.PutAsync(pages.NewConversation(), 5, 2, second);
        await new HistoryPages(relay, other).PutAsync(new HistoryPages(relay, other).NewConversation(), 4, 4);

        int added = 0;
        IReadOnlyList<string> met = await pages.WalkAsync($"v23.0/{business.PhoneNumberId}/message_history?limit=17&fields=message_id,events{{delivery_status}}", async () =>
        {
            await pages.PutAsync(added % 2 == 0 ? pages.NewConversation() : conversations[added % 60], 1, 1);
            added++;
        });

        Assert.Equal(met.Count, met.Distinct().Count());
        Assert.Empty(there.Except(met));
        Assert.InRange(added, 360 / 17, 100);
        Assert.Equal(ofSecond.Order(), (await pages.WalkAsync($"{second}/message_history?limit=2")).Order());
        Assert.Equal(met.Count + (2 * added) - (met.Count - there.Count), (await pages.WalkAsync($"{business.PhoneNumberId}/message_history?limit=100")).Count);
    }

    [Fact]
    public async Task Going_back_meets_the_same_pages_in_reverse()
    {
        await using TestRelay relay = await StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        HistoryPages pages = new(relay, business);
        for (int i = 0; i < 25; i++)
        {
            await pages.PutAsync(pages.NewConversation(), own: i % 4, users: i % 3);
        }

        string path = $"v23.0/{business.PhoneNumberId}/message_history?limit=7";
        IReadOnlyList<IReadOnlyList<string>> forth = await pages.PagesAsync(path, "next");
        Assert.Equal(60, forth.Sum(page => page.Count));
        string last = TestRelay.Text(pages.Last.GetProperty("paging").GetProperty("cursors"), "before");
        IReadOnlyList<IReadOnlyList<string>> back = await pages.PagesAsync($"{path}&before={last}", "previous");
        Assert.Equal(forth.Take(forth.Count - 1).Reverse(), back);
        Assert.Equal(forth[1], (await pages.PagesAsync($"{path}&after={TestRelay.Text(pages.Last.GetProperty("paging").GetProperty("cursors"), "after")}", "none"))[0]);
    }

    private static async Task<string> SecondNumberAsync(TestRelay relay, TestBusiness business) => TestRelay.Text(
        await relay.AdminAsync(HttpMethod.Post, $"businesses/{business.Id}/phone_numbers", new { phone_number = TestRelay.RandomNumber(), verified_name = "Second" }), "id");

    private static string Summary(JsonElement one) => $"{TestRelay.Text(one, "delivery_status")} {TestRelay.Text(one, "webhook_update_state")}";
}
