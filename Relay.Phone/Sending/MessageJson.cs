using System.Text.Json.Serialization;

namespace Relay.Phone.Sending;

/// <summary>The Cloud API's text message object.</summary>
internal sealed record TextMessage(string Type, TextBody Text)
{
    public override string ToString() => nameof(TextMessage);
}

internal sealed record TextBody(string Body)
{
    public override string ToString() => nameof(TextBody);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TextMessage))]
internal sealed partial class MessageJson : JsonSerializerContext;
