using System.Globalization;
using System.Text.Json;
using Relay.Shared.Graph.Messages;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>
/// Builds the bytes of a webhook: ASCII-only JSON, to be signed and sent exactly as they are. Total over what a device can
/// send: a message that isn't a readable text becomes one of type <c>unsupported</c>.
/// </summary>
public static class WebhookPayload
{
    private const string Field = "messages";
    private const string Text = "text";
    private const string Unsupported = "unsupported";

    public static byte[] ForMessage(WebhookSource source, UserMessage message) => Build(source, new WebhookValue
    {
        Metadata = source.ToMetadata(),
        Contacts =
        [
            new WebhookContact
            {
                Profile = message.ProfileName is { } name ? new WebhookProfile(name.Reveal()) : null,
                WaId = message.From.Digits,
                UserId = message.FromUserId,
                IdentityKeyHash = message.IdentityKeyHash?.Value,
            },
        ],
        Messages = [ToIncoming(message)],
    });

    /// <exception cref="ArgumentException"><c>failed</c> without an error, or an error without <c>failed</c>.</exception>
    public static byte[] ForStatus(WebhookSource source, MessageStatusChange change)
    {
        if (change.Status == MessageStatus.Failed != change.Errors.Count > 0)
        {
            throw new ArgumentException("Errors belong to a failed message, and to no other.", nameof(change));
        }

        return Build(source, new WebhookValue
        {
            Metadata = source.ToMetadata(),
            Statuses =
            [
                new StatusUpdate
                {
                    Id = change.MessageId,
                    Status = Name(change.Status),
                    Timestamp = Seconds(change.Timestamp),
                    RecipientId = change.Recipient.Digits,
                    RecipientUserId = change.RecipientUserId,
                    CallbackData = change.CallbackData?.Reveal(),
                    Errors = change.Errors.Count > 0 ? [.. change.Errors.Select(WebhookError.From)] : null,
                },
            ],
        });
    }

    private static byte[] Build(WebhookSource source, WebhookValue value) => JsonSerializer.SerializeToUtf8Bytes(
        new WebhookEnvelope { Entry = [new WebhookEntry(source.Account.Value, [new WebhookChange(Field, value)])] },
        GraphOutput.WebhookEnvelope);

    private static IncomingMessage ToIncoming(UserMessage message)
    {
        TextMessage? text = ReadText(message.Message);
        string? otherType = text is null ? ReadString(message.Message, "type") : null;
        return new IncomingMessage
        {
            Context = message.Context is { } context ? new IncomingContext(context.Author.Digits, context.MessageId) : null,
            From = message.From.Digits,
            FromUserId = message.FromUserId,
            Id = message.MessageId,
            Timestamp = Seconds(message.Timestamp),
            Type = text is null ? Unsupported : Text,
            Text = text,
            Errors = text is null ? [WebhookError.From(GraphErrorCode.UnsupportedMessageType.Because("Message type is currently not supported."))] : null,
            Unsupported = otherType is { Length: > 0 } ? new UnsupportedMessage(ClientText.Clip(otherType)) : null,
        };
    }

    // Only the body is taken over: what else a device puts into its message is not the Cloud API's.
    private static TextMessage? ReadText(JsonElement message) =>
        ReadString(message, "type") == Text
        && message.TryGetProperty(Text, out JsonElement text)
        && ReadString(text, "body") is { } body
            ? new TextMessage(body)
            : null;

    private static string? ReadString(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object
            || !parent.TryGetProperty(name, out JsonElement value)
            || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate or bytes that aren't UTF-8: JSON in form, but no text.
            return null;
        }
    }

    private static string Name(MessageStatus status) => status switch
    {
        MessageStatus.Sent => "sent",
        MessageStatus.Delivered => "delivered",
        MessageStatus.Read => "read",
        MessageStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    private static string Seconds(long timestamp) => timestamp.ToString(CultureInfo.InvariantCulture);
}
