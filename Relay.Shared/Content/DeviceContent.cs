using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Content;

/// <summary>
/// What lies inside a Signal message between the relay and a device (docs/transport.openapi.yaml): an envelope of id, time and
/// kind around the Cloud API's message object or around receipts. Exactly one of <see cref="Message"/> and
/// <see cref="Receipt"/> is present. Unknown members are ignored.
/// </summary>
public sealed record DeviceContent
{
    public const int CurrentVersion = 1;
    public const string ForwardedOnce = "once";
    public const string ForwardedOften = "often";

    [JsonPropertyName("v")]
    public int Version { get; init; } = CurrentVersion;

    /// <summary>16 lower-case hex digits; stays the same when the content is encrypted again for a new session.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>When the sender made it, in Unix seconds.</summary>
    [JsonPropertyName("timestamp")]
    public required long Timestamp { get; init; }

    /// <summary>The Cloud API's message object: <c>type</c> and the member of that name, e.g. <c>{"type":"text","text":{"body":"hi"}}</c>.</summary>
    [JsonPropertyName("message")]
    public JsonElement? Message { get; init; }

    /// <summary>The message this one answers.</summary>
    [JsonPropertyName("context")]
    public ContentContext? Context { get; init; }

    /// <summary>How often a user's message was passed on: absent, <c>once</c> or <c>often</c>.</summary>
    [JsonPropertyName("forwarded")]
    public string? Forwarded { get; init; }

    /// <summary>How the user wants to be called, if the device says so; at most 100 characters.</summary>
    [JsonPropertyName("profile")]
    public ContentProfile? Profile { get; init; }

    [JsonPropertyName("receipt")]
    public ContentReceipt? Receipt { get; init; }
}

/// <param name="Id">The id of the message answered (16 hex digits).</param>
/// <param name="Author">Who wrote it: <c>business</c> or <c>user</c>.</param>
public sealed record ContentContext(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("author")] string Author)
{
    public const string Business = "business";
    public const string User = "user";
}

public sealed record ContentProfile([property: JsonPropertyName("name")] string Name)
{
    public override string ToString() => "[redacted]";
}

/// <param name="Status"><c>delivered</c>, <c>read</c>, <c>played</c> or <c>retry</c>.</param>
/// <param name="Ids">
/// What it is about, 1 to 30 ids of the other side: of messages, or for <c>retry</c> of envelopes that could not be decrypted.
/// </param>
public sealed record ContentReceipt(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("ids")] IReadOnlyList<string> Ids)
{
    public const string Delivered = "delivered";
    public const string Read = "read";

    /// <summary>A voice message was listened to.</summary>
    public const string Played = "played";

    /// <summary>
    /// Sent in a fresh session by who could not decrypt: the other side encrypts the same content again (its own id stays, the
    /// envelope's is new), at most three times and only for the identity that it was first encrypted for.
    /// </summary>
    public const string Retry = "retry";

    /// <summary>So that all that one receipt changes fits one storage transaction.</summary>
    public const int MaxIds = 30;

    /// <summary>The reader is writing an answer (the Cloud API's <c>typing_indicator</c>).</summary>
    [JsonPropertyName("typing")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Typing { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = DeviceContentCodec.MaxDepth)]
[JsonSerializable(typeof(DeviceContent))]
internal sealed partial class ContentJson : JsonSerializerContext;
