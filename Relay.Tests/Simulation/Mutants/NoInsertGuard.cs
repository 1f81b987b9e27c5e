using Relay.Shared.Storage;

namespace Relay.Tests.Simulation.Mutants;

/// <summary>Writes messages, marks and statuses over whatever is there: a repeat is taken for something new.</summary>
internal sealed class NoInsertGuard : Mutant
{
    public override IReadOnlyList<Promise> Breaks => [Promise.OneMessageOneCounter];

    public override ITableStore Around(ITableStore tables) => new Tables(tables);

    private sealed class Tables(ITableStore inner) : MutantTables(inner)
    {
        protected override Task<CommitResult> CommitAsync(string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
            base.CommitAsync(
                partitionKey,
                [.. writes.Select(write => write.Kind == TableWriteKind.Insert && (Is(write, "O:") || Is(write, "R:") || Is(write, "W:"))
                    ? TableWrite.Upsert(write.RowKey, write.Columns)
                    : write)],
                cancellationToken);
    }
}
