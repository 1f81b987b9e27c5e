using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Media;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>
/// Puts what leads a device to a file in the place of the upload's id or the link that the business gave. May run twice: the file may lie with the
/// transport twice then. What no repetition mends becomes the delivery's refusal.
/// </summary>
public sealed class AttachFile(AttachMedia attachMedia, WorkQueue queue, TimeProvider time)
{
    /// <summary>
    /// After which no further file is begun: one may take more than two minutes, and the host ends a function after five.
    /// </summary>
    internal static readonly TimeSpan Budget = TimeSpan.FromMinutes(1);

    /// <summary>What there is no time for goes back into the queue, with all that was accepted after it.</summary>
    internal async Task ExecuteAsync(List<OutboundDelivery> deliveries, BusinessNumber number, CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + Budget;
        for (int i = 0; i < deliveries.Count; i++)
        {
            if (i > 0 && deliveries[i].Body is { HasFile: true } && time.GetUtcNow() >= end)
            {
                await queue.RetryAsync(QueueNames.Outbound, deliveries.Skip(i).Select(later => later.Item), cancellationToken);
                deliveries.RemoveRange(i, deliveries.Count - i);
                return;
            }

            await ExecuteAsync(deliveries[i], number, cancellationToken);
        }
    }

    private async Task ExecuteAsync(OutboundDelivery delivery, BusinessNumber number, CancellationToken cancellationToken)
    {
        if (delivery is not { Refusal: null, Body: { HasFile: true } body })
        {
            return;
        }

        DeviceContent content = DeviceContentCodec.Decode(body.Content) ?? throw new InvalidDataException("An outbound body has no readable content.");
        if (content.Message is not { } message || MessageFile.Find(message) is not { } file || !MediaKinds.TryParse(file.Type, out MediaKind kind))
        {
            throw new InvalidDataException("An outbound body names a file and holds none.");
        }

        // Of the two one is given; the other may be there and empty.
        MediaSource source = file.Media.Link is { Length: > 0 } link ? MediaSource.OfLink(new Uri(link)) : MediaSource.OfId(file.Media.Id ?? string.Empty);
        Result<DeviceMedia, GraphError> attached = await attachMedia.ExecuteAsync(number, kind, source, cancellationToken);
        if (!attached.TryGet(out DeviceMedia? media, out GraphError? error))
        {
            delivery.Refusal = error;
            return;
        }

        delivery.Body = body.With(DeviceContentCodec.Encode(content with { Message = Put(message, file.Place, media) }));
    }

    private static JsonElement Put(JsonElement message, string place, DeviceMedia media)
    {
        JsonObject whole = JsonObject.Create(message) ?? throw new InvalidDataException("A message is no object.");
        JsonObject part = whole;
        foreach (string name in place.Split('.'))
        {
            part = part[name]?.AsObject() ?? throw new InvalidDataException("A message has no file.");
        }

        part.Remove("id");
        part.Remove("link");
        part["attachment"] = JsonSerializer.SerializeToNode(media.Attachment, FileJson.Default.AttachmentPointer);
        part["mime_type"] = media.MimeType;
        part["sha256"] = media.Sha256;
        return JsonSerializer.SerializeToElement(whole, FileJson.Compact.JsonObject);
    }
}
