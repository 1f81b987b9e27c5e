using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Devices;

/// <summary>Mailboxes: in by anyone registered, out and forgotten only by the device that holds the number.</summary>
public sealed class EnvelopeFunctions(
    TransportEndpoint endpoint, SendEnvelope sendEnvelope, FetchEnvelopes fetchEnvelopes, AcknowledgeEnvelopes acknowledgeEnvelopes)
{
    [Function("TransportSendEnvelope")]
    public Task<IResult> SendAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/envelopes")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(
            request, TransportJson.Default.SendEnvelopeRequest, TransportJson.Default.SendEnvelopeResponse,
            sendEnvelope.ExecuteAsync, cancellationToken);

    [Function("TransportFetchEnvelopes")]
    public Task<IResult> FetchAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "transport/v1/envelopes")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(
            request, TransportJson.Default.FetchEnvelopesResponse,
            (device, token) => fetchEnvelopes.ExecuteAsync(
                device,
                QueryNumber.Read(request, "wait", otherwise: 0),
                QueryNumber.Read(request, "limit", otherwise: TransportLimits.MaxEnvelopesPerFetch),
                token),
            cancellationToken);

    [Function("TransportAcknowledgeEnvelopes")]
    public Task<IResult> AcknowledgeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/envelopes/ack")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(
            request, TransportJson.Default.AcknowledgeRequest, TransportJson.Default.AcknowledgeResponse,
            acknowledgeEnvelopes.ExecuteAsync, cancellationToken);
}
