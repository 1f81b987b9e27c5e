using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>A business, its users, and what the transport has of their complaints.</summary>
internal sealed class Reporting(TransportHarness transport, AuthenticatedDevice business)
{
    public const string BusinessNumber = "+4915100000001";

    private static readonly byte[] s_privateKey = RandomNumberGenerator.GetBytes(ReportBox.KeySize);

    /// <summary>The operator's, for all tests.</summary>
    public static readonly byte[] PublicKey = ReportBox.PublicKeyOf(s_privateKey);

    private static CancellationToken None => CancellationToken.None;

    public TransportHarness Transport { get; } = transport;

    public AuthenticatedDevice Business { get; } = business;

    /// <summary>What its complaints are counted for.</summary>
    public string Label => Business.Account.CountedFor!;

    public static async Task<Reporting> StartAsync(TransportHarness? transport = null)
    {
        TransportHarness harness = await (transport ?? new TransportHarness()).CreateStorageAsync();
        Assert.True((await harness.Get<ReportKey>().SetAsync(new SetReportKeyRequest(PublicKey), harness.Time.GetUtcNow(), None)).IsSuccess);
        return new Reporting(harness, await harness.RegisterBusinessAsync(BusinessNumber));
    }

    /// <summary>The same storage, seen by another instance.</summary>
    public Reporting At(TransportHarness other) => new(other, Business);

    /// <summary>Sends the user a message and gives it as the user's device gets it; not acknowledged.</summary>
    public async Task<Envelope> SendAsync(AuthenticatedDevice user)
    {
        Assert.True((await Transport.SendAsync(Business, user.Number.E164)).IsSuccess);
        return (await Transport.FetchAsync(user)).Envelopes[^1];
    }

    public async Task<string> TokenAsync(AuthenticatedDevice user) => (await SendAsync(user)).ReportToken!;

    public Task<TransportResult<ReportResponse>> ReportAsync(AuthenticatedDevice user, string token, byte[]? content = null) =>
        Transport.Get<ReportMessage>().ExecuteAsync(user, new ReportRequest { Token = token, Content = content }, None);

    public async Task RefusedAsync(AuthenticatedDevice user, string token)
    {
        TransportResult<ReportResponse> result = await ReportAsync(user, token);
        Assert.Equal(TransportFailures.UnknownReport, result.Failure);
    }

    /// <summary>Distinct users who complained, over today and yesterday.</summary>
    public async Task<long> ComplainersAsync()
    {
        long complainers = 0;
        UtcDay today = UtcDay.Today(Transport.Time);
        foreach (UtcDay day in (UtcDay[])[today, today.AddDays(-1)])
        {
            complainers += (await Transport.Get<SketchStore>().FindAsync(Label, SketchStore.RowKey(SketchKind.Complained, day), None)).Sketch.Count;
        }

        return complainers;
    }

    public async Task<List<TableRow>> ReportsAsync() => await Transport.Tables
        .QueryAsync(TableNames.Signals, TableRange.StartingWith(Label, ReportStore.Prefix, 1_000), None).ToListAsync(None);

    public async Task<List<TableRow>> InboxAsync() => await Transport.Tables
        .QueryAsync(TableNames.ReportInbox, TableRange.Partition(Label, 1_000), None).ToListAsync(None);

    /// <summary>As a device seals it.</summary>
    public static byte[] Box(string text) => ReportBox.Seal(PublicKey, text);

    /// <summary>As the operator opens it.</summary>
    public static string? Open(byte[]? box) => box is null ? null : ReportBox.Open(PublicKey, s_privateKey, box);

    public async Task<IReadOnlyList<AttachedReport>> ReviewAsync() =>
        (await Transport.Get<ReviewReports>().ListAsync(new ListReportsRequest(Label), None)).Value!.Reports;

    public async Task<bool> CloseAsync(string report) => (await Transport.Get<ReviewReports>().CloseAsync(new CloseReportRequest(Label, report), None)).Value!.Closed;

    /// <summary>All that the transport itself can open of a row: the device's box.</summary>
    public ValueTask<byte[]?> OpenRowAsync(TableRow row) => Transport.Get<TransportKeys>().Sealer.OpenAsync(
        TransportKeys.Tenant, new SealedPlace(TableNames.ReportInbox, Label, row.RowKey, "content"), row.Get<byte[]>("content"), None);
}
