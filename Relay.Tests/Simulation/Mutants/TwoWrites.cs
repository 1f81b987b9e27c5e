using Relay.Shared.Storage;

namespace Relay.Tests.Simulation.Mutants;

/// <summary>Writes row after row where one transaction belongs: a death, a fault or a lost race in between leaves half of it.</summary>
internal sealed class TwoWrites : Mutant
{
    public override IReadOnlyList<Promise> Breaks => [Promise.OneCounterOnePlaintext, Promise.UserIsHeard, Promise.StatusesAreTold];

    public override ITableStore Around(ITableStore tables) => new Tables(tables);

    private sealed class Tables(ITableStore inner) : MutantTables(inner)
    {
        protected override async Task<CommitResult> CommitAsync(string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
        {
            List<string?> etags = [];
            foreach (TableWrite write in writes)
            {
                CommitResult one = await base.CommitAsync(partitionKey, [write], cancellationToken);
                if (!one.IsSaved)
                {
                    return one;
                }

                etags.AddRange(one.ETags);
            }

            return CommitResult.Saved(etags);
        }
    }
}
