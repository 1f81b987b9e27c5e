using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Measuring;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Load.Parties;
using Relay.Shared.Primitives;

namespace Relay.Benchmarks.Sections;

/// <summary>How many messages are accepted, beside how many requests an endpoint that does nothing takes.</summary>
internal static class AcceptSection
{
    private const int Recipients = 50;

    internal static async Task<Section> RunAsync(BenchAccounts? accounts, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using BenchRelay relay = await BenchRelay.StartAsync(accounts, runPumps: false, recorder: null, cancellationToken);
        LoadBusiness business = await relay.BusinessAsync(withWebhook: false, cancellationToken);
        byte[][] messages = Messages(options.Callers);

        int next = 0;
        byte[] Message() => messages[(uint)Interlocked.Increment(ref next) % messages.Length];
        Task AcceptAsync(int caller, CancellationToken token) => business.SendAsync(Message(), token);
        Task EmptyAsync(int caller, CancellationToken token) => business.PostAsync(relay.EmptyAddress, Message(), token);

        LoadWindow warmUp = new(options.Callers, options.Quick ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(3));
        await warmUp.RunAsync(EmptyAsync, cancellationToken);
        await warmUp.RunAsync(AcceptAsync, cancellationToken);
        await relay.ClearQueuesAsync(cancellationToken);

        LoadWindow window = new(options.Callers, options.AcceptWindow);
        List<WindowResult> empty = [];
        List<WindowResult> accept = [];
        for (int i = 0; i < options.Repetitions; i++)
        {
            empty.Add(await window.RunAsync(EmptyAsync, cancellationToken));
            accept.Add(await window.RunAsync(AcceptAsync, cancellationToken));
            await relay.ClearQueuesAsync(cancellationToken);
        }

        relay.ThrowIfAnyFailed();
        List<double> ratios = [.. accept.Zip(empty, (one, other) => one.PerSecond / other.PerSecond)];
        string latency = $"median {TextReport.Number(accept.Min(run => run.MedianMilliseconds))} ms, 99 % within {TextReport.Number(accept.Min(run => run.P99Milliseconds))} ms";
        return new Section
        {
            Name = $"accept, {SectionList.Place(accounts)}",
            Method =
            [
                $"POST /v25.0/{{id}}/messages, a text of 100 characters, {Recipients} recipients in turn, {options.Callers} callers in this process over HTTP on",
                "loopback, each with one request at a time. Queues don't move meanwhile and are cleared after each window.",
                "Empty endpoint: the same request to a function that does nothing, in a second host of the same kind; windows alternate.",
            ],
            Figures =
            [
                Figure.Rate("accepted messages", [.. accept.Select(run => run.PerSecond)]) with { Note = latency },
                Figure.Rate("empty endpoint", [.. empty.Select(run => run.PerSecond)]),
                Figure.Rate("ratio of the two, window by window", ratios, "") with { Target = accounts is null ? ">= 0.40" : null },
            ],
        };
    }

    /// <summary>Nobody has these numbers: accepting doesn't ask.</summary>
    private static byte[][] Messages(int callers)
    {
        string text = new('x', 100);
        PhoneNumber[] numbers = [.. Enumerable.Range(0, Math.Max(Recipients, callers)).Select(_ => Numbers.Next())];
        return [.. numbers.Take(Recipients).Select(number => LoadBusiness.TextTo(number, text))];
    }
}
