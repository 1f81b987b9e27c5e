using System.Net;
using System.Text.Json;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Proof;

/// <summary>Who erases a user or closes a business gets a signed receipt, one, whatever was away meanwhile.</summary>
public sealed class ErasureReceiptTests
{
    [Fact]
    public async Task An_erasure_is_answered_with_its_receipt_which_stays_the_only_one()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        int rows = world.Relay.Rows(TableNames.Conversations).Count();
        JsonElement signed = Assert.Single((await EraseAsync(world)).GetProperty("receipts").EnumerateArray());
        JsonElement receipt = signed.GetProperty("receipt");
        Assert.Equal(("erasure", 1, rows, "at_least"), (TestRelay.Text(receipt, "kind"), receipt.GetProperty("conversations").GetInt32(),
            receipt.GetProperty("rows").GetInt32(), TestRelay.Text(receipt, "counts")));
        Assert.False(receipt.TryGetProperty("day", out _));
        Assert.DoesNotContain(world.Device.Digits, signed.GetRawText(), StringComparison.Ordinal);
        await VerifyAsync(world, signed);

        await PassAsync(world);
        Assert.Equal(signed.GetRawText(), Assert.Single(await ListAsync(world)).GetRawText());
    }

    [Fact]
    public async Task A_vault_that_is_away_delays_the_receipt_and_not_the_erasure()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        VaultWithoutPen vault = new((await PreparedPair.Acquainted).RelayKeys);
        await vault.UseAsync(world);
        JsonElement reply = await EraseAsync(world);
        Assert.Equal(("completed", 0), (TestRelay.Text(reply, "status"), reply.GetProperty("receipts").GetArrayLength()));
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Conversations), row => row.RowKey != "L");
        await PassAsync(world);
        Assert.Empty(await ListAsync(world));

        vault.IsAway = false;
        for (int i = 0; i < 6; i++)
        {
            await PassAsync(world);
        }

        JsonElement signed = Assert.Single(await ListAsync(world));
        Assert.Equal("at_least", TestRelay.Text(signed.GetProperty("receipt"), "counts"));
        await VerifyAsync(world, signed);
        Assert.Empty(world.Relay.Queues.Everything());
    }

    [Fact]
    public async Task A_closed_business_leaves_its_receipts_to_the_operator()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync("DeleteExpired");
        Assert.Contains(world.Relay.Rows(TableNames.Receipts), row => row.RowKey[0] == 'E');
        await world.Running.AdminAsync(HttpMethod.Delete, $"businesses/{world.Business.Id}", new { });
        await PassAsync(world);
        await PassAsync(world);

        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(world.Running.Local.BaseAddress, $"relay/v1/admin/businesses/{world.Business.Id}/deletion_receipts"));
        request.Headers.Authorization = new("Bearer", world.Running.Local.Options.AdminToken.Reveal());
        using HttpResponseMessage response = await world.Running.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement[] all = [.. JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("data").EnumerateArray()];
        Assert.Equal(["retention", "closure"], all.Select(one => TestRelay.Text(one.GetProperty("receipt"), "kind")));
        JsonElement closure = all[1].GetProperty("receipt");
        Assert.Equal("all", TestRelay.Text(closure, "key"));
        Assert.False(closure.TryGetProperty("rows", out _));
        Assert.All(world.Relay.Rows(TableNames.Receipts), row => Assert.StartsWith("R:", row.RowKey, StringComparison.Ordinal));
    }

    private static async Task<JsonElement> EraseAsync(PairWorld world)
    {
        (HttpStatusCode status, JsonElement answer) = await world.Business.DeleteAsync($"relay/v1/contacts/{world.Device.Digits}");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    private static async Task PassAsync(PairWorld world)
    {
        for (int step = 0; step < 4; step++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(3));
            await world.DrainAsync();
        }
    }

    private static async Task<JsonElement[]> ListAsync(PairWorld world)
    {
        (HttpStatusCode status, JsonElement answer) = await world.Business.GetAsync("relay/v1/deletion_receipts");
        Assert.Equal(HttpStatusCode.OK, status);
        return [.. answer.GetProperty("data").EnumerateArray()];
    }

    private static async Task VerifyAsync(PairWorld world, JsonElement signed)
    {
        JsonElement signature = signed.GetProperty("signature");
        JsonElement keys = (await world.Business.GetAsync($"relay/v1/keys/signing/{TestRelay.Text(signature, "key_id")}")).Answer;
        Assert.True(AuditorsTools.Verifies(
            keys.GetProperty("keys")[0],
            StatementTests.ByTheRule("relay/deletion-receipt/v1", signed.GetProperty("receipt")),
            TestRelay.Text(signature, "value")));
    }
}
