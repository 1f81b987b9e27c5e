using Relay.Shared.Storage;
using Relay.Shared.Transport.Blocks;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>Whom a user's device blocks: dropped without a word, shown to that device alone, and free for those who block nobody.</summary>
public sealed class UserBlockTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_blocked_business_is_answered_as_always_and_never_heard_until_unblocked()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        AuthenticatedDevice berta = await transport.RegisterAsync(Reporting.BertaNumber);
        TransportResult<SendEnvelopeResponse> before = await transport.SendAsync(reporting.Business, Reporting.AnnaNumber);
        Assert.Single((await transport.FetchAsync(anna)).Envelopes);
        Assert.True(await BlockAsync(transport, anna, true));
        Assert.Equal(before.Value, (await transport.SendAsync(reporting.Business, Reporting.AnnaNumber)).Value);
        Assert.Single((await transport.FetchAsync(anna)).Envelopes);
        await transport.SendAsync(berta, Reporting.AnnaNumber);
        Assert.Equal(2, (await transport.FetchAsync(anna)).Envelopes.Count);
        await reporting.SendAsync(berta);
        Assert.Equal([Reporting.BusinessNumber], await ListAsync(transport, anna));
        Assert.Empty(await ListAsync(transport, berta));

        Assert.False(await BlockAsync(transport, anna, false));
        Assert.Empty(await ListAsync(transport, anna));
        await transport.SendAsync(reporting.Business, Reporting.AnnaNumber);
        Assert.Equal(3, (await transport.FetchAsync(anna)).Envelopes.Count);
    }

    [Fact]
    public async Task A_block_with_a_messages_token_is_its_report_and_stays_one_when_it_is_taken_back()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        string token = await reporting.TokenAsync(anna);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(i == 0, (await ChangeAsync(transport, anna, true, token)).Counted);
            Assert.False((await ChangeAsync(transport, anna, true, token)).Counted);
            Assert.Equal(1, await reporting.ComplainersAsync());
            Assert.False((await ChangeAsync(transport, anna, false, token)).Counted);
            Assert.Equal(1, await reporting.ComplainersAsync());
        }

        Assert.False((await reporting.ReportAsync(anna, token)).Value!.Counted);
    }

    [Fact]
    public async Task A_block_without_a_token_or_with_anothers_holds_and_counts_for_nothing()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        string bertas = await reporting.TokenAsync(await transport.RegisterAsync(Reporting.BertaNumber));
        await transport.SendAsync(await transport.RegisterBusinessAsync("+4915100000002"), Reporting.AnnaNumber);
        string another = (await transport.FetchAsync(anna)).Envelopes[^1].ReportToken!;
        foreach (string? token in (string?[])[null, "", "no token", bertas, another])
        {
            Assert.Equal(new BlockResponse(Blocked: true, Counted: false), await ChangeAsync(transport, anna, true, token));
        }

        await transport.SendAsync(reporting.Business, Reporting.AnnaNumber);
        Assert.Equal("+4915100000002", Assert.Single((await transport.FetchAsync(anna)).Envelopes).From);
        Assert.Equal(0, await reporting.ComplainersAsync());
    }

    [Fact]
    public async Task Who_blocks_nobody_costs_no_call()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        await reporting.SendAsync(anna);
        Assert.Equal(0, await LooksAsync(transport, reporting));
        await BlockAsync(transport, anna, true);
        await transport.SendAsync(reporting.Business, Reporting.AnnaNumber);
        Assert.Equal(1, await LooksAsync(transport, reporting));
        await BlockAsync(transport, anna, false);
        await transport.SendAsync(reporting.Business, Reporting.AnnaNumber);
        Assert.Equal(0, await LooksAsync(transport, reporting));
    }

    [Fact]
    public async Task Blocks_stay_with_the_device_and_end_with_it()
    {
        DeviceKeys keys = TestKeys.Create();
        await using Reporting reporting = await Reporting.StartAsync(keys);
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        await BlockAsync(transport, anna, true);
        AuthenticatedDevice same = await transport.RegisterAsync(Reporting.AnnaNumber, keys);
        Assert.Equal([Reporting.BusinessNumber], await ListAsync(transport, same));
        await transport.SendAsync(reporting.Business, Reporting.AnnaNumber);
        Assert.Empty((await transport.FetchAsync(same)).Envelopes);

        AuthenticatedDevice another = await transport.RegisterAsync(Reporting.AnnaNumber);
        Assert.Empty(await ListAsync(transport, another));
        await reporting.SendAsync(another);
        Assert.NotEmpty(await BlockRowsAsync(transport));
        transport.Time.Advance(TimeSpan.FromDays(30));
        await transport.Get<DeleteExpiredEnvelopes>().ExecuteAsync(None);
        Assert.Empty(await BlockRowsAsync(transport));

        await BlockAsync(transport, another, true);
        Assert.Single(await BlockRowsAsync(transport));
        await transport.Get<ReleaseNumber>().ExecuteAsync(another, None);
        Assert.Empty(await BlockRowsAsync(transport));
    }

    [Fact]
    public async Task Only_a_device_blocks_and_only_a_business()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        await transport.RegisterAsync(Reporting.BertaNumber);
        Assert.Equal(TransportErrorCode.BadRequest, await CodeAsync(transport, anna, Reporting.BertaNumber));
        Assert.Equal(TransportErrorCode.BadRequest, await CodeAsync(transport, anna, "12"));
        Assert.Equal(TransportErrorCode.UnknownNumber, await CodeAsync(transport, anna, "+4915100000009"));
        Assert.Equal(TransportErrorCode.BadRequest, await CodeAsync(transport, reporting.Business, Reporting.AnnaNumber));
        Assert.Equal(0, await reporting.ComplainersAsync());
    }

    [Fact]
    public async Task Blocks_and_unblocks_at_once_leave_flag_and_rows_as_one()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness one, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        await using TransportHarness two = new(one);
        TransportHarness[] instances = [one, two];
        for (int round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => BlockAsync(instances[i % 2], anna, (i + round) % 3 != 0)));
            bool flag = (await one.Get<AccountStore>().FindAsync(anna.Hash, None))!.HasBlocks;
            Assert.Equal(flag, (await BlockRowsAsync(one)).Count > 0);
        }
    }

    [Fact]
    public async Task Whatever_call_fails_or_dies_a_repeated_block_holds_and_is_counted_once()
    {
        IReadOnlySet<string> covered = await Reporting.SweepAsync(
            reporting => reporting.TokenAsync(reporting.Anna),
            (reporting, token) => ChangeAsync(reporting.Transport, reporting.Anna, true, token),
            async (again, token, plan) =>
            {
                await ChangeAsync(again.Transport, again.Anna, true, token);
                await plan.LandLateAsync();
                Assert.Equal(1, await again.ComplainersAsync());
                await again.Transport.SendAsync(again.Business, Reporting.AnnaNumber);
                Assert.Empty((await again.Transport.FetchAsync(again.Anna)).Envelopes);
            });
        Assert.Contains("transport table:commit accounts", covered);
        Assert.Contains("transport table:commit signals", covered);
    }

    /// <summary>Reads of accounts that a message from the business costs, beyond those of who is asked for.</summary>
    private static async Task<int> LooksAsync(TransportHarness transport, Reporting reporting)
    {
        int before = transport.Tables.Calls.Count(call => call == $"GET {TableNames.Accounts}");
        Assert.True((await transport.SendAsync(reporting.Business, Reporting.AnnaNumber)).IsSuccess);
        return transport.Tables.Calls.Count(call => call == $"GET {TableNames.Accounts}") - before;
    }

    private static async Task<List<TableRow>> BlockRowsAsync(TransportHarness transport) =>
        [.. (await transport.RowsAsync(TableNames.Accounts)).Where(row => row.RowKey.StartsWith("B:", StringComparison.Ordinal))];

    private static async Task<bool> BlockAsync(TransportHarness transport, AuthenticatedDevice device, bool blocked) =>
        (await ChangeAsync(transport, device, blocked, null)).Blocked;

    private static async Task<BlockResponse> ChangeAsync(TransportHarness transport, AuthenticatedDevice device, bool blocked, string? token) =>
        (await transport.Get<ChangeBlock>().ExecuteAsync(device, new BlockRequest(Reporting.BusinessNumber, blocked) { Token = token }, None)).Value!;

    private static async Task<string> CodeAsync(TransportHarness transport, AuthenticatedDevice device, string number) =>
        (await transport.Get<ChangeBlock>().ExecuteAsync(device, new BlockRequest(number, true), None)).Failure!.Code;

    private static async Task<IReadOnlyList<string>> ListAsync(TransportHarness transport, AuthenticatedDevice device)
    {
        AuthenticatedDevice now = new(device.Number, (await transport.Get<AccountStore>().FindAsync(device.Hash, None))!);
        return (await transport.Get<ListBlocks>().ExecuteAsync(now, None)).Value!.Numbers;
    }
}
