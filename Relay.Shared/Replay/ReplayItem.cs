using System.Text.Json.Serialization;
using Relay.Shared.Conversations.Walking;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;

namespace Relay.Shared.Replay;

/// <summary>
/// A message of queue <c>replays</c>, version 1: what is to be told again, ids and times only, and how far that is. Either a window of time or
/// one message.
/// </summary>
public sealed record ReplayItem
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = WorkItem.CurrentVersion;

    [JsonPropertyName("biz")]
    public required string Business { get; init; }

    [JsonPropertyName("phone")]
    public required string Phone { get; init; }

    /// <summary>Names the replay: 16 hex digits.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>When it was asked for, in Unix milliseconds.</summary>
    [JsonPropertyName("at")]
    public required long AskedAt { get; init; }

    /// <summary>How often a dependency has failed it.</summary>
    [JsonPropertyName("attempt")]
    public int Attempt { get; init; }

    /// <summary>The one subscriber that is to be told; all that want it when absent.</summary>
    [JsonPropertyName("sub")]
    public string? Sub { get; init; }

    /// <summary>The earliest event, in Unix milliseconds.</summary>
    [JsonPropertyName("since")]
    public long? Since { get; init; }

    /// <summary>The latest event, in Unix milliseconds.</summary>
    [JsonPropertyName("until")]
    public long? Until { get; init; }

    /// <summary><c>messages</c> or <c>statuses</c>; both when absent.</summary>
    [JsonPropertyName("only")]
    public string? Only { get; init; }

    /// <summary>How far it is.</summary>
    [JsonPropertyName("pos")]
    public string? Position { get; init; }

    /// <summary>The conversation of the one message.</summary>
    [JsonPropertyName("conv")]
    public string? Conversation { get; init; }

    /// <summary>The one message.</summary>
    [JsonPropertyName("msg")]
    public string? Message { get; init; }

    /// <summary>Whether the one message is a user's.</summary>
    [JsonPropertyName("user")]
    public bool? IsUsers { get; init; }

    [JsonIgnore]
    internal BusinessId Owner => BusinessId.Parse(Business);

    [JsonIgnore]
    internal PhoneNumberId Number => PhoneNumberId.Parse(Phone);

    [JsonIgnore]
    internal SubscriberId? Subscriber => Sub is null ? null : SubscriberId.Parse(Sub);

    /// <summary>The one message; null for a window of time.</summary>
    [JsonIgnore]
    internal MessageLocator? Locator => ConversationId.TryParse(Conversation, out ConversationId conversation) && EnvelopeId.TryParse(Message, out EnvelopeId id)
        ? new MessageLocator(IsUsers == true ? MessageDirection.FromUser : MessageDirection.FromBusiness, conversation, id)
        : null;

    /// <exception cref="InvalidDataException">Not a replay of a known version.</exception>
    public static ReplayItem Parse(string text)
    {
        ReplayItem? item = QueueItems.Parse(text, ReplayJson.Default.ReplayItem);
        return item is { Version: WorkItem.CurrentVersion, Attempt: >= 0, AskedAt: >= 0 and <= QueueItems.LastMillisecond }
            && BusinessId.TryParse(item.Business, out _)
            && PhoneNumberId.TryParse(item.Phone, out _)
            && EnvelopeId.TryParse(item.Id, out _)
            && (item.Sub is null || SubscriberId.TryParse(item.Sub, out _))
            && (item.Locator is not null || item.HasWindow())
            ? item
            : throw new InvalidDataException("A queue message is not a replay of a known version.");
    }

    public string Encode() => QueueItems.Encode(this, ReplayJson.Default.ReplayItem);

    private bool HasWindow() =>
        Since is >= 0 && Until is <= QueueItems.LastMillisecond && Since <= Until && WalkPosition.TryParse(Position, out _)
        && Only is null or ReplayRequest.Messages or ReplayRequest.Statuses;
}
