using System.Globalization;
using System.Text.Json;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>
/// Builds the bytes of a webhook: ASCII-only JSON, to be signed and sent exactly as they are. Total over what a device can
/// send: a message that the Cloud API has no form for becomes one of type <c>unsupported</c>.
/// </summary>
public static class WebhookPayload
{
    private const string Field = "messages";

    public static byte[] ForMessage(WebhookSource source, UserMessage message)
    {
        IncomingMessage told = ToIncoming(message);
        return Build(source, new WebhookValue
        {
            Metadata = source.ToMetadata(),
            Contacts = told.Type == MessageType.System ? null : [ToContact(message)],
            Messages = message.NewIdentity is { } identity ? [told, ToIdentityChange(message, identity)] : [told],
        });
    }

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
                    Pricing = change.Category is { } category ? StatusPricing.Of(category) : null,
                    Errors = change.Errors.Count > 0 ? [.. change.Errors.Select(WebhookError.From)] : null,
                },
            ],
        });
    }

    private static byte[] Build(WebhookSource source, WebhookValue value) => JsonSerializer.SerializeToUtf8Bytes(
        new WebhookEnvelope { Entry = [new WebhookEntry(source.Account.Value, [new WebhookChange(Field, value)])] },
        GraphOutput.WebhookEnvelope);

    private static WebhookContact ToContact(UserMessage message) => new()
    {
        Profile = message.ProfileName is { } name ? new WebhookProfile(name.Reveal()) : null,
        WaId = message.From.Digits,
        UserId = message.FromUserId,
        IdentityKeyHash = message.IdentityKeyHash?.Value,
    };

    private static IncomingMessage ToIncoming(UserMessage message)
    {
        IncomingMessage head = new()
        {
            Context = ToContext(message),
            From = message.From.Digits,
            FromUserId = message.FromUserId,
            Id = message.MessageId,
            Timestamp = Seconds(message.Timestamp),
            Type = MessageType.Unsupported,
        };
        return IncomingContent.Read(message, head) ?? head with
        {
            Errors = [WebhookError.From(message.FileError ?? GraphErrorCode.UnsupportedMessageType.Because("Message type is currently not supported."))],
            Unsupported = JsonText.Read(message.Message, "type") is { Length: > 0 } type ? new UnsupportedMessage(ClientText.Clip(type)) : null,
        };
    }

    private static IncomingContext? ToContext(UserMessage message) => message is { Context: null, Forwarded: ForwardCount.None }
        ? null
        : new IncomingContext
        {
            Forwarded = message.Forwarded == ForwardCount.Once ? true : null,
            FrequentlyForwarded = message.Forwarded == ForwardCount.Often ? true : null,
            From = message.Context?.Author.Digits,
            Id = message.Context?.MessageId,
        };

    /// <summary>Beside the message that brought it, behind it: who reads the first one only, misses nothing that was said.</summary>
    private static IncomingMessage ToIdentityChange(UserMessage message, IdentityKeyHash identity) => new()
    {
        From = message.From.Digits,
        FromUserId = message.FromUserId,
        Id = $"{message.MessageId}.identity",
        Timestamp = Seconds(message.Timestamp),
        Type = MessageType.System,
        System = new IncomingSystem
        {
            Body = "The user's identity key changed: a new device, or somebody else.",
            Type = "customer_identity_changed",
            WaId = message.From.Digits,
            Identity = identity.Value,
        },
    };

    private static string Name(MessageStatus status) => status switch
    {
        MessageStatus.Sent => "sent",
        MessageStatus.Delivered => "delivered",
        MessageStatus.Read => "read",
        MessageStatus.Played => "played",
        MessageStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    private static string Seconds(long timestamp) => timestamp.ToString(CultureInfo.InvariantCulture);
}
