using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.RoleCalls;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Client;

/// <summary>What the operator's key opens.</summary>
public sealed partial class TransportClient
{
    /// <summary>How a business stands and what was counted of it.</summary>
    public Task<TransportResult<SignalsResponse>> ShowSignalsAsync(RoleSigner signer, string business, CancellationToken cancellationToken) =>
        CallSignedAsync(
            signer, HttpMethod.Post, "operator/signals", new ShowSignalsRequest(business), TransportJson.Default.ShowSignalsRequest, TransportJson.Default.SignalsResponse, cancellationToken);

    /// <summary>Changes how a business stands. A repeat of the same call, or one that was signed before the last change, is refused as unauthorized.</summary>
    public Task<TransportResult<SignalsResponse>> SetStandingAsync(RoleSigner signer, SetStandingRequest change, CancellationToken cancellationToken) =>
        CallSignedAsync(
            signer, HttpMethod.Put, "operator/standing", change, TransportJson.Default.SetStandingRequest, TransportJson.Default.SignalsResponse, cancellationToken);

    /// <summary>How businesses stand, a page at a time.</summary>
    public Task<TransportResult<ListStandingsResponse>> ListStandingsAsync(RoleSigner signer, int limit, string? after, CancellationToken cancellationToken) => CallSignedAsync(
        signer, HttpMethod.Post, "operator/standings", new ListStandingsRequest(limit) { After = after }, TransportJson.Default.ListStandingsRequest,
        TransportJson.Default.ListStandingsResponse, cancellationToken);

    /// <summary>What was published over all businesses, from the week of a day on; at most 60 weeks.</summary>
    public Task<TransportResult<StatisticsResponse>> ListStatisticsAsync(RoleSigner signer, DateOnly from, CancellationToken cancellationToken) => CallSignedAsync(
        signer,
        HttpMethod.Post,
        "operator/statistics",
        new StatisticsRequest(from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        TransportJson.Default.StatisticsRequest,
        TransportJson.Default.StatisticsResponse,
        cancellationToken);

    /// <summary>Sets what users' attachments to reports are sealed for; an empty key takes none any more.</summary>
    public Task<TransportResult<ReportKeyResponse>> SetReportKeyAsync(RoleSigner signer, byte[] key, CancellationToken cancellationToken) => CallSignedAsync(
        signer, HttpMethod.Put, "operator/report-key", new SetReportKeyRequest(key), TransportJson.Default.SetReportKeyRequest, TransportJson.Default.ReportKeyResponse, cancellationToken);

    /// <summary>What users attached to reports of a business, sealed for the operator's key.</summary>
    public Task<TransportResult<ReportsResponse>> ListReportsAsync(RoleSigner signer, ListReportsRequest which, CancellationToken cancellationToken) => CallSignedAsync(
        signer, HttpMethod.Post, "operator/reports", which, TransportJson.Default.ListReportsRequest, TransportJson.Default.ReportsResponse, cancellationToken);

    /// <summary>Deletes what was attached to one report.</summary>
    public Task<TransportResult<CloseReportResponse>> CloseReportAsync(RoleSigner signer, CloseReportRequest which, CancellationToken cancellationToken) => CallSignedAsync(
        signer, HttpMethod.Post, "operator/reports/close", which, TransportJson.Default.CloseReportRequest, TransportJson.Default.CloseReportResponse, cancellationToken);

    /// <summary>Says that a business is closed: what is kept of it goes. May be repeated.</summary>
    public Task<TransportResult<EndBusinessResponse>> EndBusinessAsync(RoleSigner signer, string business, CancellationToken cancellationToken) => CallSignedAsync(
        signer, HttpMethod.Post, "operator/closures", new EndBusinessRequest(business), TransportJson.Default.EndBusinessRequest, TransportJson.Default.EndBusinessResponse, cancellationToken);

    private Task<TransportResult<TAnswer>> CallSignedAsync<TBody, TAnswer>(
        RoleSigner signer, HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
        where TAnswer : class
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        HttpRequestMessage request = Request(method, path, null, bytes);
        signer.Sign(request, RoleCall.ToTransport, bytes);
        return CallAsync(request, answer, cancellationToken);
    }
}
