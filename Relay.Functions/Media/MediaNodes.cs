using Microsoft.AspNetCore.Http;
using Relay.Functions.Http;
using Relay.Functions.Nodes;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Media;
using Relay.Shared.Primitives;

namespace Relay.Functions.Media;

/// <summary>Files by their ids, which are longer than all others.</summary>
public sealed class MediaNodes(GraphEndpoint endpoint, ShowMedia showMedia, DeleteMedia deleteMedia) : INodeKind
{
    public bool Claims(string id) => MediaIds.HasForm(id);

    public Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken) => endpoint.RunAsync(
        request, (caller, token) => showMedia.ExecuteAsync(caller, id, PhoneNumberOf(request), token), GraphOutput.MediaNode, cancellationToken);

    /// <summary>A file is never changed.</summary>
    public Task<IResult> ChangeAsync(HttpRequest request, string id, CancellationToken cancellationToken) => endpoint.RunAsync(
        request,
        (_, _) => Task.FromResult<Result<SuccessResponse, GraphError>>(GraphErrorCode.UnknownObject.Because("A media file can be read and deleted, not changed: upload another one.")),
        GraphOutput.SuccessResponse,
        cancellationToken);

    public Task<IResult> DeleteAsync(HttpRequest request, string id, CancellationToken cancellationToken) => endpoint.RunAsync(
        request, (caller, token) => deleteMedia.ExecuteAsync(caller, id, PhoneNumberOf(request), token), GraphOutput.SuccessResponse, cancellationToken);

    private static string? PhoneNumberOf(HttpRequest request) => request.Query["phone_number_id"];
}
