using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;

namespace Relay.Shared.Erasure;

/// <summary>
/// One user's data as JSON, written row by row: <c>{"contact":{"wa_id"},"exported_at","blocked_by"?,"conversations":[{"phone_number_id","records":[…]}]}</c>. A
/// record says what it is (<c>message</c> or <c>status</c>), its message's <c>id</c>, <c>direction</c>, times, and its content where Relay still has it.
/// </summary>
public sealed class ContactExport(
    ConversationStore conversations, MessageIds ids, PhoneNumber user, IReadOnlyList<(PhoneNumberId Number, ConversationKey Key)> found, IReadOnlyList<PhoneNumberId> blockedBy, DateTimeOffset at)
{
    private const int BytesBeforeFlush = 32 * 1024;

    /// <summary>As the Cloud API calls them; <c>accepted</c> is before <c>sent</c>.</summary>
    private static readonly Dictionary<OutboundState, string> Names = new()
    {
        [OutboundState.Committed] = "accepted",
        [OutboundState.Sent] = "sent",
        [OutboundState.Delivered] = "delivered",
        [OutboundState.Read] = "read",
        [OutboundState.Played] = "played",
        [OutboundState.Failed] = "failed",
    };

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>Writes all of it; what fails in the middle leaves JSON without its end.</summary>
    public async Task WriteAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        await using Utf8JsonWriter writer = new(output, s_options);
        writer.WriteStartObject();
        writer.WriteStartObject("contact");
        writer.WriteString("wa_id", user.Digits);
        writer.WriteEndObject();
        writer.WriteNumber("exported_at", at.ToUnixTimeSeconds());
        if (blockedBy.Count > 0)
        {
            writer.WriteStartArray("blocked_by");
            foreach (PhoneNumberId number in blockedBy)
            {
                writer.WriteStringValue(number.Value);
            }

            writer.WriteEndArray();
        }

        writer.WriteStartArray("conversations");
        foreach ((PhoneNumberId number, ConversationKey key) in found)
        {
            writer.WriteStartObject();
            writer.WriteString("phone_number_id", number.Value);
            writer.WriteStartArray("records");
            await foreach (ConversationRecord record in conversations.ListRecordsAsync(key, cancellationToken))
            {
                await WriteAsync(writer, number, key, record, cancellationToken);
                if (writer.BytesPending > BytesBeforeFlush)
                {
                    writer.Flush();
                    await output.FlushAsync(cancellationToken);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        await output.FlushAsync(cancellationToken);
    }

    public override string ToString() => "[redacted]";

    private async Task WriteAsync(Utf8JsonWriter writer, PhoneNumberId number, ConversationKey key, ConversationRecord record, CancellationToken cancellationToken)
    {
        MessageDirection direction = record.IsUsers ? MessageDirection.FromUser : MessageDirection.FromBusiness;
        string id = await ids.CreateAsync(key.Business, number, new MessageLocator(direction, key.Conversation, record.Message), cancellationToken);
        writer.WriteStartObject();
        writer.WriteString("type", record.IsStatus ? "status" : "message");
        writer.WriteString("id", id);
        writer.WriteString("direction", record.IsUsers ? "from_user" : "from_business");
        writer.WriteString("stored_on", record.Day);
        if (record.At is { } when)
        {
            writer.WriteNumber("timestamp", when.ToUnixTimeSeconds());
        }

        if (record.State is { } state)
        {
            writer.WriteString("status", Names[state]);
        }

        if (record.CallbackData is { } data)
        {
            writer.WriteString("biz_opaque_callback_data", data);
        }

        if (record.Content is { } content)
        {
            writer.WritePropertyName(record.IsWebhook ? "webhook" : "content");
            writer.WriteRawValue(content);
        }

        writer.WriteEndObject();
    }
}
