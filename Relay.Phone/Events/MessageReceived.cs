using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;

namespace Relay.Phone.Events;

/// <summary>A message arrived, was decrypted and is durable.</summary>
public sealed class MessageReceived : PhoneEvent
{
    /// <summary>The message's own id: what receipts and replies name.</summary>
    public required string Id { get; init; }

    [JsonConverter(typeof(NumberJson))]
    public required PhoneNumber From { get; init; }

    /// <summary>When the sender made it, in Unix seconds.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Its text, if it is a text message.</summary>
    public string? Text { get; init; }

    /// <summary>The Cloud API's message object.</summary>
    public required JsonElement Message { get; init; }

    public ContentContext? Context { get; init; }

    /// <summary>The first words of the message that this one answers or reacts to, if the phone still has it.</summary>
    public string? Quote { get; init; }

    /// <summary>How often it was passed on: absent, <c>once</c> or <c>often</c>.</summary>
    public string? Forwarded { get; init; }

    /// <summary>The Signal message exactly as the transport handed it over.</summary>
    public byte[]? Envelope { get; init; }

    internal MessageReceived WithoutEnvelope() => new()
    {
        Id = Id,
        From = From,
        Timestamp = Timestamp,
        Text = Text,
        Message = Message,
        Context = Context,
        Quote = Quote,
        Forwarded = Forwarded,
    };
}
