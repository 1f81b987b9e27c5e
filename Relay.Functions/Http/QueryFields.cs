using Microsoft.AspNetCore.Http;

namespace Relay.Functions.Http;

/// <summary>The Graph's query parameter <c>fields</c>: names with commas between them; none when absent.</summary>
internal static class QueryFields
{
    internal static IReadOnlyList<string> Read(HttpRequest request) =>
        request.Query["fields"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
