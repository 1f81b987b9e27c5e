using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Administration.Tenants;

/// <summary>Where a business's webhooks go; never a verify token. Without a callback none is called; what is told meanwhile is told to whoever is set later, while it is kept.</summary>
public sealed class TenantWebhooks(SubscriptionStore subscriptions, AccountDirectory accounts)
{
    public async Task<Result<ShowWebhookResponse, GraphError>> ShowAsync(BusinessId business, CancellationToken cancellationToken)
    {
        BusinessSubscriptions all = await subscriptions.ListAsync(business, cancellationToken);
        return new ShowWebhookResponse(
            all.Find(SubscriberId.App) is { } app ? ListedSubscriber.From(app) : null,
            [.. all.All.Where(one => one.Id.IsCallback && one.Id != SubscriberId.App).Select(ListedSubscriber.From)]);
    }

    public async Task<Result<AdminSuccess, GraphError>> RemoveAsync(BusinessId business, CancellationToken cancellationToken)
    {
        if (!await subscriptions.RemoveAsync(business, SubscriberId.App, cancellationToken))
        {
            return GraphErrorCode.UnknownObject.Because("The business has no webhook.");
        }

        accounts.Forget(business);
        return new AdminSuccess();
    }
}
