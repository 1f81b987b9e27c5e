using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>
/// A message of queue <c>outbound</c> or <c>inbound</c>, version 1: ids, times and a sealed body. Without a body it is a reference to
/// the row of that id.
/// </summary>
public sealed record WorkItem
{
    public const int CurrentVersion = 1;

    [JsonPropertyName("v")]
    public int Version { get; init; } = CurrentVersion;

    [JsonPropertyName("biz")]
    public required string Business { get; init; }

    [JsonPropertyName("phone")]
    public required string Phone { get; init; }

    [JsonPropertyName("conv")]
    public required string Conversation { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>When it was accepted, in Unix milliseconds.</summary>
    [JsonPropertyName("at")]
    public required long AcceptedAt { get; init; }

    /// <summary>How often a dependency has failed it.</summary>
    [JsonPropertyName("attempt")]
    public int Attempt { get; init; }

    /// <summary>A retry receipt: for the body's recipient, in a session of its own.</summary>
    [JsonPropertyName("retry")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRetryReceipt { get; init; }

    /// <summary>How often it was parked and put back.</summary>
    [JsonPropertyName("parks")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Parks { get; init; }

    [JsonPropertyName("body")]
    public byte[]? Body { get; init; }

    [JsonIgnore]
    public ConversationKey Key => new(BusinessId.Parse(Business), ConversationId.TryParse(Conversation, out ConversationId id) ? id : default);

    [JsonIgnore]
    public PhoneNumberId Number => PhoneNumberId.Parse(Phone);

    [JsonIgnore]
    public EnvelopeId Envelope => EnvelopeId.TryParse(Id, out EnvelopeId id) ? id : default;

    [JsonIgnore]
    public DateTimeOffset Accepted => DateTimeOffset.FromUnixTimeMilliseconds(AcceptedAt);

    /// <exception cref="InvalidDataException">Not a work item of a known version: it belongs into the poison queue.</exception>
    public static WorkItem Parse(string text)
    {
        WorkItem? item = QueueItems.Parse(text, QueueItemsJson.Default.WorkItem);
        return item is { Version: CurrentVersion, Attempt: >= 0, Parks: >= 0, AcceptedAt: >= 0 and <= QueueItems.LastMillisecond }
            && BusinessId.TryParse(item.Business, out _)
            && PhoneNumberId.TryParse(item.Phone, out _)
            && ConversationId.TryParse(item.Conversation, out _)
            && EnvelopeId.TryParse(item.Id, out _)
            ? item
            : throw new InvalidDataException("A queue message is not a work item of a known version.");
    }

    public string Encode() => QueueItems.Encode(this, QueueItemsJson.Default.WorkItem);

    /// <summary>Where its body is sealed to.</summary>
    internal SealedPlace Place(string queue) => new(queue, $"{Business}/{Phone}/{Conversation}", Id, "body");
}

/// <summary>A message of queue <c>webhooks</c>, version 1: a reference to a row that is still to be told.</summary>
public sealed record WebhookItem
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = WorkItem.CurrentVersion;

    [JsonPropertyName("biz")]
    public required string Business { get; init; }

    [JsonPropertyName("conv")]
    public required string Conversation { get; init; }

    [JsonPropertyName("row")]
    public required string Row { get; init; }

    /// <summary>Who is to be told; absent in items of earlier versions, which knew the app's callback alone.</summary>
    [JsonPropertyName("sub")]
    public string? Sub { get; init; }

    /// <summary>When it was first tried, in Unix milliseconds.</summary>
    [JsonPropertyName("since")]
    public required long Since { get; init; }

    /// <summary>How often the endpoint has failed it.</summary>
    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }

    [JsonIgnore]
    public ConversationKey Key => new(BusinessId.Parse(Business), ConversationId.TryParse(Conversation, out ConversationId id) ? id : default);

    [JsonIgnore]
    public SubscriberId Subscriber => Sub is null ? SubscriberId.App : SubscriberId.Parse(Sub);

    /// <exception cref="InvalidDataException">Not a webhook item of a known version.</exception>
    public static WebhookItem Parse(string text)
    {
        WebhookItem? item = QueueItems.Parse(text, QueueItemsJson.Default.WebhookItem);
        return item is { Version: WorkItem.CurrentVersion, Attempt: >= 0, Since: >= 0 and <= QueueItems.LastMillisecond }
            && WebhookRow.IsKey(item.Row)
            && (item.Sub is null || SubscriberId.TryParse(item.Sub, out _))
            && BusinessId.TryParse(item.Business, out _)
            && ConversationId.TryParse(item.Conversation, out _)
            ? item
            : throw new InvalidDataException("A queue message is not a webhook item of a known version.");
    }

    public string Encode() => QueueItems.Encode(this, QueueItemsJson.Default.WebhookItem);
}

internal static class QueueItems
{
    /// <summary>The last time that a <see cref="DateTimeOffset"/> can say, in Unix milliseconds.</summary>
    internal const long LastMillisecond = 253_402_300_799_999;

    /// <summary>Queue messages never outlive the data that they speak of.</summary>
    internal static readonly TimeSpan TimeToLive = TimeSpan.FromDays(Retention.Days);

    internal static T? Parse<T>(string text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static string Encode<T>(T item, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        string text = JsonSerializer.Serialize(item, type);
        return text.Length <= QueueLimits.MaxBodyBytes ? text : throw new InvalidDataException("A queue message is too large.");
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 4)]
[JsonSerializable(typeof(WorkItem))]
[JsonSerializable(typeof(WebhookItem))]
internal sealed partial class QueueItemsJson : JsonSerializerContext;
