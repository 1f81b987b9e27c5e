using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Administration;
using Relay.Shared.Proof;
using Relay.Shared.Proof.Privacy;

namespace Relay.Functions.Proof;

/// <summary>What is held and how it is protected: a business sees its own, the operator, where the admin API is in the same process, what there is over all.</summary>
public sealed class PrivacyFunctions(GraphEndpoint endpoint, ShowPrivacy showPrivacy, AdminEndpoint? admin = null)
{
    [Function("ShowPrivacy")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/privacy")] HttpRequest request,
        CancellationToken cancellationToken) =>
        admin?.Admits(request) == true
            ? admin.ReadAsync(AdminOperation.ShowAllPrivacy, request, (_, token) => showPrivacy.ExecuteAsync(token), ProofJson.Default.PrivacyAnswer, cancellationToken)
            : endpoint.RunAsync(request, showPrivacy.ExecuteAsync, ProofJson.Default.PrivacyAnswer, cancellationToken);
}
