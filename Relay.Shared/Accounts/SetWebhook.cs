using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Accounts;

/// <summary>Sets a business's callback, after its endpoint has proved by the handshake that it wants Relay's webhooks.</summary>
public sealed class SetWebhook(AccountDirectory accounts, SubscriptionStore subscriptions, WebhookClient client, WebhookAddressPolicy policy)
{
    private const int MaxVerifyToken = 256;

    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(
        BusinessId business, SetWebhookRequest request, CancellationToken cancellationToken)
    {
        if (await accounts.FindBusinessAsync(business, cancellationToken) is null)
        {
            return GraphErrorCode.UnknownObject.Because("There is no such business.");
        }

        if (request.VerifyToken is not { Length: > 0 and <= MaxVerifyToken } verifyToken)
        {
            return GraphErrorCode.ParameterInvalid.Because($"verify_token must have 1 to {MaxVerifyToken} characters.");
        }

        if (policy.Parse(request.CallbackUrl) is not { } callback)
        {
            return GraphErrorCode.ParameterInvalid.Because($"callback_url must be {policy.Describe()}.");
        }

        Subscription subscription = new(callback, new Secret(verifyToken));
        if (!await client.VerifyAsync(callback, subscription.VerifyToken, cancellationToken))
        {
            return GraphErrorCode.InvalidParameter.Because(
                "The callback did not answer the verification: GET with hub.mode, hub.challenge and hub.verify_token must get status 200 and the challenge as its whole body.");
        }

        await subscriptions.SaveAsync(business, subscription, cancellationToken);
        accounts.Forget(business);
        return new AdminSuccess();
    }
}
