using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>What users attached to reports lies at the transport for nobody but the operator, and ends: by being closed, with its days, with its business.</summary>
public sealed class ReportInboxTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task It_is_read_page_by_page_without_what_was_closed()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        for (int day = 0; day < 5; day++)
        {
            await AttachAsync(reporting, anna, $"message {day}");
            transport.Time.Advance(TimeSpan.FromDays(1));
        }

        IReadOnlyList<AttachedReport> all = await reporting.ReviewAsync();
        Assert.Equal(["message 0", "message 1", "message 2", "message 3", "message 4"], all.Select(report => Reporting.Open(report.Content)));
        Assert.True(await reporting.CloseAsync(all[1].Id));
        Assert.True(await reporting.CloseAsync(all[4].Id));
        List<string?> read = [];
        string? after = null;
        do
        {
            ReportsResponse page = (await ListAsync(transport, reporting.Label, after, 2)).Value!;
            Assert.InRange(page.Reports.Count, 0, 2);
            read.AddRange(page.Reports.Select(report => Reporting.Open(report.Content)));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["message 0", "message 2", "message 3"], read);
        Assert.Empty((await ListAsync(transport, "another", null, null)).Value!.Reports);
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_told()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        TransportHarness transport = reporting.Transport;
        ReviewReports review = transport.Get<ReviewReports>();
        string id = $"20261122-{new string('a', 32)}";
        string?[] codes =
        [
            (await ListAsync(transport, "no label", null, null)).Code, (await ListAsync(transport, reporting.Label, "x", null)).Code,
            (await ListAsync(transport, reporting.Label, null, 0)).Code, (await ListAsync(transport, reporting.Label, null, 101)).Code,
            (await review.CloseAsync(new CloseReportRequest("no label", id), None)).Code, (await review.CloseAsync(new CloseReportRequest(reporting.Label, "closed-20261122"), None)).Code,
            (await review.CloseAsync(new CloseReportRequest(reporting.Label, id.ToUpperInvariant()), None)).Code, (await EndAsync(transport, "-")).Code,
            (await transport.Get<ReportKey>().SetAsync(new SetReportKeyRequest(new byte[31]), transport.Time.GetUtcNow().AddDays(1), None)).Code,
        ];
        Assert.All(codes, code => Assert.Equal(TransportErrorCode.BadRequest, code));
        Assert.False(await reporting.CloseAsync(id));
    }

    /// <summary>The thief has every table as it was, sets the clock back to that day, and uses the vault and the table of keys of later.</summary>
    [Fact]
    public async Task A_copy_of_the_tables_opens_nothing_after_its_days_and_before_only_what_the_operator_alone_can_read()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        TransportHarness transport = reporting.Transport;
        await AttachAsync(reporting, reporting.Anna, "what it said");
        TableRow copy = Assert.Single(await reporting.InboxAsync());
        DateTimeOffset then = transport.Time.GetUtcNow();
        byte[] opened = (await reporting.OpenRowAsync(copy))!;
        Assert.Equal(-1, opened.AsSpan().IndexOf("what it said"u8));
        Assert.Equal("what it said", Reporting.Open(opened));

        transport.Time.Advance(TimeSpan.FromDays(29));
        await transport.Get<DeleteExpiredEnvelopes>().ExecuteAsync(None);
        Sealer thief = new(transport.RingAt(then), "test");
        Assert.Null(await thief.OpenAsync(
            TransportKeys.Tenant, new SealedPlace(TableNames.ReportInbox, reporting.Label, copy.RowKey, "content"), copy.Get<byte[]>("content"), None));
    }

    [Fact]
    public async Task A_row_that_somebody_changed_hides_no_other_and_can_be_closed()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        await AttachAsync(reporting, anna, "one");
        await AttachAsync(reporting, anna, "two");
        List<TableRow> rows = await reporting.InboxAsync();
        TableWrite swap = TableWrite.Replace(rows[0].RowKey, rows[0].ETag, rows[1].Columns);
        Assert.True((await transport.Tables.CommitAsync(TableNames.ReportInbox, reporting.Label, [swap], None)).IsSaved);
        IReadOnlyList<AttachedReport> seen = await reporting.ReviewAsync();
        Assert.Equal((rows[0].RowKey, true, false), (seen[0].Id, seen[0].Content is null, seen[1].Content is null));
        Assert.True(await reporting.CloseAsync(seen[0].Id));
        Assert.Single(await reporting.ReviewAsync());
    }

    /// <summary>Who can write the table can't have devices seal for a key of theirs, and an overheard call can't bring an old key back.</summary>
    [Fact]
    public async Task The_key_is_the_operators_last_word()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        TransportHarness transport = reporting.Transport;
        ReportKey key = transport.Get<ReportKey>();
        DateTimeOffset now = transport.Time.GetUtcNow();
        byte[] second = ReportBox.PublicKeyOf(new byte[32]);
        Assert.Equal(TransportErrorCode.Unauthorized, (await key.SetAsync(new SetReportKeyRequest(second), now, None)).Code);
        Assert.Equal(second, (await key.SetAsync(new SetReportKeyRequest(second), now.AddSeconds(1), None)).Value!.Key);
        Assert.Equal(TransportErrorCode.Unauthorized, (await key.SetAsync(new SetReportKeyRequest([]), now, None)).Code);
        Assert.Equal(second, (await key.ShowAsync(None)).Value!.Key);

        TableRow row = (await transport.Tables.GetAsync(TableNames.ReportInbox, "-", "key", None))!;
        TableWrite own = TableWrite.Merge("key", row.ETag, new Dictionary<string, object> { ["key"] = Reporting.PublicKey });
        Assert.True((await transport.Tables.CommitAsync(TableNames.ReportInbox, "-", [own], None)).IsSaved);
        await Assert.ThrowsAsync<SealBrokenException>(() => key.ShowAsync(None));
    }

    [Fact]
    public async Task A_closed_business_has_nothing_there_and_gets_nothing_more_until_nothing_of_it_can_be_reported()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        string late = await reporting.TokenAsync(anna);
        await AttachAsync(reporting, anna, "before");
        Assert.True((await EndAsync(transport, reporting.Label)).IsSuccess);
        Assert.True((await EndAsync(transport, reporting.Label)).IsSuccess);
        transport.Time.Advance(TimeSpan.FromDays(7));
        await transport.Get<RateBusinesses>().ExecuteAsync(None);
        Assert.True((await reporting.ReportAsync(anna, late, Reporting.Box("after"))).IsSuccess);
        Assert.Equal(["closed-20261122"], (await reporting.InboxAsync()).Select(row => row.RowKey));
        transport.Time.Advance(TimeSpan.FromDays(2));
        await transport.Get<RateBusinesses>().ExecuteAsync(None);
        Assert.Empty(await reporting.InboxAsync());
    }

    [Fact]
    public async Task Two_instances_keep_one_and_the_end_of_a_business_leaves_none_however_they_race()
    {
        for (int run = 0; run < 20; run++)
        {
            await using Reporting reporting = await Reporting.StartAsync();
            TransportHarness one = reporting.Transport;
            await using TransportHarness two = new(one);
            AuthenticatedDevice anna = reporting.Anna;
            string token = await reporting.TokenAsync(anna);
            Reporting[] instances = [reporting, reporting.At(two)];
            Task[] work =
            [
                .. Enumerable.Range(0, 8).Select(i => instances[i % 2].ReportAsync(anna, token, Reporting.Box($"{i}"))),
                .. run % 2 == 0 ? new[] { EndAsync(two, reporting.Label) } : [],
            ];
            await Task.WhenAll(work);
            Assert.Equal(run % 2 == 0 ? 0 : 1, (await reporting.ReviewAsync()).Count);
        }
    }

    [Fact]
    public async Task Whatever_call_fails_or_dies_a_repeat_closes_the_report_and_ends_the_business()
    {
        IReadOnlySet<string> covered = await Reporting.SweepAsync(
            async reporting =>
            {
                string token = await AttachAsync(reporting, reporting.Anna, "one");
                await AttachAsync(reporting, reporting.Anna, "two");
                return (Token: token, (await reporting.ReviewAsync())[0].Id);
            },
            async (reporting, report) =>
            {
                await reporting.CloseAsync(report.Id);
                await EndAsync(reporting.Transport, reporting.Label);
            },
            async (again, report, plan) =>
            {
                bool wasEnded = (await again.InboxAsync()).Any(row => row.RowKey.StartsWith(ReportInbox.ClosedPrefix, StringComparison.Ordinal));
                Assert.True(await again.CloseAsync(report.Id) || wasEnded);
                await plan.LandLateAsync();
                Assert.DoesNotContain(await again.ReviewAsync(), one => one.Id == report.Id);
                Assert.True((await EndAsync(again.Transport, again.Label)).IsSuccess);
                await again.ReportAsync(again.Anna, report.Token, Reporting.Box("again"));
                Assert.Empty(await again.ReviewAsync());
                Assert.Equal([ReportInbox.ClosedPrefix + UtcDay.Today(again.Transport.Time).Key], (await again.InboxAsync()).Select(row => row.RowKey));
            });
        Assert.Contains("transport table:commit reportinbox", covered);
        Assert.Contains("transport table:query reportinbox", covered);
        Assert.Contains("transport table:get reportinbox", covered);
    }

    /// <summary>Sends a message and has it reported with what it said; gives its token.</summary>
    private static async Task<string> AttachAsync(Reporting reporting, AuthenticatedDevice user, string text)
    {
        string token = await reporting.TokenAsync(user);
        Assert.True((await reporting.ReportAsync(user, token, Reporting.Box(text))).Value!.Counted);
        return token;
    }

    private static Task<TransportResult<ReportsResponse>> ListAsync(TransportHarness transport, string business, string? after, int? limit) =>
        transport.Get<ReviewReports>().ListAsync(new ListReportsRequest(business) { After = after, Limit = limit }, None);

    private static Task<TransportResult<EndBusinessResponse>> EndAsync(TransportHarness transport, string business) =>
        transport.Get<EndSignals>().ExecuteAsync(new EndBusinessRequest(business), None);
}
