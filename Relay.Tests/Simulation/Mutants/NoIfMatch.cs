using Relay.Shared.Storage;

namespace Relay.Tests.Simulation.Mutants;

/// <summary>Writes the session over whatever is there: of two workers that read the same one, both go on from it.</summary>
internal sealed class NoIfMatch : Mutant
{
    public override IReadOnlyList<Promise> Breaks => [Promise.OneCounterOnePlaintext];

    public override ITableStore Around(ITableStore tables) => new Tables(tables);

    private sealed class Tables(ITableStore inner) : MutantTables(inner)
    {
        protected override Task<CommitResult> CommitAsync(string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
            base.CommitAsync(
                partitionKey,
                [.. writes.Select(write => write is { RowKey: "S", Kind: TableWriteKind.Replace } ? TableWrite.Upsert(write.RowKey, write.Columns) : write)],
                cancellationToken);
    }
}
