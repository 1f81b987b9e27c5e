using Relay.Shared.Accounts;
using Relay.Shared.Analytics;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Billing;

/// <summary>The bill of any business, for the operator; of one that was closed too, as long as its counts are kept.</summary>
public sealed class ShowBillOf(ReadBill bill, BusinessStore businesses, CountStore counts)
{
    public async Task<Result<BillingAnswer, GraphError>> ExecuteAsync(BusinessId business, BillingQuestion question, CancellationToken cancellationToken) =>
        await businesses.ExistsAsync(business, cancellationToken) || await counts.IsClosedAsync(business, cancellationToken)
            ? await bill.ExecuteAsync(business, question, cancellationToken)
            : GraphErrorCode.UnknownObject.Because("There is no such business.");
}
