using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>A report is believed with its token only, from the device that got the message, for seven days, and counts once.</summary>
public sealed class ReportTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_business_message_has_a_token_and_a_users_has_none()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        AuthenticatedDevice berta = await transport.RegisterAsync(Reporting.BertaNumber);
        string first = await reporting.TokenAsync(anna);
        string second = await reporting.TokenAsync(anna);
        Assert.Equal(first.Length, second.Length);
        Assert.NotEqual(first[^150..], second[^150..]);
        Assert.Equal([first, second], (await transport.FetchAsync(anna)).Envelopes.Select(envelope => envelope.ReportToken));
        await transport.SendAsync(anna, Reporting.BertaNumber);
        Assert.Null(Assert.Single((await transport.FetchAsync(berta)).Envelopes).ReportToken);
    }

    [Fact]
    public async Task A_report_counts_once_however_often_it_is_repeated_and_takes_the_message_away()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        string token = await reporting.TokenAsync(anna);
        Assert.True((await reporting.ReportAsync(anna, token)).Value!.Counted);
        Assert.Empty((await transport.FetchAsync(anna)).Envelopes);
        for (int day = 0; day < 7; day++)
        {
            Assert.False((await reporting.ReportAsync(anna, token)).Value!.Counted);
            Assert.Equal(day < 2 ? 1 : 0, await reporting.ComplainersAsync());
            Assert.Single(await reporting.ReportsAsync());
            transport.Time.Advance(TimeSpan.FromDays(1));
            await transport.Get<RateBusinesses>().ExecuteAsync(None);
        }
    }

    [Fact]
    public async Task Many_at_once_over_two_instances_count_once()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness one, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        await using TransportHarness two = new(one);
        string token = await reporting.TokenAsync(anna);
        Reporting[] instances = [reporting, reporting.At(two)];
        TransportResult<ReportResponse>[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => instances[i % 2].ReportAsync(anna, token)));
        Assert.Single(results, result => result.Value!.Counted);
        Assert.Equal(1, await reporting.ComplainersAsync());
    }

    [Fact]
    public async Task Forged_and_foreign_tokens_are_unknown_and_leave_nothing()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        AuthenticatedDevice berta = await transport.RegisterAsync(Reporting.BertaNumber);
        string token = await reporting.TokenAsync(anna);
        for (int at = 0; at < token.Length; at += 7)
        {
            await reporting.RefusedAsync(anna, $"{token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}");
        }

        foreach (string garbage in (string[])["", "A", token[1..], token + "A", new string('A', token.Length), new string('.', token.Length), token.Replace(token[0], '+')])
        {
            await reporting.RefusedAsync(anna, garbage);
        }

        await reporting.RefusedAsync(berta, token);
        await reporting.RefusedAsync(reporting.Business, token);
        await using Reporting elsewhere = await Reporting.StartAsync();
        await elsewhere.RefusedAsync(elsewhere.Anna, token);
        await reporting.RefusedAsync(await transport.RegisterAsync(Reporting.AnnaNumber), token);
        Assert.Equal(0, await reporting.ComplainersAsync());
        Assert.Empty(await reporting.ReportsAsync());
        Assert.True((await reporting.ReportAsync(anna, token)).Value!.Counted);
    }

    [Fact]
    public async Task On_the_seventh_day_it_counts_and_on_the_eighth_it_is_refused_and_forgotten()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        string early = await reporting.TokenAsync(anna);
        string late = await reporting.TokenAsync(anna);
        transport.Time.Advance(TimeSpan.FromDays(7));
        Assert.True((await reporting.ReportAsync(anna, early)).Value!.Counted);
        Assert.Equal(1, await reporting.ComplainersAsync());
        await transport.Get<RateBusinesses>().ExecuteAsync(None);
        Assert.Single(await reporting.ReportsAsync());
        transport.Time.Advance(TimeSpan.FromDays(1));
        await reporting.RefusedAsync(anna, late);
        await reporting.RefusedAsync(anna, early);
        Assert.Null(Assert.Single((await transport.FetchAsync(anna)).Envelopes).ReportToken);
        await transport.Get<RateBusinesses>().ExecuteAsync(None);
        Assert.Empty(await reporting.ReportsAsync());
    }

    [Fact]
    public async Task What_the_user_attaches_is_sealed_kept_once_and_gone_with_its_key()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        string token = await reporting.TokenAsync(anna);
        byte[] box = Reporting.Box("what it said");
        TransportResult<ReportResponse> tooLarge = await reporting.ReportAsync(anna, token, new byte[TransportLimits.MaxReportBytes + 1]);
        Assert.Equal(TransportErrorCode.TooLarge, tooLarge.Failure!.Code);
        Assert.True((await reporting.ReportAsync(anna, token)).IsSuccess);
        Assert.Empty(await reporting.InboxAsync());
        Assert.True((await reporting.ReportAsync(anna, token, box)).IsSuccess);
        Assert.True((await reporting.ReportAsync(anna, token, Reporting.Box("something else"))).IsSuccess);

        TableRow kept = Assert.Single(await reporting.InboxAsync());
        Assert.Equal(box, await reporting.OpenRowAsync(kept));
        Assert.Equal("what it said", Reporting.Open(Assert.Single(await reporting.ReviewAsync()).Content));
        Assert.False(kept.Get<byte[]>("content").AsSpan().IndexOf(box.AsSpan(0, 32)) >= 0);
        transport.Time.Advance(TimeSpan.FromDays(28));
        await transport.Get<RateBusinesses>().ExecuteAsync(None);
        Assert.Single(await reporting.InboxAsync());
        transport.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await reporting.OpenRowAsync(kept));
        Assert.Empty(await reporting.ReviewAsync());
        await transport.Get<RateBusinesses>().ExecuteAsync(None);
        Assert.Empty(await reporting.InboxAsync());
    }

    /// <summary>A device that doesn't seal is told so before anything is kept, and its report is not lost by that.</summary>
    [Fact]
    public async Task What_is_no_sealed_box_is_not_taken_and_nothing_is_where_nobody_could_open_it()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        string token = await reporting.TokenAsync(anna);
        foreach (byte[] content in (byte[][])[[], [1, 2, 3], Encoding.UTF8.GetBytes("what it said, in clear"), new byte[48], new byte[256], Reporting.Box("x")[1..]])
        {
            Assert.Equal(TransportErrorCode.BadRequest, (await reporting.ReportAsync(anna, token, content)).Failure!.Code);
        }

        DateTimeOffset later = transport.Time.GetUtcNow().AddSeconds(1);
        Assert.True((await transport.Get<ReportKey>().SetAsync(new SetReportKeyRequest([]), later, None)).IsSuccess);
        Assert.Null((await transport.Get<ReportKey>().ShowAsync(None)).Value!.Key);
        Assert.Equal(TransportErrorCode.BadRequest, (await reporting.ReportAsync(anna, token, Reporting.Box("x"))).Failure!.Code);
        Assert.Empty(await reporting.InboxAsync());
        Assert.True((await reporting.ReportAsync(anna, token)).Value!.Counted);
    }

    /// <summary>One of a message, on whatever day it comes: what was closed does not come back by a repeat.</summary>
    [Fact]
    public async Task What_comes_on_a_later_day_than_its_report_is_the_same_one_and_what_was_closed_stays_closed()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        string token = await reporting.TokenAsync(anna);
        UtcDay day = UtcDay.Today(transport.Time);
        Assert.True((await reporting.ReportAsync(anna, token)).IsSuccess);
        transport.Time.Advance(TimeSpan.FromDays(3));
        Assert.True((await reporting.ReportAsync(anna, token, Reporting.Box("first"))).IsSuccess);
        transport.Time.Advance(TimeSpan.FromDays(1));
        Assert.True((await reporting.ReportAsync(anna, token, Reporting.Box("second"))).IsSuccess);
        AttachedReport report = Assert.Single(await reporting.ReviewAsync());
        Assert.Equal((day.Key, "first"), (report.Day, Reporting.Open(report.Content)));

        Assert.All(await Task.WhenAll(reporting.CloseAsync(report.Id), reporting.CloseAsync(report.Id)), Assert.True);
        Assert.True((await reporting.ReportAsync(anna, token, Reporting.Box("third"))).IsSuccess);
        Assert.Empty(await reporting.ReviewAsync());
        Assert.Empty(Assert.Single(await reporting.InboxAsync()).Columns);
        transport.Time.Advance(TimeSpan.FromDays(25));
        await transport.Get<RateBusinesses>().ExecuteAsync(None);
        Assert.Empty(await reporting.InboxAsync());
        Assert.False(await reporting.CloseAsync(report.Id));
    }

    [Fact]
    public async Task Whatever_call_fails_or_dies_a_repeat_counts_it_once()
    {
        IReadOnlySet<string> covered = await Reporting.SweepAsync(
            reporting => reporting.TokenAsync(reporting.Anna),
            (reporting, token) => reporting.ReportAsync(reporting.Anna, token, Reporting.Box("what it said")),
            async (again, token, plan) =>
            {
                Assert.True((await again.ReportAsync(again.Anna, token, Reporting.Box("again"))).IsSuccess);
                await plan.LandLateAsync();
                Assert.False((await again.ReportAsync(again.Anna, token)).Value!.Counted);
                Assert.Equal(1, await again.ComplainersAsync());
                Assert.Single(await again.ReportsAsync());
                Assert.Single(await again.InboxAsync());
                Assert.Contains(Reporting.Open(Assert.Single(await again.ReviewAsync()).Content), (string[])["what it said", "again"]);
                Assert.Empty((await again.Transport.FetchAsync(again.Anna)).Envelopes);
            });
        Assert.Contains("transport table:commit signals", covered);
        Assert.Contains("transport table:commit reportinbox", covered);
        Assert.Contains("transport table:commit mailbox", covered);
    }
}
