using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity.Reports;

/// <summary>Tells devices what to seal an attachment for, and lets the operator say it. The transport never has the private key.</summary>
public sealed class ReportKey(ReportKeyStore store)
{
    private static readonly TransportFailure s_overtaken = new(TransportErrorCode.Unauthorized, "The call was signed before the key's last change.");

    public async Task<TransportResult<ReportKeyResponse>> ShowAsync(CancellationToken cancellationToken) =>
        new ReportKeyResponse { Key = await store.FindAsync(cancellationToken) };

    public async Task<TransportResult<ReportKeyResponse>> SetAsync(SetReportKeyRequest request, DateTimeOffset signed, CancellationToken cancellationToken)
    {
        if (request.Key.Length is not (0 or TransportLimits.ReportKeyBytes))
        {
            return TransportFailures.BadRequest("'key' is neither empty nor 32 bytes.");
        }

        return await store.SetAsync(request.Key, signed, cancellationToken)
            ? new ReportKeyResponse { Key = request.Key.Length == 0 ? null : request.Key }
            : s_overtaken;
    }
}
