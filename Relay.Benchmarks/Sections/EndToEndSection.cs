using System.Globalization;
using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Measuring;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Load.Parties;

namespace Relay.Benchmarks.Sections;

/// <summary>How many messages get all the way, in either direction, with everybody on this machine.</summary>
internal static class EndToEndSection
{
    internal static async Task<Section> RunAsync(BenchAccounts? accounts, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using BenchRelay relay = await BenchRelay.StartAsync(accounts, runPumps: true, cancellationToken);
        LoadBusiness business = await relay.BusinessAsync(withWebhook: true, cancellationToken);
        List<LoadDevice> devices = [];
        for (int i = 0; i < options.Callers; i++)
        {
            devices.Add(await relay.DeviceAsync(cancellationToken));
            devices[i].Listen();
        }

        int sent = 0;
        string Text() => string.Create(CultureInfo.InvariantCulture, $"message {Interlocked.Increment(ref sent)}");
        async Task OutboundAsync(int caller, CancellationToken token)
        {
            string text = Text();
            Task received = relay.AtDevices.WhenAsync(text);
            await business.SendAsync(LoadBusiness.TextTo(devices[caller].Number, text), token);
            await Arrival.WithinAMinuteAsync(received, token);
        }

        async Task InboundAsync(int caller, CancellationToken token)
        {
            string text = Text();
            Task told = relay.AtBusiness.WhenAsync(text);
            await devices[caller].SendAsync(business.Number, text, token);
            await Arrival.WithinAMinuteAsync(told, token);
        }

        // A message each way opens each conversation for good.
        LoadWindow warmUp = new(options.Callers, TimeSpan.FromSeconds(options.Quick ? 0.5 : 2));
        await warmUp.RunAsync(OutboundAsync, cancellationToken);
        await warmUp.RunAsync(InboundAsync, cancellationToken);

        LoadWindow window = new(options.Callers, options.EndToEndWindow);
        List<WindowResult> outbound = [];
        List<WindowResult> inbound = [];
        for (int i = 0; i < options.Repetitions; i++)
        {
            outbound.Add(await window.RunAsync(OutboundAsync, cancellationToken));
            await relay.DrainAsync(cancellationToken);
            inbound.Add(await window.RunAsync(InboundAsync, cancellationToken));
            await relay.DrainAsync(cancellationToken);
        }

        relay.ThrowIfAnyFailed();
        return new Section
        {
            Name = $"end to end, {SectionList.Place(accounts)}",
            Method =
            [
                $"{options.Callers} conversations, one message under way in each. Relay, transport, devices, webhook endpoint and load share this machine.",
                "Outbound: POST until the device has decrypted; the sent webhook, the device's receipt and the delivered webhook happen as well.",
                "Inbound: the device encrypts and sends, until the webhook has arrived.",
            ],
            Figures = [Rate("outbound messages", outbound), Rate("inbound messages", inbound)],
        };
    }

    private static Figure Rate(string name, List<WindowResult> runs) => Figure.Rate(name, [.. runs.Select(run => run.PerSecond)]) with
    {
        Note = $"median {TextReport.Number(runs.Min(run => run.MedianMilliseconds))} ms, 99 % within {TextReport.Number(runs.Min(run => run.P99Milliseconds))} ms",
    };
}
