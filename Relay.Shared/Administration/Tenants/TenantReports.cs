using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Integrity;
using Relay.Shared.Primitives;
using Relay.Shared.Proof;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Administration.Tenants;

/// <summary>
/// What users attached to reports, as the transport keeps it: sealed for the operator's key, whose private half no role of Relay has. So what the audit enters before it is
/// given out here can be opened by whoever asked, and by nobody on the way.
/// </summary>
public sealed class TenantReports(TransportClient transport, TransportOperator by)
{
    private const int UsualLimit = 25;

    private static readonly GraphError s_away = GraphErrorCode.ServiceUnavailable.Because(
        "The transport did not believe the call or could not do it: another change came in between, or the operator key or the clock is another one there. Repeat it.");

    public async Task<Result<ListBusinessReportsResponse, GraphError>> ListAsync(BusinessId business, PageRequest page, CancellationToken cancellationToken)
    {
        if (!page.ReadLimit(UsualLimit, TransportLimits.MaxReportsPerPage).TryGet(out PageLimit limit, out GraphError? mistake))
        {
            return mistake;
        }

        ListReportsRequest which = new(business.Value) { After = page.After.Length > 0 ? page.After : null, Limit = limit.Items };
        TransportResult<ReportsResponse> said = await transport.ListReportsAsync(by.Signer, which, cancellationToken);
        return said switch
        {
            { IsSuccess: true } => new ListBusinessReportsResponse([.. said.Value.Reports.Select(one => new BusinessReport(one.Id, one.Day, one.Content))], said.Value.Next),
            { Failure.Code: TransportErrorCode.BadRequest } => PageRequest.BadAfter,
            _ => s_away,
        };
    }

    public async Task<Result<AdminSuccess, GraphError>> CloseAsync(BusinessId business, string report, CancellationToken cancellationToken)
    {
        TransportResult<CloseReportResponse> said = await transport.CloseReportAsync(by.Signer, new CloseReportRequest(business.Value, report), cancellationToken);
        return said switch
        {
            { IsSuccess: true, Value.Closed: true } => new AdminSuccess(),
            { IsSuccess: true } or { Failure.Code: TransportErrorCode.BadRequest } => GraphErrorCode.UnknownObject.Because("There is no such report, or not any more."),
            _ => s_away,
        };
    }

    public async Task<Result<AdminSuccess, GraphError>> SetKeyAsync(SetPublicReportKeyRequest request, CancellationToken cancellationToken)
    {
        byte[] key = new byte[ReportBox.KeySize];
        if (request.PublicKey is not { } text || (text.Length > 0 && (!Convert.TryFromBase64String(text, key, out int size) || size != key.Length)))
        {
            return GraphErrorCode.ParameterInvalid.Because("public_key must be the base64 of 32 bytes, or empty to take no attachments any more.");
        }

        return (await transport.SetReportKeyAsync(by.Signer, text.Length == 0 ? [] : key, cancellationToken)).IsSuccess ? new AdminSuccess() : s_away;
    }
}
