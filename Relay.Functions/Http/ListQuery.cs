using Microsoft.AspNetCore.Http;
using Relay.Shared.Graph.Paging;

namespace Relay.Functions.Http;

/// <summary>Takes the parameters of a list's page from the query.</summary>
internal static class ListQuery
{
    /// <param name="request">The request.</param>
    /// <param name="others">Parameters of this list that the addresses of its other pages repeat.</param>
    internal static ListRequest Read(HttpRequest request, params string[] others) => new()
    {
        Path = request.PathBase.Add(request.Path).ToUriComponent(),
        Fields = request.Query["fields"].ToString(),
        Limit = request.Query["limit"].ToString(),
        After = request.Query["after"].ToString(),
        Before = request.Query["before"].ToString(),
        Others = [.. others.Select(name => new KeyValuePair<string, string>(name, request.Query[name].ToString())).Where(one => one.Value.Length > 0)],
    };
}
