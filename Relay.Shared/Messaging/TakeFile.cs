using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Media;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>Takes the file of a user's message over before the message is durable, so that whoever is told of it can fetch it.</summary>
public sealed class TakeFile(TakeMedia takeMedia)
{
    /// <summary>Neither when the message has no file, or doesn't say where it is: then it is told as unsupported.</summary>
    internal async Task<(IncomingMedia? File, GraphError? Error)> ExecuteAsync(
        BusinessNumber number, ConversationKey conversation, EnvelopeId message, JsonElement content, CancellationToken cancellationToken)
    {
        if (JsonText.Read(content, "type") is not { } type || !MediaKinds.TryParse(type, out MediaKind kind) || Read(content, type) is not { } media)
        {
            return (null, null);
        }

        Result<ReceivedMedia, GraphError> taken = await takeMedia.ExecuteAsync(number, conversation, message, kind, media, cancellationToken);
        return taken.TryGet(out ReceivedMedia? file, out GraphError? error)
            ? (new IncomingMedia { MimeType = file.MimeType, Sha256 = file.Sha256, Id = file.Id, Url = file.Url }, null)
            : (null, error);
    }

    private static DeviceMedia? Read(JsonElement content, string type)
    {
        try
        {
            return content.TryGetProperty(type, out JsonElement part)
                && part.ValueKind == JsonValueKind.Object
                && part.TryGetProperty("attachment", out JsonElement attachment)
                && attachment.Deserialize(FileJson.Default.AttachmentPointer) is { IsWellFormed: true } pointer
                    ? new DeviceMedia(pointer, JsonText.Read(part, "mime_type") ?? string.Empty, JsonText.Read(part, "sha256") ?? string.Empty, pointer.Size)
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
