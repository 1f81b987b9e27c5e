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
        CallSignedAsync(signer, HttpMethod.Post, "operator/signals", new ShowSignalsRequest(business), TransportJson.Default.ShowSignalsRequest, cancellationToken);

    /// <summary>Changes how a business stands. A repeat of the same call, or one that was signed before the last change, is refused as unauthorized.</summary>
    public Task<TransportResult<SignalsResponse>> SetStandingAsync(RoleSigner signer, SetStandingRequest change, CancellationToken cancellationToken) =>
        CallSignedAsync(signer, HttpMethod.Put, "operator/standing", change, TransportJson.Default.SetStandingRequest, cancellationToken);

    private Task<TransportResult<SignalsResponse>> CallSignedAsync<TBody>(
        RoleSigner signer, HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> type, CancellationToken cancellationToken)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        HttpRequestMessage request = Request(method, path, null, bytes);
        signer.Sign(request, RoleCall.ToTransport, bytes);
        return CallAsync(request, TransportJson.Default.SignalsResponse, cancellationToken);
    }
}
