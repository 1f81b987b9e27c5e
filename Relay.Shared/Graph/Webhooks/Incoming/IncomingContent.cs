using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>
/// Reads the message object that a device made (docs/transport.openapi.yaml) into the Cloud API's. Takes over the members that the Cloud API has
/// and no others; what is not readable, lacks what it needs or is of another type stays of type <c>unsupported</c>. Pure, total.
/// </summary>
internal static partial class IncomingContent
{
    private const int MaxOrdered = 100;

    private static readonly IncomingJson Json = new(new JsonSerializerOptions { AllowDuplicateProperties = false });

    /// <summary>Writes the content into a message that has everything else, or leaves it as it is: unsupported.</summary>
    internal static IncomingMessage? Read(UserMessage user, IncomingMessage head)
    {
        JsonElement message = user.Message;
        string? type = JsonText.Read(message, "type");
        return type switch
        {
            MessageType.Text when Part(message, type, Json.TextMessage) is { Body: not null } text => head with { Type = type, Text = new TextMessage(text.Body) },
            MessageType.Image => ReadMedia(user, head, type, (whole, file) => whole with { Image = file }),
            MessageType.Video => ReadMedia(user, head, type, (whole, file) => whole with { Video = file }),
            MessageType.Audio => ReadMedia(user, head, type, (whole, file) => whole with { Audio = file }),
            MessageType.Document => ReadMedia(user, head, type, (whole, file) => whole with { Document = file }),
            MessageType.Sticker => ReadMedia(user, head, type, (whole, file) => whole with { Sticker = file }),
            MessageType.Location when Part(message, type, Json.LocationMessage) is { } location && LocationRules.Check(location) is null =>
                head with { Type = type, Location = location },
            MessageType.Contacts when Part(message, type, Json.IReadOnlyListContactCard) is { } contacts && ContactRules.Check(contacts) is null =>
                head with { Type = type, ContactCards = contacts },
            MessageType.Reaction when user.Target is { } target && ReadEmoji(message) is { } emoji =>
                head with { Type = type, Reaction = new ReactionMessage(target, emoji) },
            MessageType.Interactive when Part(message, type, Json.IncomingInteractive) is { } interactive && IsComplete(interactive) =>
                head with { Type = type, Interactive = Clean(interactive) },
            MessageType.Button when Part(message, type, Json.IncomingButton) is { Text: not null } button => head with { Type = type, Button = button },
            MessageType.Order when Part(message, type, Json.IncomingOrder) is { CatalogId: not null, Products: { Count: > 0 and <= MaxOrdered } products } order
                && products.All(IsComplete) => head with { Type = type, Order = order },
            MessageType.System => ReadSystem(user, head),
            MessageType.Revoke when user.Target is { } target => head with { Type = type, Revoke = new IncomingRevoke(target) },
            MessageType.Edit when user.Target is { } target && ReadEdit(message) is { } text =>
                head with { Type = type, Edit = new IncomingEdit(target, new EditedMessage(MessageType.Text, new TextMessage(text))) },
            _ => null,
        };
    }

    /// <summary>The member of a message with its type's name, or null: not there, or of another form.</summary>
    private static T? Part<T>(JsonElement message, string name, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return message.TryGetProperty(name, out JsonElement part) ? part.Deserialize(type) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IncomingMessage? ReadMedia(UserMessage user, IncomingMessage head, string type, Func<IncomingMessage, IncomingMedia, IncomingMessage> put)
    {
        if (user.File is not { } file || Part(user.Message, type, Json.MediaText) is not { } text)
        {
            return null;
        }

        return put(head with { Type = type }, file with
        {
            Caption = type is MessageType.Image or MessageType.Video or MessageType.Document ? text.Caption : null,
            FileName = type == MessageType.Document ? text.FileName : null,
            Voice = type == MessageType.Audio ? text.Voice ?? false : null,
            Animated = type == MessageType.Sticker ? text.Animated ?? false : null,
        });
    }

    private static string? ReadEmoji(JsonElement message) =>
        message.TryGetProperty(MessageType.Reaction, out JsonElement reaction)
        && JsonText.Read(reaction, "emoji") is { } emoji
        && ReactionRules.IsEmoji(emoji)
            ? emoji
            : null;

    private static string? ReadEdit(JsonElement message) =>
        message.TryGetProperty(MessageType.Edit, out JsonElement edit)
        && edit.ValueKind == JsonValueKind.Object
        && edit.TryGetProperty("message", out JsonElement inner)
        && JsonText.Read(inner, "type") == MessageType.Text
        && Part(inner, MessageType.Text, Json.TextMessage) is { Body: { } body }
            ? body
            : null;

    /// <summary>Only that a number is given up for another: what else is about a user, the relay says itself.</summary>
    private static IncomingMessage? ReadSystem(UserMessage user, IncomingMessage head)
    {
        const string changed = "user_changed_number";
        return user.Message.TryGetProperty(MessageType.System, out JsonElement system)
            && JsonText.Read(system, "type") == changed
            && PhoneNumber.TryParse(JsonText.Read(system, "wa_id"), out PhoneNumber? now)
                ? head with
                {
                    Type = MessageType.System,
                    System = new IncomingSystem { Body = $"User changed from {user.From.Digits} to {now.Digits}", Type = changed, WaId = now.Digits },
                }
                : null;
    }

    private static bool IsComplete(IncomingInteractive interactive) => interactive.Type switch
    {
        "button_reply" => interactive.ButtonReply is { Id: not null, Title: not null },
        "list_reply" => interactive.ListReply is { Id: not null, Title: not null },
        "nfm_reply" => interactive.FlowReply is { ResponseJson: not null },
        _ => false,
    };

    private static IncomingInteractive Clean(IncomingInteractive interactive) => new()
    {
        Type = interactive.Type,
        ButtonReply = interactive.Type == "button_reply" ? interactive.ButtonReply : null,
        ListReply = interactive.Type == "list_reply" ? interactive.ListReply : null,
        FlowReply = interactive.Type == "nfm_reply" ? interactive.FlowReply : null,
    };

    private static bool IsComplete(OrderedProduct product) => product is { ProductRetailerId: not null, Quantity: > 0, Price: { } price } && double.IsFinite(price);

    /// <summary>What a device writes beside a file.</summary>
    internal sealed class MediaText
    {
        [JsonPropertyName("caption")]
        public string? Caption { get; init; }

        [JsonPropertyName("filename")]
        public string? FileName { get; init; }

        [JsonPropertyName("voice")]
        public bool? Voice { get; init; }

        [JsonPropertyName("animated")]
        public bool? Animated { get; init; }
    }

    [JsonSerializable(typeof(TextMessage))]
    [JsonSerializable(typeof(LocationMessage))]
    [JsonSerializable(typeof(IReadOnlyList<ContactCard>))]
    [JsonSerializable(typeof(IncomingInteractive))]
    [JsonSerializable(typeof(IncomingButton))]
    [JsonSerializable(typeof(IncomingOrder))]
    [JsonSerializable(typeof(MediaText))]
    internal sealed partial class IncomingJson : JsonSerializerContext;
}
