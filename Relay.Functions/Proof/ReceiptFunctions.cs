using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Proof;
using Relay.Shared.Proof.Receipts;

namespace Relay.Functions.Proof;

/// <summary>What was deleted, with the vault's signature.</summary>
public sealed class ReceiptFunctions(GraphEndpoint endpoint, ListReceipts listReceipts)
{
    [Function("ListDeletionReceipts")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/deletion_receipts")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            (caller, token) => listReceipts.ExecuteAsync(caller, PageQuery.Read(request), token),
            ProofJson.Default.ReceiptsAnswer,
            cancellationToken);
}
