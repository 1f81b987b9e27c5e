using System.Globalization;
using System.Reflection;
using Relay.Fuzz.Judging;
using Relay.Fuzz.Mutating;
using Relay.Fuzz.Scene;
using Relay.Fuzz.Wire;
using Relay.LocalHost;

namespace Relay.Fuzz;

/// <summary>One run: a scene, then Relay after Relay on what the scene has stored, each with some hundred changed requests.</summary>
internal sealed class FuzzRun(FuzzOptions options, TextWriter output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int ProgressStep = 10_000;

    private readonly Verdicts _verdicts = new();

    public async Task<FuzzReport> RunAsync(CancellationToken cancellationToken)
    {
        await using FuzzScene scene = await FuzzScene.PlayAsync(cancellationToken);
        Seeds seeds = new(scene, FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes()));
        await output.WriteLineAsync($"{seeds.Functions.Count} functions, seed {options.Seed}; without a real request: {(seeds.Made.Count == 0 ? "-" : string.Join(", ", seeds.Made))}");
        Mutator mutator = new([.. scene.Values.Values]);
        if (options.Only is { } only)
        {
            await RunStageAsync(scene, seeds, mutator, only, 1, cancellationToken);
        }
        else
        {
            for (int from = 0; from < options.Requests;)
            {
                int before = from / ProgressStep;
                from += await RunStageAsync(scene, seeds, mutator, from, Math.Min(options.PerStage, options.Requests - from), cancellationToken);
                _verdicts.NoteAlive(GC.GetTotalMemory(forceFullCollection: true));
                if (from / ProgressStep > before)
                {
                    await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {from:N0} sent, {_verdicts.Found} found"));
                }
            }
        }

        return _verdicts.Report();
    }

    /// <summary>Says how many requests were sent: what took the scene's ground away ends a stage early.</summary>
    private async Task<int> RunStageAsync(FuzzScene scene, Seeds seeds, Mutator mutator, int from, int count, CancellationToken cancellationToken)
    {
        await using FuzzStage stage = await scene.Stage.AgainAsync(cancellationToken);
        using RawConnection connection = new(stage.Host.BaseAddress);
        stage.TakeWrites();
        int sent = 0;
        bool isOver = false;
        while (sent < count && !isOver)
        {
            int index = from + sent++;
            Draw draw = new(options.Seed, index);
            string function = options.Function ?? draw.Of(seeds.Functions);
            FuzzRequest request = mutator.Make(draw.Of(seeds.Of(function)), draw);
            isOver = await SendAsync(scene, stage, connection, index, request, cancellationToken);
        }

        await SettleAsync(scene, stage, cancellationToken);
        return sent;
    }

    private async Task<bool> SendAsync(FuzzScene scene, FuzzStage stage, RawConnection connection, int index, FuzzRequest request, CancellationToken cancellationToken)
    {
        string Shown() => scene.Hide(request.ToString());
        long allocated = GC.GetTotalAllocatedBytes();
        long began = TimeProvider.System.GetTimestamp();
        RawAnswer? answer;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Patience);
        try
        {
            answer = await connection.SendAsync(request, late.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _verdicts.Find(index, request.Function, $"no answer within {Patience.TotalSeconds:0} s", Shown());
            return true;
        }

        _verdicts.Note(request.Function, answer?.Status ?? 0, TimeProvider.System.GetElapsedTime(began), GC.GetTotalAllocatedBytes() - allocated);
        if (options.Only is not null)
        {
            await output.WriteLineAsync($"{Shown()}\n  answer: {answer?.Status}");
        }

        IReadOnlyList<string> writes = stage.TakeWrites();
        string said = stage.Words.Take();
        foreach (string what in Judge.Find(request.Function, answer, writes))
        {
            _verdicts.Find(index, request.Function, said.Length == 0 ? what : $"{what} ({said})", Shown());
        }

        return answer is { Status: < 300 } && Judge.TakesGroundAway(request);
    }

    /// <summary>Lets the queues work off what was accepted: none may choke on it.</summary>
    private async Task SettleAsync(FuzzScene scene, FuzzStage stage, CancellationToken cancellationToken)
    {
        await stage.Host.DrainAsync(cancellationToken);
        foreach (string fault in stage.Faults)
        {
            _verdicts.Find(-1, fault.Split(':')[0], "a function failed: " + scene.Hide(fault), string.Empty);
        }
    }
}
