using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 16, AllowDuplicateProperties = false,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StartRegistrationRequest))]
[JsonSerializable(typeof(StartRegistrationResponse))]
[JsonSerializable(typeof(VerifyRegistrationRequest))]
[JsonSerializable(typeof(RegisterBusinessNumberRequest))]
[JsonSerializable(typeof(DeviceCredentialResponse))]
[JsonSerializable(typeof(ReleaseNumberResponse))]
[JsonSerializable(typeof(UploadKeysRequest))]
[JsonSerializable(typeof(KeyCountResponse))]
[JsonSerializable(typeof(DirectoryRequest))]
[JsonSerializable(typeof(BundleResponse))]
[JsonSerializable(typeof(IdentityResponse))]
[JsonSerializable(typeof(SendEnvelopeRequest))]
[JsonSerializable(typeof(SendEnvelopeResponse))]
[JsonSerializable(typeof(FetchEnvelopesResponse))]
[JsonSerializable(typeof(Envelope))]
[JsonSerializable(typeof(AcknowledgeRequest))]
[JsonSerializable(typeof(AcknowledgeResponse))]
[JsonSerializable(typeof(AttachmentResponse))]
[JsonSerializable(typeof(StandingResponse))]
[JsonSerializable(typeof(ReachRequest))]
[JsonSerializable(typeof(ReachResponse))]
[JsonSerializable(typeof(StatisticsRequest))]
[JsonSerializable(typeof(StatisticsResponse))]
[JsonSerializable(typeof(ShowSignalsRequest))]
[JsonSerializable(typeof(SetStandingRequest))]
[JsonSerializable(typeof(SignalsResponse))]
[JsonSerializable(typeof(TransportErrorResponse))]
public sealed partial class TransportJson : JsonSerializerContext;
