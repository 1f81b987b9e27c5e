using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>
/// The Cloud API's overrides of the app's callback, for one number and for the whole account, and what is set now. Need the permission
/// whatsapp_business_management. A foreign id is answered as an unknown one.
/// </summary>
public sealed class OverrideWebhook(AccountDirectory accounts, SubscriptionStore subscriptions, VerifyEndpoint verify)
{
    /// <summary>The Cloud API's own limit for an override.</summary>
    private const int MaxCallback = 200;

    /// <summary><c>POST {phone-number-id}</c> with <c>webhook_configuration</c>; an empty address removes the override.</summary>
    internal Task<Result<SuccessResponse, GraphError>> SetNumberAsync(BusinessNumber number, WebhookOverride request, CancellationToken cancellationToken) =>
        SetAsync(number.Business, SubscriberId.OfNumber(number.Id), request, cancellationToken);

    /// <summary>What is set for a number, and above it.</summary>
    internal async Task<WebhookConfiguration> ShowAsync(BusinessId business, PhoneNumberId id, CancellationToken cancellationToken)
    {
        BusinessSubscriptions all = await subscriptions.ListAsync(business, cancellationToken);
        return new WebhookConfiguration(Address(SubscriberId.App), Address(SubscriberId.Waba), Address(SubscriberId.OfNumber(id)));

        string? Address(SubscriberId subscriber) => all.Find(subscriber)?.Callback.AbsoluteUri;
    }

    /// <summary><c>GET {waba-id}/subscribed_apps</c>: the business's one app, unless it was taken off.</summary>
    public async Task<Result<SubscribedAppsResponse, GraphError>> ShowAccountAsync(Caller caller, string wabaId, CancellationToken cancellationToken)
    {
        if (!(await accounts.FindAccountAsync(caller, wabaId, AccessScopes.Management, cancellationToken)).TryGet(out Business? business, out GraphError? error))
        {
            return error;
        }

        BusinessSubscriptions all = await subscriptions.ListAsync(caller.Business, cancellationToken);
        return new SubscribedAppsResponse(all.Find(SubscriberId.App) is { IsUnsubscribed: true }
            ? []
            : [new SubscribedApp(new SubscribedAppData(business.AppId, business.Name.Reveal()), all.Find(SubscriberId.Waba)?.Callback.AbsoluteUri)]);
    }

    /// <summary><c>POST {waba-id}/subscribed_apps</c>: subscribes the app, and sets the account's override or (without one) removes it.</summary>
    public async Task<Result<SuccessResponse, GraphError>> SetAccountAsync(
        Caller caller, string wabaId, WebhookOverride request, CancellationToken cancellationToken)
    {
        if ((await accounts.FindAccountAsync(caller, wabaId, AccessScopes.Management, cancellationToken)).Error is { } error)
        {
            return error;
        }

        Result<SuccessResponse, GraphError> set = await SetAsync(caller.Business, SubscriberId.Waba, request, cancellationToken);
        return set.Error is null ? await SubscribeAsync(caller.Business, true, cancellationToken) : set;
    }

    /// <summary><c>DELETE {waba-id}/subscribed_apps</c>: the app is told nothing more until it is subscribed again.</summary>
    public async Task<Result<SuccessResponse, GraphError>> UnsubscribeAsync(Caller caller, string wabaId, CancellationToken cancellationToken)
    {
        if ((await accounts.FindAccountAsync(caller, wabaId, AccessScopes.Management, cancellationToken)).Error is { } error)
        {
            return error;
        }

        await subscriptions.RemoveAsync(caller.Business, SubscriberId.Waba, cancellationToken);
        return await SubscribeAsync(caller.Business, false, cancellationToken);
    }

    private async Task<Result<SuccessResponse, GraphError>> SetAsync(
        BusinessId business, SubscriberId id, WebhookOverride request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Callback))
        {
            await subscriptions.RemoveAsync(business, id, cancellationToken);
        }
        else
        {
            AskedEndpoint asked = new("override_callback_uri", request.Callback, request.VerifyToken) { MaxLength = MaxCallback };
            if (!(await verify.ExecuteAsync(id, asked, cancellationToken)).TryGet(out Subscription? subscription, out GraphError? error))
            {
                return error;
            }

            await subscriptions.SaveAsync(business, subscription, cancellationToken);
        }

        accounts.Forget(business);
        return new SuccessResponse();
    }

    private async Task<Result<SuccessResponse, GraphError>> SubscribeAsync(BusinessId business, bool subscribed, CancellationToken cancellationToken)
    {
        if (await subscriptions.FindAsync(business, SubscriberId.App, cancellationToken) is { } app && app.IsUnsubscribed == subscribed)
        {
            await subscriptions.SetUnsubscribedAsync(business, app, !subscribed, cancellationToken);
        }

        accounts.Forget(business);
        return new SuccessResponse();
    }
}
