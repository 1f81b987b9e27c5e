using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>
/// Who holds all tables and keys of a transport two days after a report cannot tell who reported: the attack asks the sketch for every user, and makes the row of every
/// message that still opens. While envelope and key live it succeeds, so it is one.
/// </summary>
public sealed class ReporterSecrecyTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task After_two_days_nothing_tells_a_reporter_from_one_who_kept_silent()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice reporter) = (reporting.Transport, reporting.Anna);
        AuthenticatedDevice silent = await transport.RegisterAsync(Reporting.BertaNumber);
        Envelope reported = await reporting.SendAsync(reporter);
        Envelope kept = await reporting.SendAsync(silent);
        UtcDay day = UtcDay.Today(transport.Time);
        List<string> makeable = await RowsThatOpenAsync(transport, reporter);
        await transport.Get<AcknowledgeEnvelopes>().ExecuteAsync(silent, new AcknowledgeRequest([kept.Handle!]), None);
        Assert.True((await reporting.ReportAsync(reporter, reported.ReportToken!)).Value!.Counted);
        string row = Assert.Single(await reporting.ReportsAsync()).RowKey;

        // With the envelope, or within the sketch's two days, it can be told.
        Assert.EndsWith(Assert.Single(makeable), row, StringComparison.Ordinal);
        Assert.True(await IsInSketchAsync(reporting, day, reporter));
        Assert.False(await IsInSketchAsync(reporting, day, silent));

        transport.Time.Advance(TimeSpan.FromHours(48));
        await transport.Get<RateBusinesses>().ExecuteAsync(None);
        Assert.Empty(await RowsThatOpenAsync(transport, reporter));
        Assert.Null(await transport.Get<TransportKeys>().Ring.FindStoredAsync(TransportKeys.Tenant, $"sketch-{day.Key}", None));
        Assert.Null(await transport.Tables.GetAsync(TableNames.Signals, reporting.Label, SketchStore.RowKey(SketchKind.Complained, day), None));
        Assert.Equal(await TraceAsync(transport, silent), await TraceAsync(transport, reporter));
    }

    /// <summary>What the rows of reports on a user's waiting messages would be called.</summary>
    private static async Task<List<string>> RowsThatOpenAsync(TransportHarness transport, AuthenticatedDevice user)
    {
        List<string> rows = [];
        ReportTokens tokens = transport.Get<ReportTokens>();
        await foreach (MailboxEntry entry in transport.Get<MailboxStore>().ReadAsync(Mailbox.OfDevice(user.Hash), 100, None))
        {
            if (await transport.Get<EnvelopeSealer>().OpenMarkedAsync(entry, None) is (_, { } mark)
                && await tokens.OpenAsync(user.Account, await tokens.CreateAsync(user.Account, entry, mark, None), None) is { } message)
            {
                rows.Add(await tokens.RowAsync(message, None));
            }
        }

        return rows;
    }

    private static async Task<bool> IsInSketchAsync(Reporting reporting, UtcDay day, AuthenticatedDevice user)
    {
        StoredSketch sketch = await reporting.Transport.Get<SketchStore>().FindAsync(reporting.Label, SketchStore.RowKey(SketchKind.Complained, day), None);
        return !sketch.Sketch.Add(await reporting.Transport.Get<SketchItems>().OfAsync(reporting.Label, day, user.Hash, None));
    }

    /// <summary>Every row that names a user, by table, kind and columns.</summary>
    private static async Task<List<string>> TraceAsync(TransportHarness transport, AuthenticatedDevice user)
    {
        List<string> trace = [];
        foreach (string table in TableNames.OfTransport)
        {
            foreach (TableRow row in await transport.RowsAsync(table))
            {
                if (row.PartitionKey.Contains(user.Hash.Hex, StringComparison.Ordinal) || row.RowKey.Contains(user.Hash.Hex, StringComparison.Ordinal))
                {
                    trace.Add($"{table} {row.RowKey[0]} {string.Join('+', row.Columns.Keys.Order(StringComparer.Ordinal))}");
                }
            }
        }

        trace.Sort(StringComparer.Ordinal);
        Assert.NotEmpty(trace);
        return trace;
    }
}
