using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Phone;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Administration;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>Real devices show the operator what a business said; the operator reads exactly that, nobody else does, and nothing of it says who reported. Over HTTP.</summary>
public sealed class ReportReviewTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task The_operator_reads_exactly_what_users_showed_and_nothing_of_who_they_are()
    {
        await using AdminWorld world = await StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        using TestDevice anna = await world.Running.DeviceAsync();
        using TestDevice berta = await world.Running.DeviceAsync();
        await ShowAsync(world, business, anna, "buy this");
        await ShowAsync(world, business, berta, "buy that");
        AdminAnswer answer = await world.DoAsync(HttpMethod.Get, Path(business));
        JsonElement[] reports = Data(answer);
        Assert.Equal(["buy that", "buy this"], reports.Select(Read).Order(StringComparer.Ordinal));
        Assert.All(reports, report => Assert.Equal(["day", "id", "sealed_content"], report.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)));
        Assert.All(reports, report => Assert.Equal("20260302", TestRelay.Text(report, "day")));
        Assert.All([anna.Digits, berta.Digits, "buy"], text => Assert.DoesNotContain(text, answer.Body, StringComparison.Ordinal));
        Assert.Contains(("report.list", "admin"), await world.AuditAsync(business.Id));
        Assert.Equal("message_content", Entry(await world.GetAsync($"businesses/{business.Id}/audit?limit=1000"), "report.list").GetProperty("data").GetString());

        AdminAnswer first = await world.DoAsync(HttpMethod.Get, Path(business) + "?limit=1");
        AdminAnswer second = await world.DoAsync(HttpMethod.Get, $"{Path(business)}?limit=1&after={first.Text("next")}");
        Assert.Equal(reports.Select(Read), [Read(Assert.Single(Data(first))), Read(Assert.Single(Data(second)))]);
        Assert.False(second.Json.TryGetProperty("next", out _));
        Assert.Equal(["100", "100"], [(await world.GetAsync(Path(business) + "?after=x")).Error, (await world.GetAsync(Path(business) + "?limit=101")).Error]);

        string id = TestRelay.Text(reports[0], "id");
        await world.DoAsync(HttpMethod.Delete, $"{Path(business)}/{id}");
        await world.DoAsync(HttpMethod.Delete, $"{Path(business)}/{id}");
        Assert.Equal(Read(reports[1]), Read(Assert.Single(Data(await world.DoAsync(HttpMethod.Get, Path(business))))));
        Assert.Equal(2, (await world.AuditAsync("0")).Count(entry => entry == ("report.close", "admin")));
        Assert.DoesNotContain(await world.AuditAsync(business.Id), entry => entry.Operation.StartsWith("report.close", StringComparison.Ordinal));
        Assert.Equal(["100/33", "100/33"], [
            (await world.CallAsync(HttpMethod.Delete, $"{Path(business)}/20260301-{new string('0', 32)}")).Error, (await world.CallAsync(HttpMethod.Delete, Path(business) + "/closed-20260302")).Error]);
        Assert.Empty(world.Running.Faults);
    }

    /// <summary>The audit first: when it can't be written, nothing is given out.</summary>
    [Fact]
    public async Task Nothing_is_given_out_that_the_audit_does_not_say()
    {
        FaultPlan plan = new(call => call.Target == TableNames.Audit ? Fault.RequestLost : null) { IsOver = true };
        FakeTimeProvider clock = AdminWorld.Clock();
        RelayStorage storage = new(new FaultyTableStore(new MemoryTableStore(), plan, "relay"), new MemoryQueueStore(clock), new MemoryBlobStore());
        await using AdminWorld world = await StartAsync(new LocalRelayOptions { RelayStorage = storage }, clock);
        TestBusiness business = await world.Running.BusinessAsync(null);
        using TestDevice anna = await world.Running.DeviceAsync();
        await ShowAsync(world, business, anna, "buy this");
        Assert.Single(Data(await world.DoAsync(HttpMethod.Get, Path(business))));
        plan.IsOver = false;
        AdminAnswer refused = await world.GetAsync(Path(business));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.DoesNotContain("sealed_content", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_reads_them_but_an_administrator_of_all_businesses()
    {
        await using AdminWorld world = await StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        using TestDevice anna = await world.Running.DeviceAsync();
        await ShowAsync(world, business, anna, "buy this");
        string id = TestRelay.Text(Assert.Single(Data(await world.DoAsync(HttpMethod.Get, Path(business)))), "id");
        object[][] others = [[new { role = "ADMIN", business_id = business.Id }], [new { role = "DEVELOPER" }], [new { role = "ANALYST" }], [new { role = "BILLING" }]];
        foreach (object[] roles in others)
        {
            (_, string key) = await world.PersonAsync(roles);
            Assert.Equal(["200", "200", "200"], [
                (await world.GetAsync(Path(business), key)).Error, (await world.CallAsync(HttpMethod.Delete, $"{Path(business)}/{id}", null, key)).Error,
                (await world.CallAsync(HttpMethod.Put, "report_key", new { public_key = "" }, key)).Error]);
        }

        Assert.Equal("190", (await world.GetAsync(Path(business), business.AccessToken)).Error);
        (_, string admin) = await world.PersonAsync(new { role = "ADMIN" });
        Assert.Equal("buy this", Read(Assert.Single(Data(await world.GetAsync(Path(business), admin)))));

        using StringContent body = new($$"""{"business":"{{business.Id}}"}""", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Running.Http.PostAsync(new Uri(world.Running.BaseAddress, "transport/v1/operator/reports"), body)).StatusCode);
        RoleSigner another = new(new RoleKeys(new Secret("another")), world.Time);
        TransportClient client = new(world.Running.Http, world.Running.BaseAddress);
        string?[] codes =
        [
            (await client.ListReportsAsync(another, new ListReportsRequest(business.Id), None)).Code, (await client.CloseReportAsync(another, new CloseReportRequest(business.Id, id), None)).Code,
            (await client.SetReportKeyAsync(another, [], None)).Code, (await client.EndBusinessAsync(another, business.Id, None)).Code,
        ];
        Assert.All(codes, code => Assert.Equal(TransportErrorCode.Unauthorized, code));
    }

    [Fact]
    public async Task Another_business_has_none_of_them_and_can_close_none()
    {
        await using AdminWorld world = await StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        TestBusiness other = await world.Running.BusinessAsync(null);
        using TestDevice anna = await world.Running.DeviceAsync();
        await ShowAsync(world, business, anna, "buy this");
        string id = TestRelay.Text(Assert.Single(Data(await world.DoAsync(HttpMethod.Get, Path(business)))), "id");
        Assert.Empty(Data(await world.DoAsync(HttpMethod.Get, Path(other))));
        Assert.Equal("100/33", (await world.CallAsync(HttpMethod.Delete, $"{Path(other)}/{id}")).Error);
        Assert.Single(Data(await world.DoAsync(HttpMethod.Get, Path(business))));
    }

    [Fact]
    public async Task They_end_with_their_days_and_with_their_business()
    {
        await using AdminWorld world = await StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        TestBusiness other = await world.Running.BusinessAsync(null);
        using TestDevice anna = await world.Running.DeviceAsync();
        await ShowAsync(world, business, anna, "buy this");
        await ShowAsync(world, other, anna, "and that");
        TransportStorage storage = world.Running.Local.Services.GetRequiredService<TransportStorage>();
        await world.DoAsync(HttpMethod.Delete, $"businesses/{other.Id}");
        Assert.Equal(["closed-20260302"], (await RowsAsync(storage, other)).Select(row => row.RowKey));
        Assert.Single(await RowsAsync(storage, business));

        world.Time.Advance(TimeSpan.FromDays(29));
        Assert.Empty(Data(await world.DoAsync(HttpMethod.Get, Path(business))));
        await world.Running.Local.InvokeTimerAsync("TransportRateBusinesses", None);
        Assert.Empty(await RowsAsync(storage, business));
        Assert.Empty(await RowsAsync(storage, other));
    }

    [Fact]
    public async Task A_transport_that_can_not_end_them_holds_no_closing_up_and_they_end_with_their_days()
    {
        FaultPlan plan = new(call => call.Target == TableNames.ReportInbox ? Fault.RequestLost : null) { IsOver = true };
        FakeTimeProvider clock = AdminWorld.Clock();
        TransportStorage storage = new(new FaultyTableStore(new MemoryTableStore(), plan, "transport"), new MemoryQueueStore(clock), new MemoryBlobStore());
        await using AdminWorld world = await StartAsync(new LocalRelayOptions { TransportStorage = storage }, clock);
        TestBusiness business = await world.Running.BusinessAsync(null);
        using TestDevice anna = await world.Running.DeviceAsync();
        await ShowAsync(world, business, anna, "buy this");
        plan.IsOver = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await world.GetAsync(Path(business))).Status);
        await world.DoAsync(HttpMethod.Delete, $"businesses/{business.Id}");
        Assert.Contains(world.Running.Log.Lines, line => line.Text.Contains("could not be told that a business is closed", StringComparison.Ordinal));
        plan.IsOver = true;
        Assert.Single(await RowsAsync(storage, business));
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.Running.Local.InvokeTimerAsync("TransportRateBusinesses", None);
        Assert.Empty(await RowsAsync(storage, business));
    }

    /// <summary>The closing itself fails: the business is still there with all that it has at the transport, and the call is repeated.</summary>
    [Fact]
    public async Task A_closing_that_fails_ends_nothing_and_repeated_leaves_none_of_them()
    {
        FaultPlan plan = new(call => call.Target == QueueNames.Erasures ? Fault.RequestLost : null) { IsOver = true };
        FakeTimeProvider clock = AdminWorld.Clock();
        RelayStorage relay = new(new MemoryTableStore(), new FaultyQueueStore(new MemoryQueueStore(clock), plan, "relay"), new MemoryBlobStore());
        await using AdminWorld world = await StartAsync(new LocalRelayOptions { RelayStorage = relay }, clock);
        TestBusiness business = await world.Running.BusinessAsync(null);
        using TestDevice anna = await world.Running.DeviceAsync();
        await ShowAsync(world, business, anna, "buy this");
        plan.IsOver = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await world.CallAsync(HttpMethod.Delete, $"businesses/{business.Id}")).Status);
        plan.IsOver = true;
        Assert.Single(Data(await world.DoAsync(HttpMethod.Get, Path(business))));
        await world.DoAsync(HttpMethod.Delete, $"businesses/{business.Id}");
        Assert.Equal(["closed-20260302"], (await RowsAsync(world.Running.Local.Services.GetRequiredService<TransportStorage>(), business)).Select(row => row.RowKey));
    }

    [Fact]
    public async Task A_user_can_show_nothing_where_the_operator_takes_nothing_and_reports_without()
    {
        await using AdminWorld world = await StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        using TestDevice anna = await world.Running.DeviceAsync();
        Assert.Equal(["131009", "131009", "131009"], [
            (await world.CallAsync(HttpMethod.Put, "report_key", new { })).Error, (await world.CallAsync(HttpMethod.Put, "report_key", new { public_key = "AAAA" })).Error,
            (await world.CallAsync(HttpMethod.Put, "report_key", new { public_key = new string('A', 500) })).Error]);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.DoAsync(HttpMethod.Put, "report_key", new { public_key = "" });
        await Assert.ThrowsAsync<PhoneException>(() => ShowAsync(world, business, anna, "buy this"));
        Assert.True(await anna.Phone.ReportAsync(TestDevice.Of(business.Number), null, withContent: false, None));
        Assert.Empty(Data(await world.DoAsync(HttpMethod.Get, Path(business))));
        string[] audit = [.. (await world.AuditAsync("0")).Select(entry => entry.Operation)];
        Assert.Equal((5, 3), (audit.Count(operation => operation == "report_key.set"), audit.Count(operation => operation == "report_key.set.refused")));
    }

    private static async Task<AdminWorld> StartAsync(LocalRelayOptions? options = null, FakeTimeProvider? clock = null)
    {
        AdminWorld world = await AdminWorld.StartAsync(options, clock);
        await world.DoAsync(HttpMethod.Put, "report_key", new { public_key = Convert.ToBase64String(Reporting.PublicKey) });
        return world;
    }

    /// <summary>Messages the user, who reports it and shows what it said.</summary>
    private static async Task ShowAsync(AdminWorld world, TestBusiness business, TestDevice user, string text)
    {
        await business.SendTextAsync(user.Number, text);
        await world.Running.DrainAsync();
        Assert.Equal(text, Assert.Single(await user.ReceiveAsync()).Text);
        Assert.True(await user.Phone.ReportAsync(TestDevice.Of(business.Number), null, withContent: true, None));
    }

    private static string Path(TestBusiness business) => $"businesses/{business.Id}/reports";

    private static JsonElement[] Data(AdminAnswer answer) => [.. answer.Json.GetProperty("data").EnumerateArray()];

    private static string? Read(JsonElement report) => Reporting.Open(report.GetProperty("sealed_content").GetBytesFromBase64());

    private static JsonElement Entry(AdminAnswer audit, string operation) => Data(audit).Select(line => line.GetProperty("entry")).First(entry => TestRelay.Text(entry, "operation") == operation);

    private static async Task<List<TableRow>> RowsAsync(TransportStorage storage, TestBusiness business) =>
        await storage.Tables.QueryAsync(TableNames.ReportInbox, TableRange.Partition(business.Id, 10), None).ToListAsync(None);
}
