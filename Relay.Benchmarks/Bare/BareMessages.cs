using System.Globalization;
using Relay.Benchmarks.Stage;
using Relay.Load.Parties;

namespace Relay.Benchmarks.Bare;

/// <summary>Bare loops for a message each way, recorded in an established conversation from the first call to the last.</summary>
internal sealed record BareMessages(BareLoop Outbound, string OutboundCalls, BareLoop Inbound, string InboundCalls)
{
    internal const string Method =
        "Bare loop: the storage calls of one such message (both accounts, everything until the last webhook is marked as told), recorded just before and made again with the same content by as many callers.";

    private const int RoundsBefore = 3;

    internal static async Task<BareMessages> RecordAsync(BenchAccounts accounts, int callers, CancellationToken cancellationToken)
    {
        CallRecorder recorder = new();
        await using BenchRelay relay = await BenchRelay.StartAsync(accounts, runPumps: false, recorder, cancellationToken);
        LoadBusiness business = await relay.BusinessAsync(withWebhook: true, cancellationToken);
        LoadDevice device = await relay.DeviceAsync(cancellationToken);
        byte[] outgoing = LoadBusiness.TextTo(device.Number, "hello");
        IReadOnlyList<StorageCall> outbound = [];
        IReadOnlyList<StorageCall> inbound = [];
        for (int i = 0; i <= RoundsBefore; i++)
        {
            recorder.Take();
            await business.SendAsync(outgoing, cancellationToken);
            await relay.SettleAsync(device, cancellationToken);
            outbound = recorder.Take();
            await device.SendAsync(business.Number, "hello", cancellationToken);
            await relay.DrainAsync(cancellationToken);
            inbound = recorder.Take();
        }

        return new BareMessages(
            await BareLoop.PrepareAsync(outbound, accounts, callers, cancellationToken),
            InWords(outbound),
            await BareLoop.PrepareAsync(inbound, accounts, callers, cancellationToken),
            InWords(inbound));
    }

    private static string InWords(IReadOnlyList<StorageCall> calls) => string.Create(
        CultureInfo.InvariantCulture,
        $"{calls.Count(call => call is TableGet or TableQuery)} table reads, {calls.Count(call => call is TableCommit)} commits, {calls.Count(call => call is QueuePut or QueueTake or QueueDelete)} queue calls");
}
