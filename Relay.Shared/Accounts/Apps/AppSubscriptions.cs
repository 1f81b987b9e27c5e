using System.Text.Json.Nodes;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Paging;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts.Apps;

/// <summary><c>{app-id}/subscriptions</c>: the app's callback, after its handshake, and the fields that it is called for. It is the one that the admin API sets too.</summary>
public sealed class AppSubscriptions(AccountDirectory accounts, SubscriptionStore subscriptions, VerifyEndpoint verify)
{
    private const string Object = "whatsapp_business_account";

    public async Task<Result<NodeList, GraphError>> ListAsync(Business app, string appId, CancellationToken cancellationToken)
    {
        if (app.AppId != appId)
        {
            return AccountDirectory.UnknownNode;
        }

        return await subscriptions.FindAsync(app.Id, SubscriberId.App, cancellationToken) is { } callback ? new NodeList([Show(callback)]) : new NodeList([]);
    }

    public async Task<Result<SuccessResponse, GraphError>> SubscribeAsync(Business app, string appId, AppSubscriptionRequest request, CancellationToken cancellationToken)
    {
        if (Check(app, appId, request.Object) is { } refusal)
        {
            return refusal;
        }

        if (!AppFields.Read(request.Fields).TryGet(out IReadOnlyList<string>? fields, out GraphError? mistake))
        {
            return mistake;
        }

        if (fields.Count == 0)
        {
            return GraphErrorCode.InvalidParameter.Because("fields is required: the webhook fields to subscribe to, such as messages.");
        }

        AskedEndpoint asked = new("callback_url", request.CallbackUrl, request.VerifyToken) { Fields = fields };
        if (!(await verify.ExecuteAsync(SubscriberId.App, asked, cancellationToken)).TryGet(out Subscription? subscription, out GraphError? error))
        {
            return error;
        }

        await subscriptions.SaveAsync(app.Id, subscription, cancellationToken);
        accounts.Forget(app.Id);
        return new SuccessResponse();
    }

    /// <summary>Ends the subscription, or takes fields off it; with the last field it ends.</summary>
    public async Task<Result<SuccessResponse, GraphError>> UnsubscribeAsync(Business app, string appId, AppSubscriptionRequest request, CancellationToken cancellationToken)
    {
        if (Check(app, appId, request.Object ?? Object) is { } refusal)
        {
            return refusal;
        }

        if (!AppFields.Read(request.Fields).TryGet(out IReadOnlyList<string>? fields, out GraphError? mistake))
        {
            return mistake;
        }

        if (await subscriptions.FindAsync(app.Id, SubscriberId.App, cancellationToken) is { } callback)
        {
            string[] left = fields.Count == 0 ? [] : [.. FieldsOf(callback).Except(fields)];
            await (left.Length == 0
                ? subscriptions.RemoveAsync(app.Id, SubscriberId.App, cancellationToken)
                : subscriptions.SaveAsync(app.Id, callback.With(left), cancellationToken));
            accounts.Forget(app.Id);
        }

        return new SuccessResponse();
    }

    private static GraphError? Check(Business app, string appId, string? type) =>
        app.AppId != appId ? AccountDirectory.UnknownNode
        : type != Object ? GraphErrorCode.InvalidParameter.Because($"object must be {Object}: nothing else has webhooks here.")
        : null;

    private static IReadOnlyList<string> FieldsOf(Subscription callback) => callback.Fields.Count == 0 ? AppFields.All : callback.Fields;

    private static JsonObject Show(Subscription callback) => new()
    {
        ["object"] = Object,
        ["callback_url"] = callback.Callback.AbsoluteUri,
        ["active"] = !callback.IsDisabled,
        ["fields"] = new JsonArray([.. FieldsOf(callback).Select(field => new JsonObject { ["name"] = field, ["version"] = "v25.0" })]),
    };
}
