using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Messages;

/// <summary>The Cloud API's message object as it goes to a device: the type, and the member of that name with what Relay knows of it.</summary>
internal sealed partial class DeviceMessage
{
    private static readonly DeviceMessageJson Json = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = CompactJsonEncoder.Instance,
    });

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("text")]
    public TextMessage? Text { get; init; }

    [JsonPropertyName("image")]
    public MediaMessage? Image { get; init; }

    [JsonPropertyName("video")]
    public MediaMessage? Video { get; init; }

    [JsonPropertyName("audio")]
    public MediaMessage? Audio { get; init; }

    [JsonPropertyName("document")]
    public MediaMessage? Document { get; init; }

    [JsonPropertyName("sticker")]
    public MediaMessage? Sticker { get; init; }

    [JsonPropertyName("location")]
    public LocationMessage? Location { get; init; }

    [JsonPropertyName("contacts")]
    public IReadOnlyList<ContactCard>? Contacts { get; init; }

    [JsonPropertyName("interactive")]
    public InteractiveMessage? Interactive { get; init; }

    /// <summary>What of a valid request goes to the device; only the member of the type.</summary>
    internal static DeviceMessage Of(SendMessageRequest request, string type) => new()
    {
        Type = type,
        Text = type == MessageType.Text ? Trim(request.Text) : null,
        Image = type == MessageType.Image ? request.Image : null,
        Video = type == MessageType.Video ? request.Video : null,
        Audio = type == MessageType.Audio ? request.Audio : null,
        Document = type == MessageType.Document ? request.Document : null,
        Sticker = type == MessageType.Sticker ? request.Sticker : null,
        Location = type == MessageType.Location ? request.Location : null,
        Contacts = type == MessageType.Contacts ? request.Contacts : null,
        Interactive = type == MessageType.Interactive ? request.Interactive : null,
    };

    /// <summary>Null when it holds text that is not valid Unicode.</summary>
    internal JsonElement? ToJson()
    {
        try
        {
            return JsonSerializer.SerializeToElement(this, Json.DeviceMessage);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            // Members that are passed on as they came may hold a lone surrogate.
            return null;
        }
    }

    private static TextMessage? Trim(TextMessage? text) => text is { PreviewUrl: false } ? text with { PreviewUrl = null } : text;

    [JsonSerializable(typeof(DeviceMessage))]
    internal sealed partial class DeviceMessageJson : JsonSerializerContext;
}
