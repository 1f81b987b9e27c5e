using System.Text.Json;
using Relay.Shared.Conversations;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.History;

/// <summary>What the history refuses: anybody else's numbers, ids and cursors exactly as unknown ones, and what it doesn't understand by name.</summary>
public sealed class HistoryRefusalTests : IAsyncLifetime
{
    private TestRelay _relay = null!;
    private TestBusiness _business = null!;
    private TestBusiness _other = null!;
    private HistoryPages _pages = null!;
    private IReadOnlyList<string> _wamids = [];
    private IReadOnlyList<string> _otherWamids = [];

    public async Task InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _business = await _relay.BusinessAsync(null);
        _other = await _relay.BusinessAsync(null);
        _pages = new HistoryPages(_relay, _business);
        HistoryPages others = new(_relay, _other);
        _wamids = await _pages.PutAsync(_pages.NewConversation(), 3, 2);
        _otherWamids = await others.PutAsync(others.NewConversation(), 3, 2);
    }

    public Task DisposeAsync() => _relay.DisposeAsync().AsTask();

    [Fact]
    public async Task Another_business_sees_what_an_unknown_number_shows()
    {
        string id = TestRelay.Text((await _pages.GetAsync($"{_business.PhoneNumberId}/message_history")).GetProperty("data")[0], "id");
        string[] answers =
        [
            await RefusedAsync(_other, $"v23.0/{_business.PhoneNumberId}/message_history", 100, 33),
            await RefusedAsync(_other, "v23.0/123456/message_history", 100, 33),
            await RefusedAsync(_other, $"v23.0/{_other.PhoneNumberId}/message_history?message_id={Uri.EscapeDataString(_wamids[0])}", 100, 33),
            await RefusedAsync(_other, $"v23.0/{_other.PhoneNumberId}/message_history?message_id=wamid.AAAA", 100, 33),
            await RefusedAsync(_other, $"v23.0/{id}/events", 100, 33),
            await RefusedAsync(_other, $"v23.0/{_business.PhoneNumberId}/events", 100, 33),
            await RefusedAsync(_other, $"{id[..^1]}{(id[^1] == '1' ? '2' : '1')}/events", 100, 33),
        ];
        Assert.Single(answers.Distinct());
        Assert.Equal(5, (await _pages.GetAsync($"{_business.PhoneNumberId}/message_history")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Cursors_of_another_number_business_or_request_and_forged_ones_are_refused()
    {
        string path = $"{_business.PhoneNumberId}/message_history?limit=2";
        JsonElement page = await _pages.GetAsync(path);
        string cursor = TestRelay.Text(page.GetProperty("paging").GetProperty("cursors"), "after");
        string second = TestRelay.Text(
            await _relay.AdminAsync(HttpMethod.Post, $"businesses/{_business.Id}/phone_numbers", new { phone_number = TestRelay.RandomNumber(), verified_name = "Second" }), "id");
        string id = TestRelay.Text(page.GetProperty("data")[0], "id");
        Assert.Equal(2, (await _pages.GetAsync($"{path}&after={cursor}")).GetProperty("data").GetArrayLength());

        await RefusedAsync(_business, $"{second}/message_history?after={cursor}", 100);
        await RefusedAsync(_other, $"{_other.PhoneNumberId}/message_history?after={cursor}", 100);
        await RefusedAsync(_business, $"{id}/events?after={cursor}", 100);
        await RefusedAsync(_business, $"{id}/events?before={cursor}", 100);
        await RefusedAsync(_business, $"{path}&after={cursor[..^2]}", 100);
        await RefusedAsync(_business, $"{path}&after={(cursor[20] == 'A' ? cursor[..20] + "B" : cursor[..20] + "A") + cursor[21..]}", 100);
        await RefusedAsync(_business, $"{path}&after=MAZDZD", 100);
        await RefusedAsync(_business, $"{path}&after=%00%ff", 100);
        await RefusedAsync(_business, $"{path}&after={cursor}&before={cursor}", 100);
        JsonElement events = await _pages.GetAsync($"{id}/events");
        string ofEvents = TestRelay.Text(events.GetProperty("paging").GetProperty("cursors"), "after");
        await RefusedAsync(_business, $"{path}&after={ofEvents}", 100);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("limit=5&limit=6")]
    [InlineData("fields=id,secrets")]
    [InlineData("fields=id,,message_id")]
    [InlineData("fields=events{id")]
    [InlineData("fields=id{id}")]
    [InlineData("fields=events{}")]
    [InlineData("fields=events{application{name}}")]
    public Task What_it_does_not_understand_is_refused(string query) => RefusedAsync(_business, $"{_business.PhoneNumberId}/message_history?{query}", 100);

    [Theory]
    [InlineData("status_filter=sent")]
    [InlineData("status_filter=ACCEPTED")]
    [InlineData("fields=node{secret}")]
    [InlineData("limit=1000")]
    public async Task Of_events_too(string query)
    {
        string id = TestRelay.Text((await _pages.GetAsync($"{_business.PhoneNumberId}/message_history")).GetProperty("data")[0], "id");
        await RefusedAsync(_business, $"{id}/events?{query}", 100);
    }

    [Fact]
    public async Task Ids_and_cursors_tell_nothing_and_lead_nowhere_else()
    {
        JsonElement page = await _pages.GetAsync($"{_business.PhoneNumberId}/message_history?limit=1");
        string id = TestRelay.Text(page.GetProperty("data")[0], "id");
        Assert.DoesNotContain(_business.PhoneNumberId, id, StringComparison.Ordinal);
        Assert.DoesNotContain("access_token", page.ToString(), StringComparison.Ordinal);
        string marks = $"{{\"messaging_product\":\"whatsapp\",\"status\":\"read\",\"message_id\":\"wamid.{id}\"}}";
        await HistoryPages.RefusedAsync(_business.PostAsync(marks), 131009);
        await RefusedAsync(_business, $"0{id}/events", 100, 33);
        Assert.NotEmpty(_otherWamids);
    }

    [Fact]
    public async Task Rows_of_an_earlier_version_are_found_by_their_session()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        HistoryPages pages = new(world.Running, world.Business);
        IReadOnlyList<string> before = await pages.WalkAsync($"{world.Business.PhoneNumberId}/message_history");
        Assert.Equal(2, before.Count);
        foreach (Relay.Shared.Storage.TableRow row in world.Relay.Rows(Relay.Shared.Storage.TableNames.Expiry).ToList())
        {
            Assert.Equal(world.Business.PhoneNumberId, row.Get<string>("number"));
            await world.Relay.Tables.CommitAsync(
                Relay.Shared.Storage.TableNames.Expiry, row.PartitionKey, [Relay.Shared.Storage.TableWrite.Upsert(row.RowKey, new Dictionary<string, object>())], CancellationToken.None);
        }

        Assert.Equal(before, await pages.WalkAsync($"{world.Business.PhoneNumberId}/message_history?limit=1"));
        Assert.True(ConversationKey.TryParse(world.Relay.Rows(Relay.Shared.Storage.TableNames.Expiry).First().RowKey, out _));
    }

    private static Task<string> RefusedAsync(TestBusiness caller, string path, int code, int? subcode = null) =>
        HistoryPages.RefusedAsync(caller.GetAsync(path), code, subcode);
}
