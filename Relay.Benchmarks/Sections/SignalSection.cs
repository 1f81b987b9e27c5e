using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;

namespace Relay.Benchmarks.Sections;

/// <summary>The protocol alone: one thread, no storage.</summary>
internal static class SignalSection
{
    private const int PlaintextBytes = 160;

    /// <summary>So many that the clock costs nothing.</summary>
    private const int Batch = 64;

    internal static Section Run(BenchmarkOptions options)
    {
        TimeSpan window = TimeSpan.FromMilliseconds(options.Quick ? 100 : 250);
        int repetitions = options.Quick ? 2 : 8;
        byte[] plaintext = new byte[PlaintextBytes];

        Figure Measure(string name, string target, Func<SignalPair, TimeSpan> batch) =>
            Figure.Rate(name, [.. Enumerable.Range(0, repetitions + 1).Select(_ => Rate(batch, window)).Skip(1)]) with { Target = target };

        return new Section
        {
            Name = "signal",
            Method =
            [
                $"One thread, {PlaintextBytes} bytes of plaintext, every step on a record of its own as the pipeline does it, nothing serialized;",
                $"best and median of {repetitions} × {window.TotalMilliseconds:0} ms. Round trip: a message each way, so two turns of the DH ratchet. Targets: half the prototype's speed",
                "(spec/signal.md §9, measured on one pinned core of another day; its machine varied by 40 %).",
            ],
            Figures =
            [
                Measure("encrypt", ">= 30,200", pair => pair.Encrypt(plaintext, Batch)),
                Measure("decrypt", ">= 29,700", pair => pair.Decrypt(plaintext, Batch)),
                Measure("round trip", ">= 1,150", pair => pair.RoundTrip(plaintext, Batch / 8)),
                Measure("open a session and encrypt (initiator)", ">= 720", pair => pair.Initiate(plaintext, Batch / 8)),
                Measure("decrypt a first message (responder)", ">= 1,150", pair => pair.Respond(plaintext, Batch / 8)),
            ],
        };
    }

    private static double Rate(Func<SignalPair, TimeSpan> batch, TimeSpan window)
    {
        using SignalPair pair = new();
        TimeSpan spent = TimeSpan.Zero;
        long before = pair.Steps;
        while (spent < window)
        {
            spent += batch(pair);
        }

        return (pair.Steps - before) / spent.TotalSeconds;
    }
}
