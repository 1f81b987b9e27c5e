using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Messages;

/// <summary>
/// The rules of spec/cloud-api.md §2 for what Relay sends today. Pure; its errors name the member and the rule, never the
/// content. What Relay can't do yet is refused by name, never dropped.
/// </summary>
public static class SendMessageValidator
{
    private const string Product = "whatsapp";
    private const string Text = "text";
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
            return Invalid($"status must be \"{Read}\"; leave it out to send a message.");
        }

        if (request.Text is not null)
        {
            return Invalid($"status \"{Read}\" can't be combined with a message; send two requests.");
        }

        if (request.MessageId is not { Length: > 0 } id)
        {
            return Missing("message_id");
        }

        if (CheckMessageId(id, "message_id") is { } error)
        {
            return error;
        }

        if (request.TypingIndicator is { Type: null })
        {
            return Missing("typing_indicator.type");
        }

        if (request.TypingIndicator is { Type: not Text })
        {
            return Invalid($"typing_indicator.type must be \"{Text}\".");
        }

        return new ReadReceiptRequest { MessageId = id, Typing = request.TypingIndicator is not null };
    }

    private static Result<ValidSend, GraphError> ValidateMessage(SendMessageRequest request)
    {
        if ((CheckType(request.Type) ?? CheckRecipient(request)) is { } error)
        {
            return error;
        }

        if (request.To is not { } input || !PhoneNumber.TryParse(input, out PhoneNumber? to))
        {
            return Invalid("to must be a phone number in international form, 7 to 15 digits with the country code, optionally with a leading +.");
        }

        if (request.Text?.Body is not { } body)
        {
            return Missing("text.body");
        }

        if ((CheckBody(body) ?? CheckExtras(request)) is { } problem)
        {
            return problem;
        }

        return new OutgoingText
        {
            To = to,
            ToInput = new Sensitive<string>(input),
            Body = new Sensitive<string>(body),
            PreviewUrl = request.Text.PreviewUrl ?? false,
            ContextMessageId = request.Context?.MessageId,
            CallbackData = request.CallbackData is { } data ? new Sensitive<string>(data) : null,
            RecipientIdentity = IdentityKeyHash.TryParse(request.RecipientIdentityKeyHash, out IdentityKeyHash hash) ? hash : null,
        };
    }

    private static GraphError? CheckProduct(string? product) => product switch
    {
        null => Missing("messaging_product"),
        Product => null,
        _ => Invalid($"messaging_product must be \"{Product}\"."),
    };

    private static GraphError? CheckType(string? type) => type is null or Text
        ? null
        : GraphErrorCode.UnsupportedMessageType.Because($"Messages of type '{ClientText.Clip(type)}' are not supported. Supported: {Text}.");

    private static GraphError? CheckRecipient(SendMessageRequest request)
    {
        if (request.RecipientType is not (null or Individual))
        {
            return request.RecipientType == Group
                ? Invalid("recipient_type: groups are not supported.")
                : Invalid($"recipient_type must be \"{Individual}\".");
        }

        if (!string.IsNullOrEmpty(request.To))
        {
            return null;
        }

        return string.IsNullOrEmpty(request.Recipient)
            ? Missing("to")
            : Invalid("recipient: sending to a business-scoped user id is not supported yet. Put the user's phone number in to.");
    }

    private static GraphError? CheckBody(string body)
    {
        int length = CodePoints(body);
        return length is > 0 and <= MessageLimits.TextBody
            ? null
            : Invalid($"text.body has {length} characters; 1 to {MessageLimits.TextBody} are allowed.");
    }

    private static GraphError? CheckExtras(SendMessageRequest request)
    {
        if (request.RecipientIdentityKeyHash is not null && !IdentityKeyHash.TryParse(request.RecipientIdentityKeyHash, out _))
        {
            return Invalid("recipient_identity_key_hash must be an identity_key_hash as a webhook's contacts gave it: 44 characters of base64.");
        }

        if (request.CallbackData is { Length: > MessageLimits.CallbackData and int length })
        {
            return Invalid($"biz_opaque_callback_data has {length} characters; at most {MessageLimits.CallbackData} are allowed.");
        }

        const string contextId = "context.message_id";
        return request.Context switch
        {
            null => null,
            { MessageId: { Length: > 0 } id } => CheckMessageId(id, contextId),
            _ => Missing(contextId),
        };
    }

    private static GraphError? CheckMessageId(string id, string member) => id.Length <= MessageLimits.MessageId
        ? null
        : Invalid($"{member} has {id.Length} characters; at most {MessageLimits.MessageId} are allowed.");

    private static int CodePoints(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private static GraphError Missing(string member) => GraphErrorCode.ParameterMissing.Because($"The parameter {member} is required.");

    private static GraphError Invalid(string details) => GraphErrorCode.ParameterInvalid.Because(details);
}
