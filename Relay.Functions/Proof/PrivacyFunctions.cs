using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Proof;
using Relay.Shared.Proof.Privacy;

namespace Relay.Functions.Proof;

/// <summary>What is held and how it is protected: a business sees its own, the operator what there is over all.</summary>
public sealed class PrivacyFunctions(GraphEndpoint endpoint, AdminEndpoint admin, ShowPrivacy showPrivacy)
{
    [Function("ShowPrivacy")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/privacy")] HttpRequest request,
        CancellationToken cancellationToken) =>
        admin.Admits(request)
            ? admin.ReadAsync(request, showPrivacy.ExecuteAsync, ProofJson.Default.PrivacyAnswer, cancellationToken)
            : endpoint.RunAsync(request, showPrivacy.ExecuteAsync, ProofJson.Default.PrivacyAnswer, cancellationToken);
}
