using System.Globalization;
using Relay.Shared.Storage;

namespace Relay.Tests.Simulation.Mutants;

/// <summary>
/// Tables that say of some commits that they are saved and save them only when the run that made them is told to: as code does that
/// acts first and writes afterwards.
/// </summary>
/// <param name="inner">The tables.</param>
/// <param name="isHeld">Which commits of conversations.</param>
internal sealed class HeldCommits(ITableStore inner, Func<IReadOnlyList<TableWrite>, bool> isHeld) : MutantTables(inner)
{
    private readonly Dictionary<string, string> _etags = new(StringComparer.Ordinal);
    private int _made;

    protected override async Task<CommitResult> CommitAsync(string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        if (!isHeld(writes))
        {
            return await base.CommitAsync(partitionKey, [.. writes.Select(Translate)], cancellationToken);
        }

        string[] promised = [.. writes.Select(_ => string.Create(CultureInfo.InvariantCulture, $"W/\"held-{++_made}\""))];
        SimulatedFlow.Current.Held = () => SaveAsync(partitionKey, writes, promised);
        return CommitResult.Saved(promised);
    }

    /// <summary>Saves what this run held back, if anything.</summary>
    public static async Task ReleaseAsync(SimulatedFlow flow)
    {
        if (flow.Held is { } save)
        {
            flow.Held = null;
            await save();
        }
    }

    private async Task SaveAsync(string partitionKey, IReadOnlyList<TableWrite> writes, string[] promised)
    {
        CommitResult result = await base.CommitAsync(partitionKey, [.. writes.Select(Translate)], CancellationToken.None);
        for (int i = 0; i < result.ETags.Count; i++)
        {
            _etags[promised[i]] = result.ETags[i] ?? "";
        }
    }

    private TableWrite Translate(TableWrite write) => write.ETag is not null && _etags.TryGetValue(write.ETag, out string? now)
        ? write.Kind switch
        {
            TableWriteKind.Replace => TableWrite.Replace(write.RowKey, now, write.Columns),
            TableWriteKind.Merge => TableWrite.Merge(write.RowKey, now, write.Columns),
            _ => write,
        }
        : write;
}
