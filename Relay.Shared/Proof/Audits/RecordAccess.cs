using System.Security.Cryptography;
using Relay.Shared.Administration;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Proof.Audits;

/// <summary>
/// Appends an access to a business's audit. Content is given out only after this has returned: where it throws, nothing is opened and the caller is told 503. So an
/// entry may stand for an access that came to nothing, never the other way round. One read and one commit; calls of one business take turns within a process, and
/// race by ETag with other processes.
/// </summary>
public sealed class RecordAccess(AuditStore audit, TimeProvider time)
{
    private const int MaxRaces = 20;
    private const int IdSize = 8;
    private const int Turns = 64;

    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1))];

    /// <exception cref="StorageFaultException">It may not stand there: give nothing out.</exception>
    public Task ExecuteAsync(BusinessId business, AccessActor who, AccessOperation operation, CancellationToken cancellationToken) =>
        AppendInTurnAsync(business, who, operation.Name, operation.Data, cancellationToken);

    /// <param name="business">On which business.</param>
    /// <param name="who">Who.</param>
    /// <param name="operation">What.</param>
    /// <param name="outcome">How it came out; empty before it is done.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="StorageFaultException">It may not stand there: do nothing.</exception>
    internal Task ExecuteAsync(BusinessId business, AccessActor who, AdminOperation operation, string outcome, CancellationToken cancellationToken) =>
        AppendInTurnAsync(business, who, operation.Name + outcome, operation.Data, cancellationToken);

    private async Task AppendInTurnAsync(BusinessId business, AccessActor who, string operation, string data, CancellationToken cancellationToken)
    {
        SemaphoreSlim turn = _turns[unchecked((uint)business.GetHashCode()) % Turns];
        await turn.WaitAsync(cancellationToken);
        try
        {
            await AppendAsync(business, who, operation, data, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task AppendAsync(BusinessId business, AccessActor who, string operation, string data, CancellationToken cancellationToken)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdSize));
        AuditEntry? tried = null;
        for (int race = 0; race < MaxRaces; race++)
        {
            AuditHead? head = await audit.FindHeadAsync(business, cancellationToken);
            if (tried is not null && head?.Entries >= tried.Number
                && await audit.FindTextAsync(business, tried.Number, cancellationToken) == tried.ToStatement().Text)
            {
                // The answer to a commit was lost, and what repeated it found its own work.
                return;
            }

            tried = new AuditEntry
            {
                Number = (head?.Entries ?? 0) + 1,
                Business = business.Value,
                At = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Who = who.Name,
                Operation = operation,
                Data = data,
                Id = id,
                Previous = head?.Hash ?? AuditEntry.NoHash,
            };
            if (await audit.TryAppendAsync(business, head, tried, cancellationToken))
            {
                return;
            }
        }

        throw new StorageFaultException("audit append", TableNames.Audit, 412, "Raced");
    }
}
