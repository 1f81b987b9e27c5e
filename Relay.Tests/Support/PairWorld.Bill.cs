using System.Text.Json;
using Relay.Shared.Conversations;
using Relay.Shared.Storage;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>What the business is billed for, beside what really happened.</summary>
internal sealed partial class PairWorld
{
    /// <summary>What the rows of messages say: sent, delivered, received.</summary>
    public (long Sent, long Delivered, long Received) Happened()
    {
        TableRow[] rows = [.. Relay.Rows(TableNames.Conversations)];
        return (
            rows.Count(row => WebhookRow.ParseStatus(row.RowKey) is { State: OutboundState.Sent }),
            rows.Count(row => OutboundRow.TryReadId(row.RowKey, out _) && OutboundRow.IsMessage(row) && row.Get("state", 0) is >= (int)OutboundState.Delivered and < (int)OutboundState.Failed),
            rows.Count(WebhookRow.IsMessage));
    }

    /// <summary>Lets a day go by and what no process finished be counted again: the bill is final and says what happened.</summary>
    public Task CheckBillAsync() => CheckBillAsync(Happened());

    /// <summary>The same, where the rows are gone.</summary>
    public async Task CheckBillAsync((long Sent, long Delivered, long Received) happened)
    {
        Time.Advance(TimeSpan.FromHours(26));
        await TimerAsync("SettleUsage");
        (IReadOnlyList<JsonElement> lines, bool isFinal) = await BillAsync();
        Assert.True(isFinal);
        Assert.Equal(happened, Sum(lines));
        Assert.DoesNotContain(Relay.Rows(TableNames.Counts), row => row.RowKey[0] == 'f');
    }

    public static (long Sent, long Delivered, long Received) Sum(IReadOnlyList<JsonElement> lines) =>
        (Sum(lines, "sent"), Sum(lines, "delivered"), Sum(lines, "received"));

    /// <summary>The lines of the bill of the days before today.</summary>
    public async Task<(IReadOnlyList<JsonElement> Lines, bool IsFinal)> BillAsync()
    {
        DateTimeOffset now = Time.GetUtcNow();
        JsonElement bill = await Business.GetAsync($"relay/v1/billing?start={now.AddDays(-60):yyyy-MM-dd}&end={now.AddDays(-1):yyyy-MM-dd}").OkAsync();
        return ([.. bill.GetProperty("data").EnumerateArray()], bill.GetProperty("final").GetBoolean());
    }

    private static long Sum(IReadOnlyList<JsonElement> lines, string column) =>
        lines.Sum(line => line.TryGetProperty(column, out JsonElement count) ? count.GetInt64() : 0);
}
