using System.Runtime.CompilerServices;
using Relay.Shared.Storage;

namespace Relay.Tests.Simulation.Mutants;

/// <summary>Takes an envelope that doesn't decrypt for a failure without looking whether it was taken before: what that run left untold stays so.</summary>
internal sealed class FailureBeforeLook : Mutant
{
    public override IReadOnlyList<Promise> Breaks => [Promise.UserIsHeard];

    /// <summary>Somebody must die between two certain steps: mostly found within ten, in one run of many not within forty.</summary>
    public override ulong Seeds => 160;

    public override ITableStore Around(ITableStore tables) => new Tables(tables);

    private sealed class Tables(ITableStore inner) : MutantTables(inner)
    {
        /// <summary>The row that a run read last.</summary>
        private readonly ConditionalWeakTable<SimulatedFlow, string> _last = [];

        public override async Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken)
        {
            if (table != TableNames.Conversations)
            {
                return await base.GetAsync(table, partitionKey, rowKey, cancellationToken);
            }

            // Between reading the session and looking at the mark nothing is written: that is the look on the way of the failure.
            bool isTheLook = rowKey.StartsWith("R:", StringComparison.Ordinal) && _last.TryGetValue(SimulatedFlow.Current, out string? last) && last == "S";
            _last.AddOrUpdate(SimulatedFlow.Current, rowKey);
            return isTheLook ? null : await base.GetAsync(table, partitionKey, rowKey, cancellationToken);
        }

        protected override Task<CommitResult> CommitAsync(string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
        {
            _last.Remove(SimulatedFlow.Current);
            return base.CommitAsync(partitionKey, writes, cancellationToken);
        }
    }
}
