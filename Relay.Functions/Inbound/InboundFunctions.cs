using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Relay.Functions.Inbound;

/// <summary>Where the transport pushes envelopes for business numbers.</summary>
public sealed class InboundFunctions(PushEndpoint endpoint)
{
    [Function("AcceptEnvelope")]
    public Task<IResult> AcceptAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/transport/{businessId}/{phoneNumberId}/envelopes")] HttpRequest request,
        string businessId,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, businessId, phoneNumberId, cancellationToken);
}
