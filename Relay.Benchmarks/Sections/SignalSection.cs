using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Load.Measuring;
using Relay.Shared.Signal;

namespace Relay.Benchmarks.Sections;

/// <summary>The protocol alone: one thread, stores in memory, beside Signal's own library in the same minutes.</summary>
internal static class SignalSection
{
    private const int PlaintextBytes = 160;

    /// <summary>So many that the clock costs nothing.</summary>
    private const int Batch = 64;

    private static readonly byte[] Plaintext = new byte[PlaintextBytes];

    private static readonly Step[] Steps =
    [
        new("encrypt", ">= 4", (pair, plaintext) => pair.Encrypt(plaintext, Batch), peer => peer.Encrypt),
        new("decrypt", ">= 4", (pair, plaintext) => pair.Decrypt(plaintext, Batch), peer => peer.Decrypt),
        new("round trip", ">= 2", (pair, plaintext) => pair.RoundTrip(plaintext, Batch / 8), peer => peer.RoundTrip),
        new("make a bundle", null, (pair, _) => pair.Publish(Batch / 8), peer => peer.Bundle),
        new("initiate", ">= 1", (pair, plaintext) => pair.Initiate(plaintext, Batch / 8), peer => peer.Initiate),
        new("accept", ">= 1", (pair, plaintext) => pair.Respond(plaintext, Batch / 8), peer => peer.Accept),
    ];

    private static readonly (SessionProtocols Protocol, string Name)[] Protocols =
        [(SessionProtocols.PqxdhSpqr, "version 4 with SPQR"), (SessionProtocols.X3dh, "version 3")];

    /// <summary>Records as bytes between the steps first: that is what everybody who keeps them does.</summary>
    internal static async IAsyncEnumerable<Section> RunAsync(
        BenchmarkOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await RunAsync(options, asBytes: true, cancellationToken);
        yield return await RunAsync(options, asBytes: false, cancellationToken);
        foreach ((SessionProtocols protocol, string name) in Protocols)
        {
            yield return Growth(protocol, name);
        }
    }

    private static async Task<Section> RunAsync(BenchmarkOptions options, bool asBytes, CancellationToken cancellationToken)
    {
        TimeSpan window = TimeSpan.FromMilliseconds(options.Quick ? 50 : 250);
        int repetitions = options.Quick ? 1 : 6;
        bool withPeer = LibsignalRates.IsInstalled;
        List<Rates> rates = [];
        for (int i = -1; i < repetitions; i++)
        {
            double[][] ours = [.. Steps.Select(step => Protocols.Select(spoken => Rate(step, spoken.Protocol, asBytes, window)).ToArray())];
            if (i >= 0) // the first time, it is compiled
            {
                rates.Add(new Rates(ours, withPeer ? await LibsignalRates.MeasureAsync(window, asBytes, cancellationToken) : null));
            }
        }

        return new Section
        {
            Name = asBytes ? "signal, records stored as bytes" : "signal, records kept as objects",
            Method =
            [
                $"One thread, {PlaintextBytes} bytes of plaintext, stores in memory; between two steps a session is {(asBytes ? "the bytes that a store gets" : "an object")}, on both sides.",
                $"Best and median of {repetitions} × {window.TotalMilliseconds:0} ms. Round trip: a message each way, so two turns of the DH ratchet. Initiate: a bundle taken and a",
                "message encrypted. Accept: a first message decrypted.",
                rates[0].Theirs is { } theirs
                    ? $"Beside it {theirs.Peer} (version 4 with SPQR) on Node.js, window by window in turn. Ratio: of the two bests, and the median of the turns' ratios."
                    : "Signal's own library is left out: it is not installed (./relay bench does it).",
            ],
            Figures = [.. Enumerable.Range(0, Steps.Length).SelectMany(number => Figures(number, rates))],
        };
    }

    /// <summary>What a session costs at its beginning and after a thousand messages.</summary>
    private static Section Growth(SessionProtocols protocol, string name)
    {
        const int Messages = 1_000;
        const int Some = 100;
        using SignalPair pair = new(protocol, asBytes: false);
        pair.RoundTrip(Plaintext, Some);
        long early = Allocated(pair, Some);
        pair.RoundTrip(Plaintext, (Messages / 2) - (2 * Some));
        long late = Allocated(pair, Some);
        return new Section
        {
            Name = $"signal, growth, {name}",
            Method = [$"One session, a message each way in turn. Allocated: by both sides, for a message sent and read, over {2 * Some} messages."],
            Figures =
            [
                new Figure { Name = $"record after {Messages:#,0} messages", Value = pair.RecordBytes, Unit = "bytes", Target = "<= 8,192" },
                new Figure { Name = $"allocated per message, from the {2 * Some}th", Value = early / (2.0 * Some), Unit = "bytes" },
                new Figure { Name = $"allocated per message, to the {Messages:#,0}th", Value = late / (2.0 * Some), Unit = "bytes", Target = "the same", Note = protocol == SessionProtocols.PqxdhSpqr ? "but for where SPQR stands in an epoch" : null },
            ],
        };
    }

    private static long Allocated(SignalPair pair, int roundTrips)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        pair.RoundTrip(Plaintext, roundTrips);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static IEnumerable<Figure> Figures(int number, List<Rates> rates)
    {
        Step step = Steps[number];
        double[] theirs = [.. rates.Select(turn => turn.Theirs).OfType<LibsignalRates>().Select(step.Peer)];
        for (int i = 0; i < Protocols.Length; i++)
        {
            yield return Figure.Rate($"{step.Name}, {Protocols[i].Name}", [.. rates.Select(turn => turn.Ours[number][i])]);
        }

        if (theirs.Length == 0)
        {
            yield break;
        }

        yield return Figure.Rate($"{step.Name}, libsignal-client", theirs);
        for (int i = 0; i < Protocols.Length; i++)
        {
            double[] ours = [.. rates.Select(turn => turn.Ours[number][i])];
            yield return new Figure
            {
                Name = $"   ratio, {Protocols[i].Name}",
                Value = ours.Max() / theirs.Max(),
                Median = Statistics.Median([.. ours.Zip(theirs, (one, other) => one / other)]),
                Unit = "",
                Target = step.Target,
            };
        }
    }

    private static double Rate(Step step, SessionProtocols protocol, bool asBytes, TimeSpan window)
    {
        using SignalPair pair = new(protocol, asBytes);
        TimeSpan spent = TimeSpan.Zero;
        long before = pair.Steps;
        while (spent < window)
        {
            spent += step.Batch(pair, Plaintext);
        }

        return (pair.Steps - before) / spent.TotalSeconds;
    }

    /// <param name="Ours">By step and protocol.</param>
    /// <param name="Theirs">In the same turn.</param>
    private sealed record Rates(double[][] Ours, LibsignalRates? Theirs);

    /// <param name="Name">What is measured.</param>
    /// <param name="Target">Of the ratio.</param>
    /// <param name="Batch">Does some of it and returns the time that took.</param>
    /// <param name="Peer">The other library's rate of the same.</param>
    private sealed record Step(string Name, string? Target, Func<SignalPair, byte[], TimeSpan> Batch, Func<LibsignalRates, double> Peer);
}
