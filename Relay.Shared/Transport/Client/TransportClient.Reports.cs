using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Client;

/// <summary>Reports and blocks: what a user's device says against a business. All may be repeated.</summary>
public sealed partial class TransportClient
{
    /// <summary>What to seal an attachment to a report for.</summary>
    public Task<TransportResult<ReportKeyResponse>> ShowReportKeyAsync(DeviceCredential credential, CancellationToken cancellationToken) =>
        CallAsync(Get("report-key", credential), TransportJson.Default.ReportKeyResponse, cancellationToken);

    /// <summary>Reports a message.</summary>
    /// <param name="credential">The reader's.</param>
    /// <param name="token">The one that came with the message.</param>
    /// <param name="content">What the user chooses to show, in a <see cref="ReportBox"/>; otherwise null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<TransportResult<ReportResponse>> ReportAsync(DeviceCredential credential, string token, byte[]? content, CancellationToken cancellationToken) => CallAsync(
        Post("reports", credential.ToHeader(), new ReportRequest { Token = token, Content = content }, TransportJson.Default.ReportRequest),
        TransportJson.Default.ReportResponse,
        cancellationToken);

    /// <summary>Blocks a business's number, or takes that back.</summary>
    public Task<TransportResult<BlockResponse>> BlockAsync(
        DeviceCredential credential, PhoneNumber number, bool blocked, string? token, CancellationToken cancellationToken) => CallAsync(
        Body(HttpMethod.Put, "blocks", credential.ToHeader(), new BlockRequest(number.E164, blocked) { Token = token }, TransportJson.Default.BlockRequest),
        TransportJson.Default.BlockResponse,
        cancellationToken);

    /// <summary>Which business numbers the device blocks.</summary>
    public Task<TransportResult<BlocksResponse>> ListBlocksAsync(DeviceCredential credential, CancellationToken cancellationToken) =>
        CallAsync(Get("blocks", credential), TransportJson.Default.BlocksResponse, cancellationToken);
}
