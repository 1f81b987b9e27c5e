using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.Automation;

namespace Relay.Functions.PhoneNumbers;

/// <summary>What a number offers users to begin with. Any version, or none, means the same.</summary>
public sealed class AutomationFunctions(GraphEndpoint endpoint, ConversationalAutomation automation)
{
    [Function("GetConversationalAutomation")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/conversational_automation")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, phoneNumberId, automation.GetAsync, AccountOutput.Node, cancellationToken);

    [Function("GetConversationalAutomationUnversioned")]
    public Task<IResult> GetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{phoneNumberId:regex(^\d+$)}/conversational_automation")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => GetAsync(request, phoneNumberId, cancellationToken);

    [Function("SetConversationalAutomation")]
    public Task<IResult> SetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/conversational_automation")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, phoneNumberId, AccountJson.Default.AutomationRequest, automation.SetAsync, GraphOutput.SuccessResponse, cancellationToken);

    [Function("SetConversationalAutomationUnversioned")]
    public Task<IResult> SetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/conversational_automation")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => SetAsync(request, phoneNumberId, cancellationToken);
}
