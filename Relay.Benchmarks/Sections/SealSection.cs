using Relay.Benchmarks.Bare;
using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Load.Measuring;
using Relay.Shared.Primitives;

namespace Relay.Benchmarks.Sections;

/// <summary>What sealing costs beside AES-GCM alone: a key of its own for each blob, the commitment, and finding the day's key.</summary>
internal static class SealSection
{
    private const int Batch = 64;
    private const string Target = ">= 0.5";

    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly (int Bytes, string Name)[] Sizes = [(200, "200 B"), (4096, "4 KB")];

    internal static async Task<Section> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        TimeSpan window = TimeSpan.FromMilliseconds(options.Quick ? 50 : 250);
        int repetitions = options.Quick ? 1 : 10;
        BenchKeys keys = await BenchKeys.CreateAsync(Time, cancellationToken);
        List<Figure> figures = [];
        foreach ((int bytes, string name) in Sizes)
        {
            figures.AddRange(await RatesAsync(keys, bytes, name, window, repetitions, cancellationToken));
        }

        return new Section
        {
            Name = "seal",
            Method =
            [
                $"One thread, the day's key in the cache, the place of a message's row. Best and median of {repetitions} × {window.TotalMilliseconds:0} ms, in turn.",
                "Bare: AES-256-GCM by .NET with one key for all, a random nonce each, the same place as authenticated data, a new array; kept: with one cipher object for",
                "all, else with one for each, as whoever has a key for each must. Ratio: of the two bests, and the median of the turns' ratios.",
            ],
            Figures = figures,
        };
    }

    private static async Task<IReadOnlyList<Figure>> RatesAsync(
        BenchKeys keys, int bytes, string name, TimeSpan window, int repetitions, CancellationToken cancellationToken)
    {
        using BareGcm bare = new(keepsCipher: false);
        using BareGcm kept = new(keepsCipher: true);
        byte[] plaintext = new byte[bytes];
        byte[] place = BenchKeys.Place.Encode(BenchKeys.Region, BenchKeys.Tenant);
        byte[] blob = await keys.SealAsync(plaintext, cancellationToken);
        byte[] bareBlob = bare.Seal(plaintext, place);
        UtcDay day = UtcDay.Today(Time);
        Func<ValueTask<byte[]?>>[] steps =
        [
            async () => await keys.Sealer.SealAsync(BenchKeys.Tenant, day, BenchKeys.Place, plaintext, cancellationToken),
            () => ValueTask.FromResult<byte[]?>(bare.Seal(plaintext, place)),
            () => ValueTask.FromResult<byte[]?>(kept.Seal(plaintext, place)),
            () => keys.Sealer.OpenAsync(BenchKeys.Tenant, BenchKeys.Place, blob, cancellationToken),
            () => ValueTask.FromResult<byte[]?>(bare.Open(bareBlob, place)),
            () => ValueTask.FromResult<byte[]?>(kept.Open(bareBlob, place)),
        ];
        List<double>[] rates = [.. steps.Select(_ => new List<double>())];
        for (int i = -1; i < repetitions; i++)
        {
            for (int step = 0; step < steps.Length; step++)
            {
                double rate = await RateAsync(steps[step], window);
                if (i >= 0) // the first time, it is compiled
                {
                    rates[step].Add(rate);
                }
            }
        }

        return [.. Beside("seal", name, rates[0], rates[1], rates[2]), .. Beside("open", name, rates[3], rates[4], rates[5])];
    }

    private static IEnumerable<Figure> Beside(string what, string name, List<double> ours, List<double> bare, List<double> kept) =>
    [
        Figure.Rate($"{what}, {name}", ours),
        Figure.Rate("   bare AES-GCM", bare),
        Ratio("   ratio", ours, bare) with { Target = Target },
        Figure.Rate("   bare AES-GCM, kept", kept),
        Ratio("   ratio, kept (ADR 6: for comparison)", ours, kept),
    ];

    private static Figure Ratio(string name, List<double> ours, List<double> bare) => new()
    {
        Name = name,
        Value = ours.Max() / bare.Max(),
        Median = Statistics.Median([.. ours.Zip(bare, (one, other) => one / other)]),
        Unit = "",
    };

    private static async Task<double> RateAsync(Func<ValueTask<byte[]?>> step, TimeSpan window)
    {
        long done = 0;
        long start = Time.GetTimestamp();
        TimeSpan spent;
        do
        {
            for (int i = 0; i < Batch; i++)
            {
                if (await step() is null)
                {
                    throw new InvalidOperationException("A blob did not open.");
                }
            }

            done += Batch;
            spent = Time.GetElapsedTime(start);
        }
        while (spent < window);

        return done / spent.TotalSeconds;
    }
}
