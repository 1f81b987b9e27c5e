using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;

namespace Relay.Functions.Admin;

/// <summary>What an operator sets for a business: how its sessions are opened, and for how long told webhooks can be told again.</summary>
public sealed class AdminSettingFunctions(AdminEndpoint endpoint, SetSignalPolicy setSignalPolicy, SetReplayWindow setReplayWindow)
{
    [Function("AdminSetSignalPolicy")]
    public Task<IResult> SetSignalPolicyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/signal_policy")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.SetSignalPolicy,
            request,
            businessId,
            AdminJson.Default.SetSignalPolicyRequest,
            setSignalPolicy.ExecuteAsync,
            AdminJson.Default.AdminSuccess,
            cancellationToken);

    [Function("AdminSetReplayWindow")]
    public Task<IResult> SetReplayWindowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/replay_window")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.SetReplayWindow,
            request,
            businessId,
            AdminJson.Default.SetReplayWindowRequest,
            setReplayWindow.ExecuteAsync,
            AdminJson.Default.AdminSuccess,
            cancellationToken);
}
