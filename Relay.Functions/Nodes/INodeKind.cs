using Microsoft.AspNetCore.Http;

namespace Relay.Functions.Nodes;

/// <summary>
/// One kind of the Graph's nodes, those that are reached by their id alone. Which kind an id is of can be told by its form; whether
/// there is such a node, and for this caller, is the kind's to answer.
/// </summary>
public interface INodeKind
{
    /// <summary>Whether this kind's ids have this form. No two kinds may claim the same id.</summary>
    /// <param name="id">Decimal digits.</param>
    bool Claims(string id);

    Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken);

    Task<IResult> ChangeAsync(HttpRequest request, string id, CancellationToken cancellationToken);

    Task<IResult> DeleteAsync(HttpRequest request, string id, CancellationToken cancellationToken);
}
