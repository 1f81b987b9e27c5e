using System.Text.Json.Serialization;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;

namespace Relay.Shared.Erasure;

/// <summary>
/// A message of queue <c>erasures</c>, version 1: one user of a business, or the whole business when there are no targets. Names conversations and lookup
/// rows by their random ids and keyed hashes, and no number.
/// </summary>
public sealed record ErasureItem
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = WorkItem.CurrentVersion;

    [JsonPropertyName("biz")]
    public required string Business { get; init; }

    /// <summary>Names the erasure: 16 hex digits.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>When it was asked for, in Unix milliseconds: what was accepted up to then is dropped when it comes up.</summary>
    [JsonPropertyName("at")]
    public required long AskedAt { get; init; }

    /// <summary>How often a dependency has failed it.</summary>
    [JsonPropertyName("attempt")]
    public int Attempt { get; init; }

    /// <summary>How often it has found nothing more to do.</summary>
    [JsonPropertyName("pass")]
    public int Pass { get; init; }

    /// <summary>How many rows were deleted so far, as far as is known.</summary>
    [JsonPropertyName("rows")]
    public int DeletedRows { get; init; }

    /// <summary>The user, as each of the business's numbers knows it; absent for the whole business.</summary>
    [JsonPropertyName("targets")]
    public IReadOnlyList<ErasureTarget>? Targets { get; init; }

    [JsonIgnore]
    internal BusinessId Owner => BusinessId.Parse(Business);

    [JsonIgnore]
    internal DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(AskedAt);

    /// <exception cref="InvalidDataException">Not an erasure of a known version.</exception>
    public static ErasureItem Parse(string text)
    {
        ErasureItem? item = QueueItems.Parse(text, ErasureJson.Default.ErasureItem);
        return item is { Version: WorkItem.CurrentVersion, Attempt: >= 0, Pass: >= 0, DeletedRows: >= 0, AskedAt: >= 0 and <= QueueItems.LastMillisecond }
            && BusinessId.TryParse(item.Business, out _)
            && EnvelopeId.TryParse(item.Id, out _)
            && item.Targets is null or { Count: > 0 }
            && item.Targets?.All(target => target.IsValid) != false
            ? item
            : throw new InvalidDataException("A queue message is not an erasure of a known version.");
    }

    public string Encode() => QueueItems.Encode(this, ErasureJson.Default.ErasureItem);
}

/// <summary>One user as one business number knows it.</summary>
public sealed record ErasureTarget
{
    [JsonPropertyName("phone")]
    public required string Phone { get; init; }

    /// <summary>Conversations, 32 hex digits each.</summary>
    [JsonPropertyName("convs")]
    public required IReadOnlyList<string> Conversations { get; init; }

    /// <summary>Lookup rows, <c>{epoch}-{hash}</c> each.</summary>
    [JsonPropertyName("rows")]
    public required IReadOnlyList<string> Rows { get; init; }

    [JsonIgnore]
    internal bool IsValid =>
        PhoneNumberId.TryParse(Phone, out _) && Rows is { Count: > 0 } && Conversations is { Count: > 0 } && Conversations.All(one => ConversationId.TryParse(one, out _));

    [JsonIgnore]
    internal PhoneNumberId Number => PhoneNumberId.Parse(Phone);

    internal IEnumerable<ConversationKey> Keys(BusinessId business) =>
        Conversations.Select(one => new ConversationKey(business, ConversationId.TryParse(one, out ConversationId id) ? id : default));
}
