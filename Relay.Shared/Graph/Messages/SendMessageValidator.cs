using System.Text.Json;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Messages;

/// <summary>
/// The rules of spec/cloud-api.md §2 for what Relay sends. Pure; its errors name the member and the rule, never the
/// content. What Relay can't do is refused by name, never dropped.
/// </summary>
public static class SendMessageValidator
{
    private const string Product = "whatsapp";
    private const string Read = "read";
    private const string Individual = "individual";
    private const string Group = "group";

    public static Result<ValidSend, GraphError> Validate(SendMessageRequest request)
    {
        if (CheckProduct(request.MessagingProduct) is { } error)
        {
            return error;
        }

        return request.Status is null ? ValidateMessage(request) : ValidateReadReceipt(request);
    }

    private static Result<ValidSend, GraphError> ValidateReadReceipt(SendMessageRequest request)
    {
        if (request.Status != Read)
        {
            return Rule.Invalid($"status must be \"{Read}\"; leave it out to send a message.");
        }

        if (MessageMembers.Of(request).Any())
        {
            return Rule.Invalid($"status \"{Read}\" can't be combined with a message; send two requests.");
        }

        if (request.MessageId is not { Length: > 0 } id)
        {
            return Rule.Missing("message_id");
        }

        if (CheckMessageId(id, "message_id") is { } error)
        {
            return error;
        }

        if (request.TypingIndicator is { Type: null })
        {
            return Rule.Missing("typing_indicator.type");
        }

        if (request.TypingIndicator is { Type: not MessageType.Text })
        {
            return Rule.Invalid($"typing_indicator.type must be \"{MessageType.Text}\".");
        }

        return new ReadReceiptRequest { MessageId = id, Typing = request.TypingIndicator is not null };
    }

    private static Result<ValidSend, GraphError> ValidateMessage(SendMessageRequest request)
    {
        string type = request.Type ?? MessageType.Text;
        if ((CheckType(type) ?? CheckRecipient(request)) is { } error)
        {
            return error;
        }

        PhoneNumber? to = null;
        bool byNumber = !string.IsNullOrEmpty(request.To);
        if (byNumber && !PhoneNumber.TryParse(request.To, out to))
        {
            return Rule.Invalid("to must be a phone number in international form, 7 to 15 digits with the country code, optionally with a leading +.");
        }

        if ((CheckContent(request, type) ?? CheckExtras(request)) is { } problem)
        {
            return problem;
        }

        bool isRendered = type is MessageType.Reaction or MessageType.Template;
        JsonElement? message = isRendered ? null : DeviceMessage.Of(request, type).ToJson();
        if (!isRendered && message is null)
        {
            return GraphErrorCode.InvalidParameter.Because($"{type} holds text that is not valid Unicode.");
        }

        if (message is { } made && MessageSize.Check(made) is { } tooLarge)
        {
            return tooLarge;
        }

        return new OutgoingMessage
        {
            To = to,
            UserId = byNumber ? null : request.Recipient,
            ToInput = new Sensitive<string>((byNumber ? request.To : request.Recipient)!),
            Type = type,
            Message = message is { } element ? new Sensitive<JsonElement>(element) : null,
            Reaction = type == MessageType.Reaction ? request.Reaction : null,
            Template = type == MessageType.Template ? request.Template : null,
            File = message is { } holder ? MessageFile.Find(holder) : null,
            ContextMessageId = request.Context?.MessageId,
            CallbackData = request.CallbackData is { } data ? new Sensitive<string>(data) : null,
            RecipientIdentity = IdentityKeyHash.TryParse(request.RecipientIdentityKeyHash, out IdentityKeyHash hash) ? hash : null,
        };
    }

    private static GraphError? CheckProduct(string? product) => product switch
    {
        null => Rule.Missing("messaging_product"),
        Product => null,
        _ => Rule.Invalid($"messaging_product must be \"{Product}\"."),
    };

    private static GraphError? CheckType(string type) => MessageType.Outgoing.Contains(type)
        ? null
        : GraphErrorCode.UnsupportedMessageType.Because(
            $"Messages of type '{ClientText.Clip(type)}' are not supported. Supported: {string.Join(", ", MessageType.Outgoing)}.");

    private static GraphError? CheckRecipient(SendMessageRequest request)
    {
        if (request.RecipientType is not (null or Individual))
        {
            return request.RecipientType == Group
                ? GraphErrorCode.UnsupportedMessageType.Because("recipient_type: messages to groups are not supported. Send to each user, with recipient_type individual.")
                : Rule.Invalid($"recipient_type must be \"{Individual}\".");
        }

        return string.IsNullOrEmpty(request.To) ? CheckUserId(request.Recipient) : null;
    }

    private static GraphError? CheckUserId(string? recipient) => recipient switch
    {
        null or "" => Rule.Missing("to"),
        { Length: <= MessageLimits.UserId } => null,
        _ => Rule.Invalid("recipient must be a user_id as a webhook's contacts gave it."),
    };

    private static GraphError? CheckContent(SendMessageRequest request, string type) => type switch
    {
        MessageType.Text => Rule.Text(request.Text?.Body, "text.body", MessageLimits.TextBody),
        MessageType.Image => MediaRules.Check(request.Image, type, type),
        MessageType.Video => MediaRules.Check(request.Video, type, type),
        MessageType.Audio => MediaRules.Check(request.Audio, type, type),
        MessageType.Document => MediaRules.Check(request.Document, type, type),
        MessageType.Sticker => MediaRules.Check(request.Sticker, type, type),
        MessageType.Location => LocationRules.Check(request.Location),
        MessageType.Contacts => ContactRules.Check(request.Contacts),
        MessageType.Reaction => ReactionRules.Check(request),
        MessageType.Interactive => InteractiveRules.Check(request.Interactive),
        MessageType.Template => request.Template is null ? Rule.Missing(type) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static GraphError? CheckExtras(SendMessageRequest request)
    {
        if (request.RecipientIdentityKeyHash is not null && !IdentityKeyHash.TryParse(request.RecipientIdentityKeyHash, out _))
        {
            return Rule.Invalid("recipient_identity_key_hash must be an identity_key_hash as a webhook's contacts gave it: 44 characters of base64.");
        }

        if (request.CallbackData is { Length: > MessageLimits.CallbackData and int length })
        {
            return Rule.Invalid($"biz_opaque_callback_data has {length} characters; at most {MessageLimits.CallbackData} are allowed.");
        }

        const string contextId = "context.message_id";
        return request.Context switch
        {
            null => null,
            { MessageId: { Length: > 0 } id } => CheckMessageId(id, contextId),
            _ => Rule.Missing(contextId),
        };
    }

    private static GraphError? CheckMessageId(string id, string member) => id.Length <= MessageLimits.MessageId
        ? null
        : Rule.Invalid($"{member} has {id.Length} characters; at most {MessageLimits.MessageId} are allowed.");
}
