using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Readiness;

/// <summary>
/// Asks what a role can't work without, all at once and for three seconds at most, and keeps the answer for five: however often anybody asks, a dependency is asked
/// seldom. What fails in whatever way is away; why is not told.
/// </summary>
public abstract class AskDependencies(TimeProvider time)
{
    internal static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(5);

    private const string Nothing = "ready";

    /// <summary>Of no use to anybody: it says nothing.</summary>
    private static readonly Statement Question = Statement.Of("relay/ready/v1");

    private readonly Lock _gate = new();
    private Task<IReadOnlyList<Dependency>>? _answer;
    private DateTimeOffset _until;

    /// <summary>Those that are away, in the order of the enum; none when the role is ready.</summary>
    public Task<IReadOnlyList<Dependency>> ExecuteAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<Dependency>> answer;
        lock (_gate)
        {
            if (_answer is null || time.GetUtcNow() >= _until)
            {
                // Not the caller's token: others wait for the same answer.
                _answer = AskAsync();
                _until = time.GetUtcNow() + Life;
            }

            answer = _answer;
        }

        return answer.WaitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<Dependency>> AskAsync()
    {
        using CancellationTokenSource end = new(Budget, time);
        CancellationToken token = end.Token;
        Dependency?[] away = await Task.WhenAll(Questions(token).Select(one => TryAsync(one.Of, one.Ask)));
        return [.. away.OfType<Dependency>().Distinct()];
    }

    /// <summary>What to ask, in the order of the enum.</summary>
    protected abstract IEnumerable<(Dependency Of, Func<Task> Ask)> Questions(CancellationToken cancellationToken);

    protected static Task AskTableAsync(ITableStore tables, string table, CancellationToken cancellationToken) => tables.GetAsync(table, Nothing, Nothing, cancellationToken);

    protected static Task AskBlobAsync(IBlobStore blobs, string container, CancellationToken cancellationToken) => blobs.ReadAsync(container, Nothing, 0, new byte[1], cancellationToken);

    protected static Task AskVaultAsync(StatementSigner signer, CancellationToken cancellationToken) => signer.SignAsync(Question, cancellationToken);

    /// <summary>Null when it answered.</summary>
    private async Task<Dependency?> TryAsync(Dependency dependency, Func<Task> ask)
    {
        try
        {
            await ask().WaitAsync(Budget, time);
            return null;
        }
        catch (Exception)
        {
            return dependency;
        }
    }
}

/// <summary>What the relay needs.</summary>
public sealed class RelayReadiness(RelayStorage storage, RelayKeys keys, TimeProvider time) : AskDependencies(time)
{
    protected override IEnumerable<(Dependency Of, Func<Task> Ask)> Questions(CancellationToken cancellationToken) =>
    [
        (Dependency.Tables, () => AskTableAsync(storage.Tables, TableNames.Dek, cancellationToken)),
        (Dependency.Queues, () => storage.Queues.CountAsync(QueueNames.Outbound, cancellationToken)),
        (Dependency.Blobs, () => AskBlobAsync(storage.Blobs, ContainerNames.Media, cancellationToken)),
        (Dependency.Vault, () => AskVaultAsync(keys.Ring.Signer, cancellationToken)),
    ];
}

/// <summary>What the transport needs.</summary>
public sealed class TransportReadiness(TransportStorage storage, TransportKeys keys, TimeProvider time) : AskDependencies(time)
{
    protected override IEnumerable<(Dependency Of, Func<Task> Ask)> Questions(CancellationToken cancellationToken) =>
    [
        (Dependency.Tables, () => AskTableAsync(storage.Tables, TableNames.Dek, cancellationToken)),
        (Dependency.Queues, () => storage.Queues.CountAsync(QueueNames.Push, cancellationToken)),
        (Dependency.Blobs, () => AskBlobAsync(storage.Blobs, ContainerNames.Attachments, cancellationToken)),
        (Dependency.Vault, () => AskVaultAsync(keys.Ring.Signer, cancellationToken)),
    ];
}

/// <summary>What the manager needs: its own account, and of the relay's what it may touch. It has no queue to read, no file, and no key to sign with.</summary>
public sealed class ManagerReadiness(RelayStorage storage, ManagerStorage manager, TimeProvider time) : AskDependencies(time)
{
    protected override IEnumerable<(Dependency Of, Func<Task> Ask)> Questions(CancellationToken cancellationToken) =>
    [
        (Dependency.Tables, () => AskTableAsync(storage.Tables, TableNames.Businesses, cancellationToken)),
        (Dependency.Tables, () => AskTableAsync(manager.Tables, TableNames.People, cancellationToken)),
    ];
}
