using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.History;
using Relay.Shared.Graph.Paging;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary>
/// <c>GET {waba-id}/message_templates</c>: in the order of their ids, page by page. Whoever pages through meets every template that was there
/// all the while once.
/// </summary>
public sealed class ListTemplates(TemplateAccess access, TemplateStore store, TemplateIds ids, ListPages pages)
{
    /// <summary>What a list can be asked for beside its page.</summary>
    public static IReadOnlyList<string> Filters => TemplateFilter.Parameters;

    public async Task<Result<TemplateList, GraphError>> ExecuteAsync(Caller caller, string wabaId, ListRequest request, CancellationToken cancellationToken)
    {
        if (await access.CheckAsync(caller, wabaId, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (!request.Read().TryGet(out ListPosition? position, out GraphError? error)
            || !FieldSelection.Parse(request.Fields, TemplateView.Fields).TryGet(out FieldSelection? fields, out error))
        {
            return error;
        }

        if ((position.After ?? position.Before) is { } bound && !TemplateIds.IsValid(bound))
        {
            return GraphErrorCode.InvalidParameter.Because("after and before must be cursors that a page of this list gave.");
        }

        TemplateFilter filter = new(request);
        string start = filter.OneName is { } name ? await ids.StartAsync(caller.Business, name, cancellationToken) : string.Empty;
        IAsyncEnumerable<StoredTemplate> all = store.ListAsync(caller.Business, start, position.After ?? string.Empty, cancellationToken);
        (List<StoredTemplate> page, bool hasMore) = position.Before is { } end
            ? await LastBeforeAsync(all, end, filter, position.Limit)
            : await FirstAsync(all, filter, position.Limit);
        GraphPaging? paging = pages.Of(
            request, [.. page.Select(template => template.Id)], position.Before is null ? position.After is not null : hasMore, position.Before is not null || hasMore);
        return new TemplateList([.. page.Select(template => TemplateView.Show(template, fields))], paging ?? new GraphPaging());
    }

    private static async Task<(List<StoredTemplate> Page, bool HasMore)> FirstAsync(IAsyncEnumerable<StoredTemplate> all, TemplateFilter filter, int limit)
    {
        List<StoredTemplate> page = [];
        await foreach (StoredTemplate template in all)
        {
            if (filter.Wants(template.Definition))
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
        IAsyncEnumerable<StoredTemplate> all, string end, TemplateFilter filter, int limit)
    {
        Queue<StoredTemplate> last = [];
        bool hasMore = false;
        await foreach (StoredTemplate template in all)
        {
            if (string.CompareOrdinal(template.Id, end) >= 0)
            {
                break;
            }

            if (filter.Wants(template.Definition))
            {
                last.Enqueue(template);
                hasMore |= last.Count > limit && last.TryDequeue(out _);
            }
        }

        return ([.. last], hasMore);
    }
}
