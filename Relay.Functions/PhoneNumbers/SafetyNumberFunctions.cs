using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Messaging;

namespace Relay.Functions.PhoneNumbers;

/// <summary>What a business compares with a user to know that no one sits between them.</summary>
public sealed class SafetyNumberFunctions(GraphEndpoint endpoint, ShowSafetyNumber showSafetyNumber)
{
    [Function("ShowSafetyNumber")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"relay/v1/phone_numbers/{phoneNumberId:regex(^\d+$)}/safety_number")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, phoneNumberId, SafetyNumberJson.Default.SafetyNumberRequest, showSafetyNumber.ExecuteAsync, SafetyNumberJson.Default.SafetyNumberResponse, cancellationToken);
}
