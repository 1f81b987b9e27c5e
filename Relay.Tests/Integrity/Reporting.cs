using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>A transport with a business and a user's device, and what it has of users' complaints.</summary>
internal sealed class Reporting : IAsyncDisposable
{
    public const string BusinessNumber = "+4915100000001";
    public const string AnnaNumber = "+4915112345678";
    public const string BertaNumber = "+4915187654321";

    private Reporting(TransportHarness transport, AuthenticatedDevice business, AuthenticatedDevice anna) => (Transport, Business, Anna) = (transport, business, anna);

    private static readonly byte[] s_privateKey = RandomNumberGenerator.GetBytes(ReportBox.KeySize);

    /// <summary>The operator's, for all tests.</summary>
    public static readonly byte[] PublicKey = ReportBox.PublicKeyOf(s_privateKey);

    private static CancellationToken None => CancellationToken.None;

    public TransportHarness Transport { get; }

    public AuthenticatedDevice Business { get; }

    /// <summary>The device of <see cref="AnnaNumber"/>, registered after the business's number.</summary>
    public AuthenticatedDevice Anna { get; }

    /// <summary>What its complaints are counted for.</summary>
    public string Label => Business.Account.CountedFor!;

    /// <param name="keys">Anna's; new ones unless given.</param>
    /// <param name="around">Stands between the transport and its tables.</param>
    public static async Task<Reporting> StartAsync(DeviceKeys? keys = null, Func<ITableStore, ITableStore>? around = null)
    {
        TransportHarness transport = await new TransportHarness(around: around).CreateStorageAsync();
        Assert.True((await transport.Get<ReportKey>().SetAsync(new SetReportKeyRequest(PublicKey), transport.Time.GetUtcNow(), None)).IsSuccess);
        return new Reporting(transport, await transport.RegisterBusinessAsync(BusinessNumber), await transport.RegisterAsync(AnnaNumber, keys));
    }

    /// <summary>
    /// Strikes each storage call of something that Anna's device does in turn, every time on a transport of its own; then another process looks, on the same storage.
    /// Gives what was struck.
    /// </summary>
    /// <param name="prepare">Runs without faults; what it gives goes to the others.</param>
    /// <param name="act">May fail anywhere: the device repeats it in <paramref name="check"/>.</param>
    /// <param name="check">Repeats it, and may let late writes land.</param>
    public static Task<IReadOnlySet<string>> SweepAsync<T>(Func<Reporting, Task<T>> prepare, Func<Reporting, T, Task> act, Func<Reporting, T, FaultPlan, Task> check) =>
        FaultSweep.RunAsync(async plan =>
        {
            plan.IsOver = true;
            await using Reporting reporting = await StartAsync(around: tables => new FaultyTableStore(tables, plan, "transport"));
            T prepared = await prepare(reporting);
            plan.IsOver = false;
            try
            {
                await act(reporting, prepared);
            }
            catch (Exception e) when (e is StorageFaultException or SimulatedCrashException)
            {
                // The user's device repeats it.
            }

            plan.IsOver = true;
            plan.Restart();
            await using TransportHarness restarted = new(reporting.Transport);
            await check(reporting.At(restarted), prepared, plan);
        });

    /// <summary>The same storage, seen by another instance, which stays the caller's.</summary>
    public Reporting At(TransportHarness other) => new(other, Business, Anna);

    public ValueTask DisposeAsync() => Transport.DisposeAsync();

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
