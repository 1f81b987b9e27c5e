using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.History;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary>
/// <c>GET {waba-id}/message_templates</c>: in the order of their ids, page by page. Whoever pages through meets every template that was there
/// all the while once.
/// </summary>
public sealed class ListTemplates(TemplateAccess access, TemplateStore store, TemplateIds ids, RelayAddresses addresses)
{
    public async Task<Result<TemplateList, GraphError>> ExecuteAsync(
        Caller caller, string wabaId, ListTemplatesRequest request, CancellationToken cancellationToken)
    {
        if (await access.CheckAsync(caller, wabaId, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (!request.ReadLimit().TryGet(out PageLimit limit, out GraphError? error)
            || !FieldSelection.Parse(request.Fields, TemplateView.Fields).TryGet(out FieldSelection? fields, out error))
        {
            return error;
        }

        bool goesBack = request.Before.Length > 0;
        string given = goesBack ? request.Before : request.After;
        string? bound = given.Length == 0 ? string.Empty : ListTemplatesRequest.ReadCursor(given);
        if (bound is null || (goesBack && request.After.Length > 0))
        {
            return GraphErrorCode.InvalidParameter.Because("after and before take a cursor of an answer to the same request, one of them at a time.");
        }

        string start = request.Name.Length > 0 && !request.Name.Contains(',', StringComparison.Ordinal)
            ? await ids.StartAsync(caller.Business, request.Name, cancellationToken)
            : string.Empty;
        IAsyncEnumerable<StoredTemplate> all = store.ListAsync(caller.Business, start, goesBack ? string.Empty : bound, cancellationToken);
        (List<StoredTemplate> page, bool hasMore) = goesBack
            ? await LastBeforeAsync(all, bound, request, limit.Templates)
            : await FirstAsync(all, request, limit.Templates);
        return new TemplateList(
            [.. page.Select(template => TemplateView.Show(template, fields))],
            Paging(request, page, goesBack ? hasMore : given.Length > 0, goesBack || hasMore));
    }

    private static async Task<(List<StoredTemplate> Page, bool HasMore)> FirstAsync(IAsyncEnumerable<StoredTemplate> all, ListTemplatesRequest request, int limit)
    {
        List<StoredTemplate> page = [];
        await foreach (StoredTemplate template in all)
        {
            if (request.Wants(template.Definition))
            {
                if (page.Count == limit)
                {
                    return (page, true);
                }

                page.Add(template);
            }
        }

        return (page, false);
    }

    /// <summary>A table can't be read backwards: this reads from the start and keeps the last ones.</summary>
    private static async Task<(List<StoredTemplate> Page, bool HasMore)> LastBeforeAsync(
        IAsyncEnumerable<StoredTemplate> all, string bound, ListTemplatesRequest request, int limit)
    {
        Queue<StoredTemplate> last = [];
        bool hasMore = false;
        await foreach (StoredTemplate template in all)
        {
            if (string.CompareOrdinal(template.Id, bound) >= 0)
            {
                break;
            }

            if (request.Wants(template.Definition))
            {
                last.Enqueue(template);
                hasMore |= last.Count > limit && last.TryDequeue(out _);
            }
        }

        return ([.. last], hasMore);
    }

    private GraphPaging Paging(ListTemplatesRequest request, List<StoredTemplate> page, bool hasPrevious, bool hasNext)
    {
        if (page.Count == 0)
        {
            return new GraphPaging();
        }

        string before = ListTemplatesRequest.ToCursor(page[0].Id);
        string after = ListTemplatesRequest.ToCursor(page[^1].Id);
        return new GraphPaging
        {
            Cursors = new GraphCursors(before, after),
            Previous = hasPrevious ? Address(request, "before", before) : null,
            Next = hasNext ? Address(request, "after", after) : null,
        };
    }

    private string Address(ListTemplatesRequest request, string name, string cursor)
    {
        (string Name, string Value)[] parameters =
        [
            ("name", request.Name), ("status", request.Status), ("category", request.Category), ("language", request.Language), ("name_or_content", request.NameOrContent),
            ("fields", request.Fields), ("limit", request.Limit), (name, cursor),
        ];
        IEnumerable<string> query = parameters.Where(one => one.Value.Length > 0).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value)}");
        return $"{addresses.PublicBase.AbsoluteUri.TrimEnd('/')}{request.Path}?{string.Join('&', query)}";
    }
}
