using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Relay.Shared.Graph.History;

namespace Relay.Shared.Graph.Paging;

/// <summary>A page of nodes, as the Graph answers every list.</summary>
public sealed record NodeList(
    [property: JsonPropertyName("data")] IReadOnlyList<JsonObject> Data,
    [property: JsonPropertyName("paging")] GraphPaging? Paging = null)
{
    public override string ToString() => nameof(NodeList);
}
