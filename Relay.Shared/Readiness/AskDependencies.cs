using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Readiness;

/// <summary>
/// Asks what a role can't work without, all at once and for three seconds at most, and keeps the answer for five: however often anybody asks, a dependency is asked
/// seldom. What fails in whatever way is away; why is not told.
/// </summary>
public abstract class AskDependencies(ITableStore tables, IQueueStore queues, IBlobStore blobs, StatementSigner signer, string queue, string container, TimeProvider time)
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
        Dependency?[] away = await Task.WhenAll(
            TryAsync(Dependency.Tables, () => tables.GetAsync(TableNames.Dek, Nothing, Nothing, token)),
            TryAsync(Dependency.Queues, () => queues.CountAsync(queue, token)),
            TryAsync(Dependency.Blobs, () => blobs.ReadAsync(container, Nothing, 0, new byte[1], token)),
            TryAsync(Dependency.Vault, () => signer.SignAsync(Question, token)));
        return [.. away.OfType<Dependency>()];
    }

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
public sealed class RelayReadiness(RelayStorage storage, RelayKeys keys, TimeProvider time)
    : AskDependencies(storage.Tables, storage.Queues, storage.Blobs, keys.Ring.Signer, QueueNames.Outbound, ContainerNames.Media, time);

/// <summary>What the transport needs.</summary>
public sealed class TransportReadiness(TransportStorage storage, TransportKeys keys, TimeProvider time)
    : AskDependencies(storage.Tables, storage.Queues, storage.Blobs, keys.Ring.Signer, QueueNames.Push, ContainerNames.Attachments, time);
