using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.History;

/// <summary>How to go on from a page.</summary>
public sealed record GraphPaging
{
    [JsonPropertyName("cursors")]
    public GraphCursors? Cursors { get; init; }

    /// <summary>The address of the page before; absent on the first.</summary>
    [JsonPropertyName("previous")]
    public string? Previous { get; init; }

    /// <summary>The address of the page after; absent on the last.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }
}

public sealed record GraphCursors(
    [property: JsonPropertyName("before")] string? Before,
    [property: JsonPropertyName("after")] string? After);
