using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Analytics;
using Relay.Shared.Graph;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Erasure;

/// <summary>
/// <c>DELETE /relay/v1/admin/businesses/{id}</c>: ends a business. Its keys go first (from then on nothing of it can be read), then their key-encryption
/// keys, then its data, and the row by which it is found last: so a run that dies anywhere is found and gone on with.
/// </summary>
public sealed class CloseBusiness(BusinessStore businesses, BusinessData data, RelayKeys keys, AccountDirectory accounts, ErasureReceipts receipts, CountStore counts, IQueueStore queues, TimeProvider time)
{
    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(BusinessId business, CancellationToken cancellationToken)
    {
        if (!await businesses.ExistsAsync(business, cancellationToken))
        {
            return GraphErrorCode.UnknownObject.Because("There is no such business.");
        }

        ErasureItem item = new() { Business = business.Value, Id = EnvelopeId.Create().Hex, AskedAt = time.GetUtcNow().ToUnixTimeMilliseconds() };
        await queues.SendAsync(QueueNames.Erasures, item.Encode(), TimeSpan.Zero, QueueItems.TimeToLive, cancellationToken);
        await data.RevokeTokensAsync(business, cancellationToken);
        return new AdminSuccess();
    }

    /// <summary>One slice; true when nothing is left.</summary>
    internal async Task<bool> ContinueAsync(ErasureItem item, CancellationToken cancellationToken)
    {
        BusinessId business = item.Owner;
        await data.RevokeTokensAsync(business, cancellationToken);
        if (!await keys.Ring.DestroyTenantAsync(business.Value, cancellationToken) || !await data.DeleteAsync(business, cancellationToken))
        {
            return false;
        }

        accounts.Forget(business);
        if (item.Pass > 0)
        {
            await receipts.CloseAsync(item, cancellationToken);
            await counts.NoteClosedAsync(business, UtcDay.Today(time), cancellationToken);
            await businesses.RemoveAsync(business, cancellationToken);
        }

        return true;
    }
}
