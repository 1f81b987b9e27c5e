using Relay.Shared.Storage;
using Relay.Tests.Support;

namespace Relay.Tests.Simulation.Mutants;

/// <summary>Tells a status or a message and makes it durable afterwards: after a death in between it is told again, and otherwise.</summary>
internal sealed class ToldBeforeDurable : Mutant
{
    public override IReadOnlyList<Promise> Breaks => [Promise.RepeatsAreTheSame];

    public override ITableStore Around(ITableStore tables) => new HeldCommits(
        tables,
        writes => writes.Any(write => write.Kind == TableWriteKind.Insert && write.Columns.TryGetValue("pending", out object? pending) && pending is true));

    public override Task AfterAsync(SimulatedRequest request) =>
        request.Address == WebhookStub.Callback ? HeldCommits.ReleaseAsync(request.Flow) : Task.CompletedTask;
}
