using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Client;

/// <summary>
/// The transport's API (docs/transport.openapi.yaml) as methods; no state but its <see cref="HttpClient"/>, safe for concurrent use.
/// What a correct caller can cause is a <see cref="TransportFailure"/>. The transport not being there, or not being itself (5xx,
/// an answer that isn't of this API), is an <see cref="HttpRequestException"/> or, after <see cref="CallTime"/> or the HttpClient's timeout, a
/// <see cref="TimeoutException"/>: then a write may have happened and every operation but the two registrations and
/// <see cref="TakeBundleAsync"/> may simply be repeated.
/// </summary>
public sealed partial class TransportClient
{
    /// <summary>More than the largest answer (a full fetch); a longer one isn't read.</summary>
    private const long MaxResponseBytes = 8 * 1024 * 1024;

    /// <summary>How long a call may take; longer than the longest fetch waits.</summary>
    public static readonly TimeSpan CallTime = TimeSpan.FromSeconds(40);

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly Uri _base;

    /// <param name="http">Not disposed here. Its timeout must exceed the longest fetch wait (30 s).</param>
    /// <param name="baseAddress">Absolute, without the <c>transport/v1</c> part.</param>
    public TransportClient(HttpClient http, Uri baseAddress)
    {
        _http = http;
        _base = new Uri(baseAddress.AbsoluteUri.TrimEnd('/') + "/transport/v1/");
    }

    /// <summary>Asks for a verification code to be sent to the number.</summary>
    public Task<TransportResult<StartRegistrationResponse>> StartRegistrationAsync(PhoneNumber number, CancellationToken cancellationToken) =>
        CallAsync(
            Post("registrations", null, new StartRegistrationRequest(number.E164), TransportJson.Default.StartRegistrationRequest),
            TransportJson.Default.StartRegistrationResponse,
            cancellationToken);

    /// <summary>Proves the number with the code, publishes the keys and gets a credential; the one before it ends.</summary>
    public async Task<TransportResult<DeviceCredential>> VerifyRegistrationAsync(
        string registrationId, PhoneNumber number, Secret code, DeviceKeys keys, CancellationToken cancellationToken)
    {
        VerifyRegistrationRequest body = new() { Number = number.E164, Code = code.Reveal(), Keys = keys };
        return ToCredential(number, await CallAsync(
            Post($"registrations/{Uri.EscapeDataString(registrationId)}/verify", null, body, TransportJson.Default.VerifyRegistrationRequest),
            TransportJson.Default.DeviceCredentialResponse,
            cancellationToken));
    }

    /// <summary>Registers (or registers anew) a business number for the relay that acts for it.</summary>
    public async Task<TransportResult<DeviceCredential>> RegisterBusinessNumberAsync(
        RoleSigner signer, PhoneNumber number, DeviceKeys keys, Uri pushUrl, SecretBytes pushSecret, string business, CancellationToken cancellationToken)
    {
        RegisterBusinessNumberRequest body = new()
        {
            Number = number.E164,
            Keys = keys,
            PushUrl = pushUrl.AbsoluteUri,
            PushSecret = pushSecret.Reveal().ToArray(),
            Business = business,
        };
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(body, TransportJson.Default.RegisterBusinessNumberRequest);
        HttpRequestMessage request = Request(HttpMethod.Post, "business-numbers", null, bytes);
        signer.Sign(request, RoleCall.ToTransport, bytes);
        return ToCredential(number, await CallAsync(request, TransportJson.Default.DeviceCredentialResponse, cancellationToken));
    }

    /// <summary>Gives the number up: it is nobody's until it is registered again. The credential ends with it.</summary>
    public Task<TransportResult<ReleaseNumberResponse>> ReleaseNumberAsync(DeviceCredential credential, CancellationToken cancellationToken) =>
        CallAsync(
            new HttpRequestMessage(HttpMethod.Delete, new Uri(_base, "registrations")) { Headers = { Authorization = credential.ToHeader() } },
            TransportJson.Default.ReleaseNumberResponse,
            cancellationToken);

    /// <summary>Adds one-time pre-keys, and replaces the signed pre-key if there is one in the request; answers the new stock.</summary>
    public Task<TransportResult<KeyCountResponse>> UploadKeysAsync(
        DeviceCredential credential, UploadKeysRequest keys, CancellationToken cancellationToken) =>
        CallAsync(
            Body(HttpMethod.Put, "keys", credential.ToHeader(), keys, TransportJson.Default.UploadKeysRequest),
            TransportJson.Default.KeyCountResponse,
            cancellationToken);

    /// <summary>How many one-time pre-keys are left.</summary>
    public Task<TransportResult<KeyCountResponse>> CountKeysAsync(DeviceCredential credential, CancellationToken cancellationToken) =>
        CallAsync(Get("keys", credential), TransportJson.Default.KeyCountResponse, cancellationToken);

    /// <summary>A pre-key bundle of a number's device; a one-time key in it is handed out to nobody else, so each call spends one.</summary>
    public Task<TransportResult<BundleResponse>> TakeBundleAsync(
        DeviceCredential credential, PhoneNumber of, CancellationToken cancellationToken) =>
        CallAsync(
            Post("bundles", credential.ToHeader(), new DirectoryRequest(of.E164), TransportJson.Default.DirectoryRequest),
            TransportJson.Default.BundleResponse,
            cancellationToken);

    /// <summary>The identity key that a number's device published; spends nothing.</summary>
    public Task<TransportResult<IdentityResponse>> FindIdentityAsync(
        DeviceCredential credential, PhoneNumber of, CancellationToken cancellationToken) =>
        CallAsync(
            Post("identities", credential.ToHeader(), new DirectoryRequest(of.E164), TransportJson.Default.DirectoryRequest),
            TransportJson.Default.IdentityResponse,
            cancellationToken);

    /// <summary>Sends one Signal message. A repeat with the same id is accepted and changes nothing.</summary>
    /// <param name="credential">The sender's.</param>
    /// <param name="to">The recipient.</param>
    /// <param name="id">The idempotency key.</param>
    /// <param name="type"><see cref="Envelope.Message"/> or <see cref="Envelope.PreKey"/>.</param>
    /// <param name="content">The Signal message.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<TransportResult<SendEnvelopeResponse>> SendAsync(
        DeviceCredential credential, PhoneNumber to, EnvelopeId id, string type, byte[] content, CancellationToken cancellationToken) =>
        SendAsync(credential, to, id, type, content, null, cancellationToken);

    /// <summary>The same for a business's message.</summary>
    /// <param name="credential">The sender's.</param>
    /// <param name="to">The recipient.</param>
    /// <param name="id">The idempotency key.</param>
    /// <param name="type"><see cref="Envelope.Message"/> or <see cref="Envelope.PreKey"/>.</param>
    /// <param name="content">The Signal message.</param>
    /// <param name="initiated">One of <see cref="InitiatedBy"/>; null for what is not counted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<TransportResult<SendEnvelopeResponse>> SendAsync(
        DeviceCredential credential, PhoneNumber to, EnvelopeId id, string type, byte[] content, string? initiated, CancellationToken cancellationToken) =>
        CallAsync(
            Post(
                "envelopes",
                credential.ToHeader(),
                new SendEnvelopeRequest { To = to.E164, Id = id.Hex, Type = type, Content = content, Initiated = initiated },
                TransportJson.Default.SendEnvelopeRequest),
            TransportJson.Default.SendEnvelopeResponse,
            cancellationToken);

    /// <summary>How the business of a business number stands.</summary>
    public Task<TransportResult<StandingResponse>> ShowStandingAsync(DeviceCredential credential, CancellationToken cancellationToken) =>
        CallAsync(Get("standing", credential), TransportJson.Default.StandingResponse, cancellationToken);

    /// <summary>Whether a business number may message a user outside of a service window; counts nobody.</summary>
    public Task<TransportResult<ReachResponse>> CheckReachAsync(DeviceCredential credential, PhoneNumber to, CancellationToken cancellationToken) =>
        CallAsync(Post("reach", credential.ToHeader(), new ReachRequest(to.E164), TransportJson.Default.ReachRequest), TransportJson.Default.ReachResponse, cancellationToken);

    /// <summary>The oldest envelopes waiting, at most <paramref name="limit"/>; waits for one up to <paramref name="waitSeconds"/> if there is none.</summary>
    public Task<TransportResult<FetchEnvelopesResponse>> FetchAsync(
        DeviceCredential credential, int waitSeconds, int limit, CancellationToken cancellationToken) =>
        CallAsync(
            Get(string.Create(CultureInfo.InvariantCulture, $"envelopes?wait={waitSeconds}&limit={limit}"), credential),
            TransportJson.Default.FetchEnvelopesResponse,
            cancellationToken);

    /// <summary>Lets the transport forget envelopes that this device has made durable; unknown handles are no error.</summary>
    public Task<TransportResult<AcknowledgeResponse>> AcknowledgeAsync(
        DeviceCredential credential, IReadOnlyList<string> handles, CancellationToken cancellationToken) =>
        CallAsync(
            Post("envelopes/ack", credential.ToHeader(), new AcknowledgeRequest(handles), TransportJson.Default.AcknowledgeRequest),
            TransportJson.Default.AcknowledgeResponse,
            cancellationToken);

    private static TransportResult<DeviceCredential> ToCredential(PhoneNumber number, TransportResult<DeviceCredentialResponse> result) =>
        result.IsSuccess ? new DeviceCredential(number, new Secret(result.Value.Credential)) : result.Failure;

    private HttpRequestMessage Get(string path, DeviceCredential credential) =>
        new(HttpMethod.Get, new Uri(_base, path)) { Headers = { Authorization = credential.ToHeader() } };

    private HttpRequestMessage Post<TBody>(string path, AuthenticationHeaderValue? authorization, TBody body, JsonTypeInfo<TBody> type) =>
        Body(HttpMethod.Post, path, authorization, body, type);

    private HttpRequestMessage Body<TBody>(
        HttpMethod method, string path, AuthenticationHeaderValue? authorization, TBody body, JsonTypeInfo<TBody> type) =>
        Request(method, path, authorization, JsonSerializer.SerializeToUtf8Bytes(body, type));

    private HttpRequestMessage Request(HttpMethod method, string path, AuthenticationHeaderValue? authorization, byte[] body)
    {
        ByteArrayContent content = new(body);
        content.Headers.ContentType = Json;
        HttpRequestMessage request = new(method, new Uri(_base, path)) { Content = content };
        request.Headers.Authorization = authorization;
        return request;
    }

    private Task<TransportResult<T>> CallAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => CallAsync(request, type, CallTime, cancellationToken);

    private async Task<TransportResult<T>> CallAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, TimeSpan time, CancellationToken cancellationToken)
        where T : class
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(time);
        try
        {
            using (request)
            using (HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token))
            {
                await response.Content.LoadIntoBufferAsync(MaxResponseBytes, either.Token);
                byte[] body = await response.Content.ReadAsByteArrayAsync(either.Token);
                return TransportAnswer.Read(response, body, type);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The transport did not answer in time.", e);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // A peer that dies while a connection is being made lets the framework throw the socket's own exception.
            throw new HttpRequestException("The connection to the transport broke off.", e);
        }
    }
}
