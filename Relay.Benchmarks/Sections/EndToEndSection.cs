using System.Globalization;
using Relay.Benchmarks.Bare;
using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Measuring;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Load.Measuring;
using Relay.Load.Parties;

namespace Relay.Benchmarks.Sections;

/// <summary>How many messages get all the way, in either direction, with everybody on this machine.</summary>
internal static class EndToEndSection
{
    internal static async Task<Section> RunAsync(BenchAccounts? accounts, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using BenchRelay relay = await BenchRelay.StartAsync(accounts, runPumps: true, recorder: null, cancellationToken);
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

        BareMessages? bare = accounts is null ? null : await BareMessages.RecordAsync(accounts, options.Callers, cancellationToken);
        LoadWindow window = new(options.Callers, options.EndToEndWindow);
        List<WindowResult> outbound = [];
        List<WindowResult> inbound = [];
        List<double> outboundRequests = [];
        List<double> inboundRequests = [];
        List<WindowResult> bareOutbound = [];
        List<WindowResult> bareInbound = [];
        for (int i = 0; i < options.Repetitions; i++)
        {
            long before = accounts?.Requests ?? 0;
            outbound.Add(await window.RunAsync(OutboundAsync, cancellationToken));
            await relay.DrainAsync(cancellationToken);
            long between = accounts?.Requests ?? 0;
            inbound.Add(await window.RunAsync(InboundAsync, cancellationToken));
            await relay.DrainAsync(cancellationToken);
            outboundRequests.Add((between - before) / (double)outbound[^1].Calls);
            inboundRequests.Add(((accounts?.Requests ?? 0) - between) / (double)inbound[^1].Calls);
            if (bare is not null)
            {
                bareOutbound.Add(await window.RunAsync(bare.Outbound.RunAsync, cancellationToken));
                bareInbound.Add(await window.RunAsync(bare.Inbound.RunAsync, cancellationToken));
            }
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
                .. bare is null ? Array.Empty<string>() : [BareMessages.Method],
            ],
            Figures =
            [
                Rate("outbound messages", outbound),
                .. Compared(outbound, outboundRequests, bareOutbound, bare?.OutboundCalls),
                Rate("inbound messages", inbound),
                .. Compared(inbound, inboundRequests, bareInbound, bare?.InboundCalls),
            ],
        };
    }

    /// <summary>Beside a bare loop with the same calls, window by window.</summary>
    private static IEnumerable<Figure> Compared(List<WindowResult> all, List<double> requests, List<WindowResult> bare, string? calls)
    {
        if (bare.Count > 0)
        {
            yield return Rate("   bare loop, the same storage calls", bare) with { Note = calls };
            yield return Figure.Rate("   ratio of the two", [.. all.Zip(bare, (one, other) => one.PerSecond / other.PerSecond)], "") with { Target = ">= 0.8" };
            yield return new Figure
            {
                Name = "   storage requests per message",
                Value = requests.Min(),
                Median = Statistics.Median(requests),
                Unit = "",
                Note = "idle polls and takes that brought nothing included",
            };
        }
    }

    private static Figure Rate(string name, List<WindowResult> runs) => Figure.Rate(name, [.. runs.Select(run => run.PerSecond)]) with
    {
        Note = $"median {TextReport.Number(runs.Min(run => run.MedianMilliseconds))} ms, 99 % within {TextReport.Number(runs.Min(run => run.P99Milliseconds))} ms",
    };
}
