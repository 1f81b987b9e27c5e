using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Load.Measuring;
using Relay.Load.Parties;

namespace Relay.Benchmarks.Sections;

/// <summary>How many bytes an accepted message costs the allocator, beyond what HTTP costs.</summary>
internal static class AllocationsSection
{
    internal static async Task<Section> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        int calls = options.Quick ? 200 : 2_000;
        await using BenchRelay relay = await BenchRelay.StartAsync(null, runPumps: false, recorder: null, cancellationToken);
        LoadBusiness business = await relay.BusinessAsync(withWebhook: false, cancellationToken);
        byte[] message = LoadBusiness.TextTo(Numbers.Next(), new string('x', 100));

        async Task<double> BytesPerCallAsync(Uri address)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < calls; i++)
            {
                await business.PostAsync(address, message, cancellationToken);
            }

            return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)calls;
        }

        List<double> empty = [];
        List<double> accept = [];
        for (int i = 0; i <= options.Repetitions; i++)
        {
            double emptyNow = await BytesPerCallAsync(relay.EmptyAddress);
            double acceptNow = await BytesPerCallAsync(business.Address);
            if (i > 0)
            {
                empty.Add(emptyNow);
                accept.Add(acceptNow);
            }
        }

        relay.ThrowIfAnyFailed();
        return new Section
        {
            Name = "allocations, in memory",
            Method = [$"GC.GetTotalAllocatedBytes around {calls} requests, one after the other; client and server are both in it. The first round is thrown away."],
            Figures =
            [
                Bytes("accepted message, with its HTTP", accept),
                Bytes("empty endpoint, with its HTTP", empty),
                Bytes("accepted message alone (difference)", [.. accept.Zip(empty, (one, other) => one - other)]),
            ],
        };
    }

    private static Figure Bytes(string name, List<double> values) => new()
    {
        Name = name,
        Value = values.Min(),
        Median = Statistics.Median(values),
        Unit = "bytes",
    };
}
