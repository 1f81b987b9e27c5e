using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Proof;
using Relay.Shared.Proof.Audits;

namespace Relay.Functions.Proof;

/// <summary>Who had content opened, in a chain that its reader verifies.</summary>
public sealed class AuditFunctions(GraphEndpoint endpoint, AdminEndpoint admin, ListAudit listAudit, SignAudits signAudits)
{
    [Function("ListAudit")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/audit")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, (caller, token) => listAudit.ExecuteAsync(caller, PageQuery.Read(request), token), ProofJson.Default.AuditAnswer, cancellationToken);

    [Function("AdminListAudit")]
    public Task<IResult> ListOfAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/audit")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        admin.ReadAsync(
            request,
            businessId,
            (business, token) => listAudit.ExecuteAsync(business, PageQuery.Read(request), token),
            ProofJson.Default.AuditAnswer,
            cancellationToken);

    [Function("AdminListAudited")]
    public Task<IResult> ListBusinessesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/audit")] HttpRequest request,
        CancellationToken cancellationToken) =>
        admin.ReadAsync(
            request, token => listAudit.ListBusinessesAsync(PageQuery.Read(request), token), ProofJson.Default.AuditedBusinessesAnswer, cancellationToken);

    [Function("SignAudits")]
    public Task SignAsync([TimerTrigger("0 50 * * * *")] TimerInfo timer, CancellationToken cancellationToken) => signAudits.ExecuteAsync(cancellationToken);
}
