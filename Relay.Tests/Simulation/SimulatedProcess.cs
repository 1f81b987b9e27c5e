namespace Relay.Tests.Simulation;

/// <summary>
/// What makes calls: a worker from one start to its death, a device, the business. The dead hear nothing and do nothing any more.
/// </summary>
internal sealed class SimulatedProcess(string name, bool mayDie)
{
    private readonly List<Action> _callers = [];

    public string Name { get; } = name;

    public bool MayDie { get; } = mayDie;

    public bool IsDead { get; private set; }

    /// <summary>Someone waits for this process's answer, and learns of its death.</summary>
    public void Owes(Action onDeath) => _callers.Add(onDeath);

    public void Die()
    {
        IsDead = true;
        _callers.ForEach(tell => tell());
        _callers.Clear();
    }

    public override string ToString() => Name;
}
