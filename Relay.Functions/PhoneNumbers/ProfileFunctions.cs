using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.Profile;

namespace Relay.Functions.PhoneNumbers;

/// <summary>What a business says of itself at one of its numbers. Any version, or none, means the same.</summary>
public sealed class ProfileFunctions(GraphEndpoint endpoint, NumberProfile profile)
{
    [Function("GetBusinessProfile")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/whatsapp_business_profile")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, phoneNumberId, (caller, number, token) => profile.GetAsync(caller, number, request.Query["fields"].ToString(), token), AccountOutput.NodeList, cancellationToken);

    [Function("GetBusinessProfileUnversioned")]
    public Task<IResult> GetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{phoneNumberId:regex(^\d+$)}/whatsapp_business_profile")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => GetAsync(request, phoneNumberId, cancellationToken);

    [Function("SetBusinessProfile")]
    public Task<IResult> SetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/whatsapp_business_profile")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, phoneNumberId, AccountJson.Default.ProfileRequest, profile.SetAsync, GraphOutput.SuccessResponse, cancellationToken);

    [Function("SetBusinessProfileUnversioned")]
    public Task<IResult> SetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/whatsapp_business_profile")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => SetAsync(request, phoneNumberId, cancellationToken);
}
