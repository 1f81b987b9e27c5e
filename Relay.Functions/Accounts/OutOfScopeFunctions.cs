using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Primitives;

namespace Relay.Functions.Accounts;

/// <summary>Answers the edges of the Cloud API that Relay doesn't have with the reason why, to whoever has a token.</summary>
public sealed class OutOfScopeFunctions(GraphEndpoint endpoint)
{
    private const string Edges =
        "accept|accept_deactivation_request|access_token|activities|add_phone_numbers|assets|assigned_users|assigned_whatsapp_business_accounts|business_compliance_info|"
        + "call_permissions|calls|client_whatsapp_business_accounts|connected_client_businesses|deprecate|extendedcredits|flows|groups|in_progress_onbehalf_request|invite_link|"
        + "join_requests|marketing_messages|messages_encrypted|migrate_flows|obo_mobility_intent|official_business_account|onboard_partners_to_mm_lite|"
        + "owned_whatsapp_business_accounts|participants|partners|preverified_numbers|publish|reject|reject_deactivation_request|schedules|send_deactivation_request|"
        + "set_obo_mobility_intent|set_solution_migration_intent|share_preverified_numbers|solutions|whatsapp_business_solution|whatsapp_business_solutions|whatsapp_commerce_settings";

    [Function("AnswerOutOfScope")]
    public Task<IResult> AnswerAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", Route = @"{version:regex(^v\d+\.\d+$)}/{nodeId:regex(^\d+$)}/{edge:regex(^(" + Edges + ")$)}")] HttpRequest request,
        string edge,
        CancellationToken cancellationToken) => endpoint.RunAsync(
            request,
            (_, _) => Task.FromResult<Result<JsonObject, GraphError>>(OutOfScope.TryFind(edge, out GraphError? error) ? error : GraphErrorCode.UnknownPath.Because("No such edge.")),
            AccountOutput.Node,
            cancellationToken);

    [Function("AnswerOutOfScopeUnversioned")]
    public Task<IResult> AnswerUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", Route = @"{nodeId:regex(^\d+$)}/{edge:regex(^(" + Edges + ")$)}")] HttpRequest request,
        string edge,
        CancellationToken cancellationToken) => AnswerAsync(request, edge, cancellationToken);
}
