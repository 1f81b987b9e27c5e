using System.Net;
using System.Text.Json;
using Relay.Shared.Administration;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Proof;

/// <summary>Every access has its entry before content is given out; each number is given once, whoever races and whatever is lost.</summary>
public sealed class RecordAccessTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly BusinessId Business = BusinessId.Parse(TestVault.Tenant);

    [Fact]
    public async Task Entries_of_many_callers_and_processes_make_one_chain()
    {
        TestVault vault = await TestVault.CreateAsync();
        RecordAccess[] processes = [.. Enumerable.Range(0, 4).Select(_ => new RecordAccess(new AuditStore(vault.Tables), vault.Time))];
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
            processes[i % 4].ExecuteAsync(Business, AccessActor.Of(AdminCaller.Operator), AccessOperation.ShowSafetyNumber, None)));
        await CheckAsync(vault, 60);
    }

    [Fact]
    public async Task A_business_has_its_own_chain()
    {
        TestVault vault = await TestVault.CreateAsync();
        RecordAccess record = new(new AuditStore(vault.Tables), vault.Time);
        await record.ExecuteAsync(Business, AccessActor.Of(AdminCaller.Operator), AccessOperation.ReplayWebhooks, None);
        await record.ExecuteAsync(BusinessId.Parse("1002"), AccessActor.Of(AdminCaller.Operator), AccessOperation.ReplayWebhooks, None);
        await CheckAsync(vault, 1);
    }

    /// <summary>One read and one commit an access.</summary>
    [Fact]
    public async Task An_access_costs_two_transactions()
    {
        TestVault vault = await TestVault.CreateAsync();
        RecordAccess record = new(new AuditStore(vault.Tables), vault.Time);
        await record.ExecuteAsync(Business, AccessActor.Of(AdminCaller.Operator), AccessOperation.ShowSafetyNumber, None);
        vault.Tables.Calls.Clear();
        await record.ExecuteAsync(Business, AccessActor.Of(AdminCaller.Operator), AccessOperation.ShowSafetyNumber, None);
        Assert.Equal(["GET audit", "COMMIT audit"], vault.Tables.Calls);
    }

    [Fact]
    public async Task Every_call_that_fails_leaves_a_chain_and_gives_out_nothing_without_an_entry()
    {
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            plan.IsOver = true;
            await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
            plan.IsOver = false;
            for (int i = 0; i < 3; i++)
            {
                int before = Entries(world).Count;
                bool shown = await TryShowAsync(world);
                Assert.True(!shown || Entries(world).Count > before, "Shown without an entry.");
                if (plan.IsAnyDead)
                {
                    await world.RestartAsync();
                }
            }

            plan.IsOver = true;
            await plan.LandLateAsync();
            Assert.True(await TryShowAsync(world));
            Assert.InRange(Entries(world).Count, 3, 4);
            CheckChain(world);
        });
        Assert.Superset(new HashSet<string> { "relay table:get audit", "relay table:commit audit" }, covered.ToHashSet());
    }

    [Fact]
    public async Task Without_an_audit_there_is_no_content()
    {
        bool isAway = false;
        FaultPlan plan = new(call => isAway && call.Target == TableNames.Audit ? Fault.RequestLost : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
        isAway = true;
        foreach ((HttpMethod method, string path, string body) in (IEnumerable<(HttpMethod, string, string)>)
        [
            (HttpMethod.Post, $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/safety_number", JsonSerializer.Serialize(new { user = world.Device.Number })),
            (HttpMethod.Post, $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/replay", JsonSerializer.Serialize(new { since = world.Time.GetUtcNow().ToUnixTimeSeconds() - 3_600 })),
            (HttpMethod.Get, $"relay/v1/contacts/{world.Device.Digits}/export", ""),
        ])
        {
            (HttpStatusCode status, JsonElement answer) = method == HttpMethod.Get ? await world.Business.GetAsync(path) : await world.Business.PostAsync(body, path: path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Equal(2, answer.GetProperty("error").GetProperty("code").GetInt32());
        }

        Assert.Empty(world.Relay.Queues.Everything());
        Assert.Empty(Entries(world));
    }

    [Fact]
    public async Task What_opens_content_stands_in_the_audit_and_names_nobody()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        Assert.True(await TryShowAsync(world));
        string path = $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/replay";
        Assert.Equal(HttpStatusCode.OK, (await world.Business.PostAsync(JsonSerializer.Serialize(new { message_id = world.InboundMessage }), path: path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await world.Business.GetAsync($"relay/v1/contacts/{world.Device.Digits}/export")).Status);

        AuditEntry[] entries = [.. Entries(world).Select(row => AuditEntry.Parse(row.Get<string>("statement"))!)];
        Assert.Equal(
            [("safety_number.show", "identity_key"), ("webhooks.replay", "message_content"), ("contact.export", "contact")],
            entries.Select(entry => (entry.Operation, entry.Data)));
        Assert.All(entries, entry => Assert.Equal($"token:{world.Business.TokenId}", entry.Who));
        Assert.All(entries, entry => Assert.Equal(world.Time.GetUtcNow().ToUnixTimeMilliseconds(), entry.At));
        string all = string.Concat(Entries(world).Select(row => row.Get<string>("statement")));
        Assert.DoesNotContain(world.Device.Digits, all, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Business.AccessToken, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_or_opens_nothing_leaves_no_entry()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string safety = $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/safety_number";
        await world.Business.PostAsync("""{"user":"x"}""", path: safety);
        await world.Business.PostAsync("""{"user":"+4915100000000"}""", path: safety);
        await world.Business.PostAsync(JsonSerializer.Serialize(new { user = world.Device.Number }), token: "x", path: safety);
        await world.Business.GetAsync($"v25.0/{world.Business.PhoneNumberId}/message_history?fields=events");
        await world.SendAsync("Hello");
        await world.UserSendsAsync("Hi");
        await world.CheckAsync();
        Assert.Empty(Entries(world));
    }

    private static async Task<bool> TryShowAsync(PairWorld world) => (await world.Business.PostAsync(
        JsonSerializer.Serialize(new { user = world.Device.Number }),
        path: $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/safety_number")).Status == HttpStatusCode.OK;

    private static List<TableRow> Entries(PairWorld world) =>
        [.. world.Relay.Rows(TableNames.Audit).Where(row => char.IsAsciiDigit(row.RowKey[0])).OrderBy(row => row.RowKey, StringComparer.Ordinal)];

    private static void CheckChain(PairWorld world)
    {
        AuditChain chain = new(world.Business.Id, world.Time.GetUtcNow());
        foreach (TableRow row in Entries(world))
        {
            Assert.Null(chain.Add(long.Parse(row.RowKey, null), AuditEntry.Parse(row.Get<string>("statement"))));
        }

        TableRow head = Assert.Single(world.Relay.Rows(TableNames.Audit), row => row.RowKey == "H");
        Assert.Null(chain.End(head.Get<long>("entries"), head.Get<string>("hash")));
    }

    private static async Task CheckAsync(TestVault vault, int count)
    {
        AuditStore audit = new(vault.Tables);
        AuditHead head = (await audit.FindHeadAsync(Business, None))!;
        AuditChain chain = new(Business.Value, vault.Time.GetUtcNow());
        Assert.All(await audit.ListAsync(Business, 1, AuditStore.MaxNumber, 1_000, None), stored => Assert.Null(chain.Add(stored.Row, stored.Entry)));
        Assert.Null(chain.End(head.Entries, head.Hash));
        Assert.Equal(count, chain.Last);
    }
}
