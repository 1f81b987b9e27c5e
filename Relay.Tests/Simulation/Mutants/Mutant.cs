using Relay.Shared.Storage;

namespace Relay.Tests.Simulation.Mutants;

/// <summary>
/// A relay with one mistake in it, made from outside: its tables behave as if the code made it. What the simulation finds in it, it would
/// find in code that makes that mistake.
/// </summary>
internal abstract class Mutant
{
    /// <summary>The six of spec/reliability.md, by the names of the command.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new SendBeforeCommit(), new TwoWrites(), new NoIfMatch(), new NoInsertGuard(), new ToldBeforeDurable(), new FailureBeforeLook(),
    ];

    public static Mutant Nobody { get; } = new Sound();

    public string Name => GetType().Name;

    /// <summary>What it must be found by, at the latest after <see cref="Seeds"/> seeds.</summary>
    public abstract IReadOnlyList<Promise> Breaks { get; }

    public virtual ulong Seeds => 40;

    /// <summary>A worker's tables of the relay.</summary>
    public abstract ITableStore Around(ITableStore tables);

    /// <summary>Runs in the worker when one of its calls over HTTP has ended, before it hears of it.</summary>
    public virtual Task AfterAsync(SimulatedRequest request) => Task.CompletedTask;

    private sealed class Sound : Mutant
    {
        public override IReadOnlyList<Promise> Breaks => [];

        public override ITableStore Around(ITableStore tables) => tables;
    }
}
