using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Load.Parties;

namespace Relay.Benchmarks.Sections;

/// <summary>What one message costs in billed storage transactions, beside the budget.</summary>
internal static class TransactionsSection
{
    internal static async Task<Section> RunAsync(BenchAccounts accounts, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        int messages = options.Quick ? 5 : 20;
        await using BenchRelay relay = await BenchRelay.StartAsync(accounts, runPumps: false, recorder: null, cancellationToken);
        LoadBusiness business = await relay.BusinessAsync(withWebhook: true, cancellationToken);
        LoadDevice device = await relay.DeviceAsync(cancellationToken);
        byte[] outgoing = LoadBusiness.TextTo(device.Number, "hello");
        await relay.ClearQueuesAsync(cancellationToken);

        List<CallCount[]> samples = [];
        for (int i = 0; i < messages + 3; i++)
        {
            CallCount start = CallCount.Of(accounts);
            await business.SendAsync(outgoing, cancellationToken);
            CallCount accepted = CallCount.Of(accounts);
            await relay.DrainAsync(cancellationToken);
            CallCount delivered = CallCount.Of(accounts);
            await device.ReceiveAsync(TimeSpan.Zero, cancellationToken);
            CallCount fetched = CallCount.Of(accounts);
            await relay.DrainAsync(cancellationToken);
            CallCount confirmed = CallCount.Of(accounts);
            Task told = relay.AtBusiness.WhenAsync("hello");
            await device.SendAsync(business.Number, "hello", cancellationToken);
            await relay.DrainAsync(cancellationToken);
            CallCount answered = CallCount.Of(accounts);
            await Arrival.WithinAMinuteAsync(told, cancellationToken);

            // The first rounds open the conversation and fill the caches.
            if (i >= 3)
            {
                samples.Add([accepted - start, delivered - accepted, fetched - delivered, confirmed - fetched, answered - confirmed]);
            }
        }

        relay.ThrowIfAnyFailed();
        CallCount[] typical = [.. Enumerable.Range(0, 5).Select(step => CallCount.Median([.. samples.Select(sample => sample[step])]))];
        return new Section
        {
            Name = $"storage transactions, {SectionList.Place(accounts)}",
            Method =
            [
                $"Requests counted at the SDK's pipeline, retries included; one established conversation, caches warm, median of {messages} messages one after the other.",
                "Queue gets count when they brought something: one serves up to 32 messages under load, and an idle listener's polls cost per hour.",
                "The budget is that of spec/storage.md §8 for the relay's account; it leaves out a conversation's first write of the day (+1).",
            ],
            Figures =
            [
                .. typical[0].RelayFigures("outbound, accept", "0", "1"),
                .. typical[1].RelayFigures("outbound, deliver and tell sent", "4", "2"),
                .. typical[1].TransportFigures("outbound, into the mailbox"),
                .. typical[2].TransportFigures("device: fetch, acknowledge, send a receipt"),
                .. (typical[2] + typical[3]).RelayFigures("its receipt, tell delivered", "2", "3"),
                .. typical[3].TransportFigures("its receipt, push"),
                .. typical[4].RelayFigures("inbound, decrypt and tell", "3", "3"),
                .. typical[4].TransportFigures("inbound, send and push"),
            ],
        };
    }
}
