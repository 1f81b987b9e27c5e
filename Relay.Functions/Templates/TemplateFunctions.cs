using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Templates;

namespace Relay.Functions.Templates;

/// <summary>A WhatsApp Business Account's message templates. Any version, or none, means the same.</summary>
public sealed class TemplateFunctions(GraphEndpoint endpoint, ListTemplates list, CreateTemplate create, DeleteTemplates delete)
{
    [Function("ListTemplates")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{wabaId:regex(^\d+$)}/message_templates")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, (caller, token) => list.ExecuteAsync(caller, wabaId, ListQuery.Read(request, [.. ListTemplates.Filters]), token), GraphOutput.TemplateList, cancellationToken);

    [Function("ListTemplatesUnversioned")]
    public Task<IResult> ListUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{wabaId:regex(^\d+$)}/message_templates")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) => ListAsync(request, wabaId, cancellationToken);

    [Function("CreateTemplate")]
    public Task<IResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{wabaId:regex(^\d+$)}/message_templates")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) =>
        endpoint.RunOptionalAsync(
            request,
            GraphJson.Default.TemplateRequest,
            new TemplateRequest(),
            (caller, parsed, token) => create.ExecuteAsync(caller, wabaId, parsed, token),
            GraphOutput.CreatedTemplate,
            cancellationToken);

    [Function("CreateTemplateUnversioned")]
    public Task<IResult> CreateUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{wabaId:regex(^\d+$)}/message_templates")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) => CreateAsync(request, wabaId, cancellationToken);

    [Function("DeleteTemplates")]
    public Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{version:regex(^v\d+\.\d+$)}/{wabaId:regex(^\d+$)}/message_templates")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) =>
        endpoint.RunOptionalAsync(
            request,
            GraphJson.Default.DeleteTemplateRequest,
            new DeleteTemplateRequest(),
            (caller, parsed, token) => delete.ExecuteAsync(caller, wabaId, parsed, token),
            GraphOutput.SuccessResponse,
            cancellationToken);

    [Function("DeleteTemplatesUnversioned")]
    public Task<IResult> DeleteUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{wabaId:regex(^\d+$)}/message_templates")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) => DeleteAsync(request, wabaId, cancellationToken);
}
