using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Proof;
using Relay.Shared.Proof.Audits;

namespace Relay.Functions.Proof;

/// <summary>Who had content opened, in a chain that its reader verifies.</summary>
public sealed class AuditFunctions(GraphEndpoint endpoint, ListAudit listAudit, SignAudits signAudits)
{
    [Function("ListAudit")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/audit")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, (caller, token) => listAudit.ExecuteAsync(caller, PageQuery.Read(request), token), ProofJson.Default.AuditAnswer, cancellationToken);

    [Function("SignAudits")]
    public Task SignAsync([TimerTrigger("0 50 * * * *")] TimerInfo timer, CancellationToken cancellationToken) => signAudits.ExecuteAsync(cancellationToken);
}
