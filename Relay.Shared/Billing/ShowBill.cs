using Relay.Shared.Accounts;
using Relay.Shared.Analytics;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Billing;

/// <summary><c>GET /relay/v1/billing</c>: a business's own bill. Needs the permission whatsapp_business_management.</summary>
public sealed class ShowBill(ReadBill bill, MessageCounts counts)
{
    public async Task<Result<BillingAnswer, GraphError>> ExecuteAsync(Caller caller, BillingQuestion question, CancellationToken cancellationToken)
    {
        if (caller.Lacks(AccessScopes.Management) is { } refusal)
        {
            return refusal;
        }

        await counts.FlushAsync(cancellationToken);
        return await bill.ExecuteAsync(caller.Business, question, cancellationToken);
    }
}
