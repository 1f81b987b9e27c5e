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

    private const string Configuration = "webhook_configuration";

    /// <summary><c>GET {phone-number-id}?fields=…</c></summary>
    public async Task<Result<PhoneNumberNode, GraphError>> ShowNumberAsync(
        Caller caller, PhoneNumberId id, IReadOnlyList<string> fields, CancellationToken cancellationToken)
    {
        if (!(await NumberAsync(caller, id, cancellationToken)).TryGet(out BusinessNumber? number, out GraphError? error))
        {
            return error;
        }

        if (fields.FirstOrDefault(field => field is not (Configuration or "id" or "display_phone_number" or "verified_name")) is not null)
        {
            return GraphErrorCode.InvalidParameter.Because($"fields may be id, display_phone_number, verified_name and {Configuration}.");
        }

        bool all = fields.Count == 0;
        return new PhoneNumberNode(id.Value)
        {
            DisplayPhoneNumber = all || fields.Contains("display_phone_number") ? number.Number.Digits : null,
            VerifiedName = all || fields.Contains("verified_name") ? number.VerifiedName : null,
            WebhookConfiguration = fields.Contains(Configuration) ? await ConfigurationAsync(caller.Business, id, cancellationToken) : null,
        };
    }

    /// <summary><c>POST {phone-number-id}</c> with <c>webhook_configuration</c>; an empty address removes the override.</summary>
    public async Task<Result<SuccessResponse, GraphError>> SetNumberAsync(
        Caller caller, PhoneNumberId number, ChangeNumberRequest request, CancellationToken cancellationToken)
    {
        if ((await NumberAsync(caller, number, cancellationToken)).Error is { } error)
        {
            return error;
        }

        return request.WebhookConfiguration is { } configuration
            ? await SetAsync(caller.Business, SubscriberId.OfNumber(number), configuration, cancellationToken)
            : GraphErrorCode.InvalidParameter.Because($"{Configuration} is required: nothing else of a number can be changed here.");
    }

    /// <summary><c>GET {waba-id}/subscribed_apps</c>: the business's one app, unless it was taken off.</summary>
    public async Task<Result<SubscribedAppsResponse, GraphError>> ShowAccountAsync(Caller caller, string wabaId, CancellationToken cancellationToken)
    {
        if (!(await AccountAsync(caller, wabaId, cancellationToken)).TryGet(out Business? business, out GraphError? error))
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
        if ((await AccountAsync(caller, wabaId, cancellationToken)).Error is { } error)
        {
            return error;
        }

        Result<SuccessResponse, GraphError> set = await SetAsync(caller.Business, SubscriberId.Waba, request, cancellationToken);
        return set.Error is null ? await SubscribeAsync(caller.Business, true, cancellationToken) : set;
    }

    /// <summary><c>DELETE {waba-id}/subscribed_apps</c>: the app is told nothing more until it is subscribed again.</summary>
    public async Task<Result<SuccessResponse, GraphError>> UnsubscribeAsync(Caller caller, string wabaId, CancellationToken cancellationToken)
    {
        if ((await AccountAsync(caller, wabaId, cancellationToken)).Error is { } error)
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

    private async Task<WebhookConfiguration> ConfigurationAsync(BusinessId business, PhoneNumberId id, CancellationToken cancellationToken)
    {
        BusinessSubscriptions all = await subscriptions.ListAsync(business, cancellationToken);
        return new WebhookConfiguration(Address(SubscriberId.App), Address(SubscriberId.Waba), Address(SubscriberId.OfNumber(id)));

        string? Address(SubscriberId subscriber) => all.Find(subscriber)?.Callback.AbsoluteUri;
    }

    private async Task<Result<BusinessNumber, GraphError>> NumberAsync(Caller caller, PhoneNumberId id, CancellationToken cancellationToken) =>
        await accounts.FindNumberAsync(caller.Business, id, cancellationToken) is { } number ? Permitted(caller, number) : Unknown;

    private async Task<Result<Business, GraphError>> AccountAsync(Caller caller, string wabaId, CancellationToken cancellationToken) =>
        await accounts.FindBusinessAsync(caller.Business, cancellationToken) is { } business && business.Waba.Value == wabaId ? Permitted(caller, business) : Unknown;

    private static Result<T, GraphError> Permitted<T>(Caller caller, T found)
        where T : class =>
        caller.Lacks(AccessScopes.Management) is { } refusal ? refusal : found;

    private static GraphError Unknown => GraphErrorCode.UnknownObject.Because("No such object, or the access token doesn't reach it.");
}
