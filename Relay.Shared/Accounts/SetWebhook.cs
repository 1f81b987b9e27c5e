using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>Sets a business's app callback, after its handshake. Setting it again ends that it is disabled.</summary>
public sealed class SetWebhook(AccountDirectory accounts, SubscriptionStore subscriptions, VerifyEndpoint verify)
{
    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(
        BusinessId business, SetWebhookRequest request, CancellationToken cancellationToken)
    {
        if (await accounts.FindBusinessAsync(business, cancellationToken) is null)
        {
            return GraphErrorCode.UnknownObject.Because("There is no such business.");
        }

        AskedEndpoint asked = new("callback_url", request.CallbackUrl, request.VerifyToken);
        if (!(await verify.ExecuteAsync(SubscriberId.App, asked, cancellationToken)).TryGet(out Subscription? subscription, out GraphError? error))
        {
            return error;
        }

        await subscriptions.SaveAsync(business, subscription, cancellationToken);
        accounts.Forget(business);
        return new AdminSuccess();
    }
}
