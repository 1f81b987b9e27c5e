using Relay.Shared.Storage;

namespace Relay.Tests.Simulation.Mutants;

/// <summary>Lets a ciphertext leave and makes session and message durable afterwards: after a death in between the counter is used again.</summary>
internal sealed class SendBeforeCommit : Mutant
{
    public override IReadOnlyList<Promise> Breaks => [Promise.OneCounterOnePlaintext, Promise.OneMessageOneCounter];

    public override ITableStore Around(ITableStore tables) => new HeldCommits(
        tables,
        writes => writes.Any(write => write.RowKey == "S") && writes.Any(write => write.Kind == TableWriteKind.Insert && write.RowKey.StartsWith("O:", StringComparison.Ordinal)));

    public override Task AfterAsync(SimulatedRequest request) =>
        request.Address.AbsolutePath.EndsWith("/envelopes", StringComparison.Ordinal) ? HeldCommits.ReleaseAsync(request.Flow) : Task.CompletedTask;
}
