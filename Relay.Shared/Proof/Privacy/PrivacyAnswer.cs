using System.Text.Json.Serialization;

namespace Relay.Shared.Proof.Privacy;

/// <summary>What is held, and by what protected, at this moment.</summary>
/// <param name="View"><c>business</c>: the caller's own; <c>operator</c>: over all businesses.</param>
/// <param name="At">In Unix seconds.</param>
/// <param name="Data">A line for each class of data.</param>
public sealed record PrivacyAnswer(
    [property: JsonPropertyName("view")] string View,
    [property: JsonPropertyName("at")] long At,
    [property: JsonPropertyName("data")] IReadOnlyList<PrivacyLine> Data);

/// <summary>One class of data.</summary>
public sealed record PrivacyLine
{
    [JsonPropertyName("class")]
    public required string Class { get; init; }

    /// <summary>The role that holds it.</summary>
    [JsonPropertyName("held_by")]
    public required string HeldBy { get; init; }

    /// <summary>Who else can see it: <c>nobody</c>, <c>operator</c>, …</summary>
    [JsonPropertyName("seen_by")]
    public required string SeenBy { get; init; }

    /// <summary>Where it lies; empty for what this version doesn't keep.</summary>
    [JsonPropertyName("stored")]
    public required IReadOnlyList<PrivacyPlace> Stored { get; init; }

    /// <summary>It is gone, or can't be read any more, before it is older than this; absent where it lives as long as the business.</summary>
    [JsonPropertyName("life_days")]
    public int? LifeDays { get; init; }

    /// <summary>The day (yyyyMMdd) of the oldest item; absent where there is none, or where it isn't for this role or view to find.</summary>
    [JsonPropertyName("oldest_day")]
    public string? OldestDay { get; init; }

    /// <summary>What protects the oldest item.</summary>
    [JsonPropertyName("key")]
    public PrivacyKey? Key { get; init; }
}

/// <param name="Account">Whose storage account: <c>relay</c>, <c>transport</c> or <c>manager</c>.</param>
/// <param name="Table">A table.</param>
/// <param name="Queue">Or a queue.</param>
/// <param name="Form"><c>sealed</c>, <c>keyed_hash</c>, <c>wrapped</c>, <c>signal_ciphertext</c>, <c>ciphertext</c>, <c>reference</c>, <c>clear</c>.</param>
public sealed record PrivacyPlace(
    [property: JsonPropertyName("account")] string Account,
    [property: JsonPropertyName("table")] string? Table,
    [property: JsonPropertyName("queue")] string? Queue,
    [property: JsonPropertyName("form")] string Form)
{
    /// <summary>Or a container of blobs.</summary>
    [JsonPropertyName("container")]
    public string? Container { get; init; }
}

/// <param name="Kind"><c>day_key</c>, <c>lookup_key</c>, <c>long_lived_key</c>.</param>
/// <param name="Id">Its name in table <c>dek</c>; absent in the operator's view: each business has its own.</param>
/// <param name="Kek">The key-encryption key and version that wraps it.</param>
/// <param name="DestroyedBefore">The day (yyyyMMdd) before whose first moment it is destroyed; absent for what lives as long as the business.</param>
public sealed record PrivacyKey(
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("kek")] string? Kek,
    [property: JsonPropertyName("destroyed_before")] string? DestroyedBefore);
