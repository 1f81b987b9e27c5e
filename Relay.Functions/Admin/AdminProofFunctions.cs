using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Functions.Proof;
using Relay.Shared.Administration;
using Relay.Shared.Proof;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Proof.Privacy;
using Relay.Shared.Proof.Receipts;

namespace Relay.Functions.Admin;

/// <summary>What an operator verifies of any business: accesses to content, deletions, and the keys that signed both.</summary>
public sealed class AdminProofFunctions(AdminEndpoint admin, ListAudit listAudit, ListReceipts listReceipts, ShowSigningKeys showKeys, ShowPrivacy showPrivacy)
{
    [Function("AdminListAudit")]
    public Task<IResult> ListAuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/audit")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        admin.ReadAsync(
            AdminOperation.ListAudit,
            request,
            businessId,
            (business, token) => listAudit.ExecuteAsync(business, PageQuery.Read(request), token),
            ProofJson.Default.AuditAnswer,
            cancellationToken);

    [Function("AdminListAudited")]
    public Task<IResult> ListAuditedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/audit")] HttpRequest request,
        CancellationToken cancellationToken) =>
        admin.ReadAsync(
            AdminOperation.ListAudited,
            request,
            (_, token) => listAudit.ListBusinessesAsync(PageQuery.Read(request), token),
            ProofJson.Default.AuditedBusinessesAnswer,
            cancellationToken);

    [Function("AdminListDeletionReceipts")]
    public Task<IResult> ListReceiptsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/deletion_receipts")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        admin.ReadAsync(
            AdminOperation.ListReceipts,
            request,
            businessId,
            (business, token) => listReceipts.ExecuteAsync(business, PageQuery.Read(request), token),
            ProofJson.Default.ReceiptsAnswer,
            cancellationToken);

    [Function("AdminShowSigningKey")]
    public Task<IResult> ShowSigningKeyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/keys/signing/{keyId}")] HttpRequest request,
        string keyId,
        CancellationToken cancellationToken) =>
        admin.ReadAsync(
            AdminOperation.ShowSigningKey, request, (_, token) => showKeys.ExecuteAsync(keyId, token), ProofJson.Default.SigningKeysAnswer, cancellationToken);

    [Function("AdminShowPrivacy")]
    public Task<IResult> ShowPrivacyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/privacy")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        admin.ReadAsync(AdminOperation.ShowPrivacy, request, businessId, showPrivacy.ExecuteAsync, ProofJson.Default.PrivacyAnswer, cancellationToken);
}
