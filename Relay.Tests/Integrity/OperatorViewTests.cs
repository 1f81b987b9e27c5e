using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Tallies;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Administration;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>What an operator sees of a business in counts, and how it is stopped and let go, over HTTP.</summary>
public sealed class OperatorViewTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task The_operator_sees_counts_and_ratios_of_what_a_business_sent()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        IServiceProvider services = world.Running.Local.Services;
        await services.GetRequiredService<TallyStore>().CloseDayAsync(business.Id, Yesterday(world), None);
        using TestDevice user = await world.Running.DeviceAsync();
        using TestDevice other = await world.Running.DeviceAsync();
        await user.SendAsync(business.Number, "hello");
        await world.Running.DrainAsync();
        foreach (string to in new[] { user.Number, other.Number, other.Number, TestRelay.RandomNumber() })
        {
            await business.SendTextAsync(to, "hello");
        }

        await world.Running.DrainAsync();
        await services.GetRequiredService<CountTraffic>().FlushAsync(None);

        JsonElement seen = (await world.DoAsync(HttpMethod.Get, $"businesses/{business.Id}/integrity")).Json;
        Assert.Equal(("TIER_250", "UNKNOWN", false, false), (TestRelay.Text(seen, "tier"), TestRelay.Text(seen, "quality"), seen.GetProperty("restricted").GetBoolean(), seen.GetProperty("tier_fixed").GetBoolean()));
        Assert.Equal((1, 3, 2), (Number(seen, "used"), Number(seen, "sent_this_hour"), Number(seen, "usual_per_hour")));
        Assert.Equal(1.5, seen.GetProperty("burst").GetDouble());
        JsonElement[] days = [.. seen.GetProperty("data").EnumerateArray()];
        Assert.Equal(["20260302", "20260301"], days.Select(day => TestRelay.Text(day, "day")));
        Assert.Equal((2, 1, 3, 2, 1), (Number(days[0], "messaged"), Number(days[0], "served"), Number(days[0], "sent"), Number(days[0], "initiated"), Number(days[0], "undeliverable")));
        Assert.Equal((4, 1, 2), (Number(days[1], "messaged"), Number(days[1], "served"), Number(days[1], "complained")));
        Assert.Equal(Math.Round(2 / 6.0, 3), seen.GetProperty("reply_ratio").GetDouble());
        Assert.Equal(0.1, seen.GetProperty("undeliverable_ratio").GetDouble());
        Assert.Equal(Math.Round((Number(days[0], "first") + Number(days[1], "first")) / 8.0, 3), seen.GetProperty("new_recipient_ratio").GetDouble());
        Assert.Contains(("integrity.show", "admin"), await world.AuditAsync(business.Id));
    }

    [Fact]
    public async Task A_business_is_restricted_and_let_go_and_the_audit_says_by_whom()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        using TestDevice stranger = await world.Running.DeviceAsync();
        string path = $"businesses/{business.Id}/integrity";
        JsonElement set = (await world.DoAsync(HttpMethod.Put, path, new { restricted = true })).Json;
        Assert.True(set.GetProperty("restricted").GetBoolean());
        Assert.Equal(world.Time.GetUtcNow().ToUnixTimeSeconds(), set.GetProperty("set_at").GetInt64());
        world.Time.Advance(TimeSpan.FromSeconds(31));
        await business.SendTextAsync(stranger.Number, "an approach");
        await world.Running.DrainAsync();
        Assert.Empty(await stranger.ReceiveAsync());

        await world.DoAsync(HttpMethod.Put, path, new { restricted = false });
        world.Time.Advance(TimeSpan.FromSeconds(31));
        await business.SendTextAsync(stranger.Number, "another");
        await world.Running.DrainAsync();
        Assert.Equal("another", Assert.Single(await stranger.ReceiveAsync()).Text);
        Assert.Equal(2, (await world.AuditAsync(business.Id)).Count(entry => entry == ("integrity.set", "admin")));
    }

    [Fact]
    public async Task A_tier_that_an_operator_set_stays_until_the_rules_may_move_it_again()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        string path = $"businesses/{business.Id}/integrity";
        JsonElement set = (await world.DoAsync(HttpMethod.Put, path, new { tier = "TIER_10K" })).Json;
        Assert.Equal(("TIER_10K", true), (TestRelay.Text(set, "tier"), set.GetProperty("tier_fixed").GetBoolean()));
        Assert.False((await world.DoAsync(HttpMethod.Put, path, new { tier_fixed = false })).Json.GetProperty("tier_fixed").GetBoolean());
        Assert.Equal(["131009", "131009"], [(await world.CallAsync(HttpMethod.Put, path, new { tier = "TIER_1" })).Error, (await world.CallAsync(HttpMethod.Put, path, new { })).Error]);
        Assert.Equal("TIER_10K", TestRelay.Text((await world.DoAsync(HttpMethod.Get, path)).Json, "tier"));
    }

    [Fact]
    public async Task How_all_businesses_stand_is_listed_by_pages()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        Assert.Empty((await world.DoAsync(HttpMethod.Get, "integrity")).Json.GetProperty("data").EnumerateArray());
        List<string> businesses = [];
        for (int i = 0; i < 3; i++)
        {
            businesses.Add(await world.BusinessAsync());
            await world.DoAsync(HttpMethod.Put, $"businesses/{businesses[i]}/integrity", new { restricted = i == 1, tier = "TIER_2K" });
        }

        JsonElement first = (await world.DoAsync(HttpMethod.Get, "integrity?limit=2")).Json;
        JsonElement second = (await world.DoAsync(HttpMethod.Get, $"integrity?limit=2&after={TestRelay.Text(first, "next")}")).Json;
        Assert.False(second.TryGetProperty("next", out _));
        JsonElement[] listed = [.. first.GetProperty("data").EnumerateArray(), .. second.GetProperty("data").EnumerateArray()];
        Assert.Equal(businesses.Order(StringComparer.Ordinal), listed.Select(one => TestRelay.Text(one, "id")));
        Assert.Equal([businesses[1]], listed.Where(one => one.GetProperty("restricted").GetBoolean()).Select(one => TestRelay.Text(one, "id")));
        Assert.All(listed, one => Assert.Equal(("TIER_2K", true, "UNKNOWN"), (TestRelay.Text(one, "tier"), one.GetProperty("tier_fixed").GetBoolean(), TestRelay.Text(one, "quality"))));
        Assert.Equal(["100", "100", "100"], [(await world.GetAsync("integrity?limit=0")).Error, (await world.GetAsync("integrity?limit=101")).Error, (await world.GetAsync("integrity?after=%2F")).Error]);
        (_, string key) = await world.PersonAsync(new { role = "ADMIN", business_id = businesses[0] });
        Assert.Equal("200", (await world.GetAsync("integrity", key)).Error);
    }

    [Fact]
    public async Task The_list_leaves_out_who_is_closed_and_a_row_that_is_none_of_ours()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        string[] businesses = [await world.BusinessAsync(), await world.BusinessAsync(), await world.BusinessAsync()];
        foreach (string business in businesses)
        {
            await world.DoAsync(HttpMethod.Put, $"businesses/{business}/integrity", new { tier = "TIER_2K" });
        }

        TableWrite broken = TableWrite.Upsert("standing", new Dictionary<string, object> { ["tier"] = "TIER_OF_ANOTHER_VERSION" });
        await world.Running.Local.Services.GetRequiredService<TransportStorage>().Tables.CommitAsync(TableNames.Signals, businesses[0], [broken], None);
        await world.DoAsync(HttpMethod.Delete, $"businesses/{businesses[1]}");
        JsonElement listed = (await world.DoAsync(HttpMethod.Get, "integrity")).Json.GetProperty("data");
        Assert.Equal([businesses[2]], listed.EnumerateArray().Select(one => TestRelay.Text(one, "id")));
    }

    [Theory]
    [InlineData("all", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-service", false)]
    [InlineData("a/b", false)]
    [InlineData("All", true)]
    [InlineData("102", true)]
    public void A_label_is_no_partition_of_the_transports_own(string? label, bool isOne) => Assert.Equal(isOne, BusinessLabel.IsOne(label));

    /// <summary>A restriction is the operator's: the business's own administrators see it and can't lift it.</summary>
    [Fact]
    public async Task An_administrator_of_the_business_can_not_lift_its_restriction()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        string path = $"businesses/{business.Id}/integrity";
        await world.DoAsync(HttpMethod.Put, path, new { restricted = true });
        (_, string key) = await world.PersonAsync(new { role = "ADMIN", business_id = business.Id });
        Assert.Equal("200", (await world.CallAsync(HttpMethod.Put, path, new { restricted = false }, key)).Error);
        Assert.True((await world.GetAsync(path, key)).Json.GetProperty("restricted").GetBoolean());
    }

    [Fact]
    public async Task A_change_that_was_signed_before_the_last_one_or_by_nobody_changes_nothing()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        RoleKeys keys = new(world.Running.Local.Options.OperatorKey);
        RoleSigner late = new(keys, world.Time);
        TransportClient client = new(world.Running.Http, world.Running.BaseAddress);
        SetStandingRequest restrict = new(business.Id) { Restricted = true };
        SetStandingRequest lift = new(business.Id) { Restricted = false };
        RoleSigner early = new(keys, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(world.Time.GetUtcNow().AddMinutes(-1)));

        Assert.True((await client.SetStandingAsync(late, restrict, None)).Value!.Standing.Restricted);
        Assert.Equal(TransportErrorCode.Unauthorized, (await client.SetStandingAsync(early, lift, None)).Failure?.Code);
        Assert.Equal(TransportErrorCode.Unauthorized, (await client.SetStandingAsync(new RoleSigner(new RoleKeys(new Secret("another")), world.Time), lift, None)).Failure?.Code);

        // The key that the relay has registers numbers and lifts nothing.
        RoleSigner relays = new(new RoleKeys(world.Running.Local.Options.RegistrationKey), world.Time);
        Assert.Equal(TransportErrorCode.Unauthorized, (await client.SetStandingAsync(relays, lift, None)).Failure?.Code);
        Assert.Equal(TransportErrorCode.Unauthorized, (await client.ShowSignalsAsync(relays, business.Id, None)).Failure?.Code);
        Assert.True((await client.ShowSignalsAsync(late, business.Id, None)).Value!.Standing.Restricted);
        Assert.Equal(TransportErrorCode.Unauthorized, (await client.ShowSignalsAsync(new RoleSigner(new RoleKeys(new Secret("another")), world.Time), business.Id, None)).Failure?.Code);
        using StringContent body = new($$"""{"business":"{{business.Id}}"}""", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Running.Http.PostAsync(new Uri(world.Running.BaseAddress, "transport/v1/operator/signals"), body)).StatusCode);
        Assert.Equal(TransportErrorCode.BadRequest, (await client.ShowSignalsAsync(late, "no label", None)).Failure?.Code);

        // The process that remembers the nonce is another one: the time of the last change stands in the row.
        SetStandingRequest again = new(business.Id) { Restricted = false };
        SetStanding direct = world.Running.Local.Services.GetRequiredService<SetStanding>();
        DateTimeOffset signed = world.Time.GetUtcNow().AddSeconds(1);
        Assert.True((await direct.ExecuteAsync(again, signed, None)).IsSuccess);
        Assert.Equal(TransportErrorCode.Unauthorized, (await direct.ExecuteAsync(restrict, signed, None)).Failure?.Code);
    }

    private static DaySignals Yesterday(AdminWorld world)
    {
        DayTally tally = new();
        for (int sent = 0; sent < 6; sent++)
        {
            tally.AddSent(hour: 8 + (sent / 2), isInitiated: true, isFirst: sent < 4);
        }

        return new DaySignals(UtcDay.Today(world.Time).AddDays(-1), tally, Messaged: 4, Served: 1, Complained: 2);
    }

    private static long Number(JsonElement element, string member) => element.GetProperty(member).GetInt64();
}
