using System.Globalization;
using System.Net;
using System.Text.Json;
using Relay.Shared.Proof.Receipts;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Proof;

/// <summary>A day that is gone leaves one signed receipt with the right counts, wherever the timer dies.</summary>
public sealed class DayReceiptTests
{
    private const string Timer = "DeleteExpired";

    [Fact]
    public async Task A_day_that_is_gone_leaves_a_receipt_that_anyone_can_verify()
    {
        await using PairWorld world = await TalkAsync();
        string day = Day(world);
        int rows = Rows(world);
        TableRow key = world.Relay.Rows(TableNames.Dek).Single(row => row.RowKey == day && row.PartitionKey == world.Business.Id);
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync(Timer);

        JsonElement signed = Assert.Single((await ReadAsync(world)).EnumerateArray());
        JsonElement receipt = signed.GetProperty("receipt");
        long now = world.Time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(
            StatementTests.ByTheRule("relay/deletion-receipt/v1", JsonSerializer.SerializeToElement(new
            {
                began_at = now,
                business = world.Business.Id,
                conversations = 1,
                counts = "exact",
                day,
                id = day + "-retention",
                issue = 1,
                issued_at = now,
                kek = key.Get<string>("kek"),
                key = day,
                kind = "retention",
                remaining = 0,
                rows,
                wrapped_key_sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(key.Get<byte[]>("key"))),
            })),
            StatementTests.ByTheRule("relay/deletion-receipt/v1", receipt));
        await VerifyAsync(world, signed);
        string text = receipt.GetRawText();
        Assert.DoesNotContain(world.Device.Digits, text, StringComparison.Ordinal);

        string before = (await ReadAsync(world)).GetRawText();
        world.Time.Advance(TimeSpan.FromHours(1));
        await world.TimerAsync(Timer);
        Assert.Equal(before, (await ReadAsync(world)).GetRawText());
    }

    /// <summary>The expiry index is asked some 500 times for nothing: those calls are all alike, and not struck one by one.</summary>
    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.RequestLost)]
    [InlineData(Fault.ReplyLost)]
    [InlineData(Fault.LandsLate)]
    public async Task A_timer_that_meets_a_fault_anywhere_counts_nothing_twice_and_loses_nothing(Fault fault)
    {
        SortedSet<string> covered = new(StringComparer.Ordinal);
        for (int k = 0; ; k++)
        {
            int seen = 0;
            bool isTimer = false;
            FaultPlan plan = new(call => isTimer && call.Process == "relay" && call is not { Name: "table:query", Target: TableNames.Expiry } && seen++ == k ? fault : null);
            await using PairWorld world = await TalkAsync(plan);
            int rows = Rows(world);
            world.Time.Advance(TimeSpan.FromDays(29));
            isTimer = true;
            await world.TimerAsync(Timer);
            await plan.LandLateAsync();
            world.Time.Advance(TimeSpan.FromHours(1));
            await world.TimerAsync(Timer);
            isTimer = false;

            JsonElement signed = Assert.Single((await ReadAsync(world)).EnumerateArray());
            JsonElement receipt = signed.GetProperty("receipt");
            string struck = $"{fault} at {string.Join(", ", plan.Struck)}: {receipt}";
            Assert.True(receipt.GetProperty("rows").GetInt32() == rows, struck);
            Assert.True(receipt.GetProperty("conversations").GetInt32() == 1, struck);
            Assert.True(receipt.GetProperty("remaining").GetInt32() == 0, struck);
            Assert.True(receipt.GetProperty("counts").GetString() == "exact", struck);
            Assert.True(receipt.TryGetProperty("wrapped_key_sha256", out _), struck);
            await VerifyAsync(world, signed);
            Assert.Empty(world.Relay.Rows(TableNames.Conversations));
            if (plan.Struck.Count == 0)
            {
                break;
            }

            covered.UnionWith(plan.Struck.Select(call => $"{call.Name} {call.Target}"));
        }

        Assert.Superset(
            new HashSet<string> { "table:commit receipts", "table:query receipts", "table:get receipts", "table:commit dek", "table:commit conversations", "table:get audit" },
            covered.ToHashSet());
    }

    [Fact]
    public async Task A_vault_that_is_away_delays_the_receipt_and_nothing_else()
    {
        await using PairWorld world = await TalkAsync();
        int rows = Rows(world);
        world.Time.Advance(TimeSpan.FromDays(29));
        VaultWithoutPen vault = new((await PreparedPair.Strangers).RelayKeys);
        await vault.UseAsync(world);
        await world.TimerAsync(Timer);
        Assert.Empty(world.Relay.Rows(TableNames.Conversations));
        Assert.Empty((await ReadAsync(world)).EnumerateArray());
        Assert.Contains(world.Running.Log.Lines, line => line.Event == 335);

        vault.IsAway = false;
        await world.TimerAsync(Timer);
        Assert.Equal(rows, Assert.Single((await ReadAsync(world)).EnumerateArray()).GetProperty("receipt").GetProperty("rows").GetInt32());
    }

    [Fact]
    public async Task Where_rows_cannot_be_deleted_the_receipt_says_so_and_a_later_issue_replaces_it()
    {
        bool isBroken = false;
        FaultPlan plan = new(call => isBroken && call is { Process: "relay", Target: TableNames.Conversations, Name: "table:commit" } ? Fault.RequestLost : null);
        await using PairWorld world = await TalkAsync(plan);
        int rows = Rows(world);
        isBroken = true;
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync(Timer);
        world.Time.Advance(TimeSpan.FromDays(1));
        await world.TimerAsync(Timer);
        Assert.Empty((await ReadAsync(world)).EnumerateArray());

        world.Time.Advance(TimeSpan.FromDays(1));
        await world.TimerAsync(Timer);
        JsonElement first = Assert.Single((await ReadAsync(world)).EnumerateArray());
        Assert.Equal((1, 0, 1), Numbers(first));
        await VerifyAsync(world, first);
        await world.TimerAsync(Timer);
        Assert.Equal(first.GetRawText(), Assert.Single((await ReadAsync(world)).EnumerateArray()).GetRawText());

        isBroken = false;
        await world.TimerAsync(Timer);
        JsonElement second = Assert.Single((await ReadAsync(world)).EnumerateArray());
        Assert.Equal((2, rows, 0), Numbers(second));
        await VerifyAsync(world, second);
    }

    [Fact]
    public async Task Timers_that_run_at_once_count_once()
    {
        await using PairWorld world = await TalkAsync();
        int rows = Rows(world);
        world.Time.Advance(TimeSpan.FromDays(29));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.TimerAsync(Timer)));
        await world.TimerAsync(Timer);
        Assert.Equal((1, rows, 0), Numbers(Assert.Single((await ReadAsync(world)).EnumerateArray())));
    }

    [Fact]
    public async Task Of_a_conversation_with_more_rows_than_one_look_takes_the_receipt_tells_at_least_how_many()
    {
        const int Most = 50_000;
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        string day = Day(world);
        string partition = $"{world.Business.Id}-{new string('a', 32)}";
        for (int i = 0; i <= Most; i += 100)
        {
            TableWrite[] some = [.. Enumerable.Range(i, 100).Select(row => TableWrite.Insert($"O:{row:x16}", new Dictionary<string, object> { ["day"] = day }))];
            await world.Relay.Tables.CommitAsync(TableNames.Conversations, partition, some, CancellationToken.None);
        }

        await world.Relay.Tables.CommitAsync(
            TableNames.Expiry, day + "-10", [TableWrite.Insert(partition, new Dictionary<string, object> { ["number"] = world.Business.PhoneNumberId })], CancellationToken.None);
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync(Timer);
        Assert.Equal(100, world.Relay.Rows(TableNames.Conversations).Count());
        Assert.Empty((await ReadAsync(world)).EnumerateArray());

        await world.TimerAsync(Timer);
        Assert.Empty(world.Relay.Rows(TableNames.Conversations));
        JsonElement signed = Assert.Single((await ReadAsync(world)).EnumerateArray());
        Assert.Equal((1, Most, 0), Numbers(signed));
        Assert.Equal("at_least", TestRelay.Text(signed.GetProperty("receipt"), "counts"));
    }

    [Fact]
    public async Task A_key_goes_in_its_last_hours_even_where_it_cannot_be_taken_down()
    {
        FaultPlan plan = new(call => call is { Process: "relay", Target: TableNames.Receipts, Name: "table:commit" } ? Fault.RequestLost : null);
        await using PairWorld world = await TalkAsync(plan);
        string day = Day(world);
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync(Timer);
        Assert.Contains(world.Relay.Rows(TableNames.Dek), row => row.RowKey == day && row.PartitionKey == world.Business.Id);
        Assert.Contains(world.Running.Log.Lines, line => line.Event == 333);

        world.Time.Advance(TimeSpan.FromHours(20 - world.Time.GetUtcNow().Hour));
        await world.TimerAsync(Timer);
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Dek), row => row.RowKey == day && row.PartitionKey == world.Business.Id);
        Assert.Contains(world.Running.Log.Lines, line => line.Event == 334);
    }

    [Fact]
    public async Task What_the_counts_were_made_of_goes_soon_and_the_receipt_after_three_years()
    {
        await using PairWorld world = await TalkAsync();
        string first = Day(world);
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync(Timer);
        Assert.Contains(world.Relay.Rows(TableNames.Receipts), row => row.RowKey.StartsWith("E:", StringComparison.Ordinal));
        world.Time.Advance(TimeSpan.FromDays(3));
        await world.TimerAsync(Timer);
        Assert.StartsWith("R:", Assert.Single(world.Relay.Rows(TableNames.Receipts)).RowKey, StringComparison.Ordinal);

        world.Time.Advance(TimeSpan.FromDays(IssueDayReceipts.DaysKept - 32));
        await world.SendAsync("Long time no see");
        await world.SettleAsync();
        string second = Day(world);
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync(Timer);
        Assert.Equal($"R:{second}-retention", Assert.Single(world.Relay.Rows(TableNames.Receipts), row => row.RowKey[0] == 'R').RowKey);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task The_receipt_holds_the_audit_of_that_time()
    {
        await using PairWorld world = await TalkAsync();
        await world.Business.PostAsync(
            JsonSerializer.Serialize(new { user = world.Device.Number }), path: $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/safety_number");
        TableRow head = Assert.Single(world.Relay.Rows(TableNames.Audit), row => row.RowKey == "H");
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync(Timer);
        JsonElement receipt = Assert.Single((await ReadAsync(world)).EnumerateArray()).GetProperty("receipt");
        Assert.Equal((1, head.Get<string>("hash")), (receipt.GetProperty("audit_entries").GetInt32(), receipt.GetProperty("audit_hash").GetString()));
    }

    private static async Task<PairWorld> TalkAsync(FaultPlan? plan = null)
    {
        PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        await world.SendAsync("Hello");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.SettleAsync();
        return world;
    }

    private static int Rows(PairWorld world) => world.Relay.Rows(TableNames.Conversations).Count(row => row.RowKey != "L");

    private static string Day(PairWorld world) => world.Time.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static (int Issue, int Rows, int Remaining) Numbers(JsonElement signed)
    {
        JsonElement receipt = signed.GetProperty("receipt");
        return (receipt.GetProperty("issue").GetInt32(), receipt.GetProperty("rows").GetInt32(), receipt.GetProperty("remaining").GetInt32());
    }

    private static async Task<JsonElement> ReadAsync(PairWorld world)
    {
        (HttpStatusCode status, JsonElement answer) = await world.Business.GetAsync("relay/v1/deletion_receipts");
        Assert.Equal(HttpStatusCode.OK, status);
        return answer.GetProperty("data");
    }

    /// <summary>From the JSON and the published key alone, with none of Relay's classes.</summary>
    private static async Task VerifyAsync(PairWorld world, JsonElement signed)
    {
        JsonElement signature = signed.GetProperty("signature");
        (HttpStatusCode status, JsonElement keys) = await world.Business.GetAsync($"relay/v1/keys/signing/{signature.GetProperty("key_id").GetString()}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(AuditorsTools.Verifies(
            Assert.Single(keys.GetProperty("keys").EnumerateArray()),
            StatementTests.ByTheRule("relay/deletion-receipt/v1", signed.GetProperty("receipt")),
            signature.GetProperty("value").GetString()!));
    }
}
