using Microsoft.AspNetCore.Http;
using Relay.Shared.Proof;

namespace Relay.Functions.Proof;

/// <summary>Takes a list's page from the query.</summary>
internal static class PageQuery
{
    internal static PageRequest Read(HttpRequest request) => new(request.Query["after"].ToString(), request.Query["limit"].ToString());
}
