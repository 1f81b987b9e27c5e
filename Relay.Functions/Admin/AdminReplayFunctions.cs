using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;

namespace Relay.Functions.Admin;

/// <summary>For how long a business's told webhooks can be told again.</summary>
public sealed class AdminReplayFunctions(AdminEndpoint endpoint, SetReplayWindow setReplayWindow)
{
    [Function("AdminSetReplayWindow")]
    public Task<IResult> SetReplayWindowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/replay_window")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, businessId, AdminJson.Default.SetReplayWindowRequest, setReplayWindow.ExecuteAsync, AdminJson.Default.AdminSuccess, cancellationToken);
}
