using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Proof;

namespace Relay.Functions.Proof;

/// <summary>The public keys that receipts and checkpoints are verified with.</summary>
public sealed class SigningKeyFunctions(GraphEndpoint endpoint, ShowSigningKeys showKeys)
{
    [Function("ShowSigningKeys")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/keys/signing")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, (caller, token) => showKeys.ExecuteAsync(caller, null, token), ProofJson.Default.SigningKeysAnswer, cancellationToken);

    [Function("ShowSigningKey")]
    public Task<IResult> ShowVersionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/keys/signing/{keyId}")] HttpRequest request,
        string keyId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, (caller, token) => showKeys.ExecuteAsync(caller, keyId, token), ProofJson.Default.SigningKeysAnswer, cancellationToken);
}
