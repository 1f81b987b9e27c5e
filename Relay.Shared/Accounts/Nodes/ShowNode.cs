using System.Text.Json.Nodes;
using Relay.Shared.Analytics;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Fields;
using Relay.Shared.PhoneNumbers.Nodes;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts.Nodes;

/// <summary>
/// <c>GET {id}?fields=…</c> of all that a business has under a short id: its phone numbers, its account, itself and its app. Needs the permission
/// whatsapp_business_management; a foreign id is answered as an unknown one.
/// </summary>
public sealed class ShowNode(AccountDirectory accounts, ShowNumber showNumber, ShowAnalytics showAnalytics, DetailStore details)
{
    public async Task<Result<JsonObject, GraphError>> ExecuteAsync(Caller caller, string id, string fields, CancellationToken cancellationToken)
    {
        if (PhoneNumberId.TryParse(id, out PhoneNumberId numberId)
            && await accounts.FindNumberAsync(caller.Business, numberId, cancellationToken) is { } number)
        {
            return caller.Lacks(AccessScopes.Management) is { } refusal ? refusal : await showNumber.ExecuteAsync(number, fields, cancellationToken);
        }

        if (await accounts.FindBusinessAsync(caller.Business, cancellationToken) is not { } business
            || (id != business.Waba.Value && id != business.AppId && id != business.Id.Value))
        {
            return AccountDirectory.UnknownNode;
        }

        return caller.Lacks(AccessScopes.Management) is { } lacking ? lacking
            : id == business.AppId ? Show(AccountViews.App, business, fields)
            : id == business.Id.Value ? Show(AccountViews.Business, business, fields)
            : await ShowAccountAsync(business, fields, cancellationToken);
    }

    /// <summary>What an app sees with a token of its own: itself.</summary>
    public static Task<Result<JsonObject, GraphError>> ShowAppAsync(Business app, string id, string fields) =>
        Task.FromResult(id == app.AppId ? Show(AccountViews.App, app, fields) : AccountDirectory.UnknownNode);

    private async Task<Result<JsonObject, GraphError>> ShowAccountAsync(Business business, string fields, CancellationToken cancellationToken)
    {
        if (!AccountViews.Account.Select(fields).TryGet(out FieldSelection? selection, out GraphError? mistake))
        {
            return mistake;
        }

        AccountDetails? set = await details.FindAsync(business.Id, DetailRows.Account, AccountDetailsJson.Default.AccountDetails, cancellationToken);
        JsonObject? analytics = null;
        if (selection.Has(AnalyticsQuestion.Field) && !(await showAnalytics.ExecuteAsync(business.Id, selection, cancellationToken)).TryGet(out analytics, out mistake))
        {
            return mistake;
        }

        return AccountViews.Account.Show(new AccountFacts(business, set, analytics), selection);
    }

    private static Result<JsonObject, GraphError> Show<T>(NodeView<T> view, T node, string fields) =>
        view.Select(fields).TryGet(out FieldSelection? selection, out GraphError? mistake) ? view.Show(node, selection) : mistake;
}
