using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Relay.Phone.Commands;
using Relay.Phone.Events;
using Relay.Shared.Content;

namespace Relay.Phone.State;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 32,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PhoneData))]
[JsonSerializable(typeof(PhoneEvent))]
[JsonSerializable(typeof(PhoneStatus))]
[JsonSerializable(typeof(AttachmentPointer))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(SafetyNumberLine))]
internal sealed partial class PhoneJson : JsonSerializerContext;
