using Microsoft.AspNetCore.Http;
using Relay.Shared.History;

namespace Relay.Functions.History;

/// <summary>Takes the history's parameters from the query.</summary>
internal static class HistoryQuery
{
    internal static HistoryRequest Read(HttpRequest request) => new()
    {
        Path = request.PathBase.Add(request.Path).ToUriComponent(),
        MessageId = request.Query["message_id"].ToString(),
        StatusFilter = request.Query["status_filter"].ToString(),
        Fields = request.Query["fields"].ToString(),
        Limit = request.Query["limit"].ToString(),
        After = request.Query["after"].ToString(),
        Before = request.Query["before"].ToString(),
    };
}
