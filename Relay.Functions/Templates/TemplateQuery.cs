using Microsoft.AspNetCore.Http;
using Relay.Shared.Templates;

namespace Relay.Functions.Templates;

/// <summary>Takes the list's parameters from the query.</summary>
internal static class TemplateQuery
{
    internal static ListTemplatesRequest Read(HttpRequest request) => new()
    {
        Path = request.PathBase.Add(request.Path).ToUriComponent(),
        Fields = request.Query["fields"].ToString(),
        Limit = request.Query["limit"].ToString(),
        After = request.Query["after"].ToString(),
        Before = request.Query["before"].ToString(),
        Name = request.Query["name"].ToString(),
        Status = request.Query["status"].ToString(),
        Category = request.Query["category"].ToString(),
        Language = request.Query["language"].ToString(),
        NameOrContent = request.Query["name_or_content"].ToString(),
    };
}
