using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Media;
using Relay.Shared.Primitives;
using Relay.Shared.Templates;

namespace Relay.Shared.Messaging;

/// <summary>
/// What of a message depends on the business: its templates are filled, and its uploads are known to be its own and of the right kind. Reads no table
/// but for a template that isn't remembered.
/// </summary>
public sealed class PrepareMessage(RenderTemplate renderTemplate, CheckMedia checkMedia)
{
    internal async ValueTask<Result<PreparedMessage, GraphError>> ExecuteAsync(BusinessNumber number, OutgoingMessage message, CancellationToken cancellationToken)
    {
        PreparedMessage prepared = new(message.Message, message.File, MessageCategory.Service);
        if (message.Template is { } template)
        {
            if (!(await renderTemplate.ExecuteAsync(number, template, cancellationToken)).TryGet(out RenderedTemplate? rendered, out GraphError? error))
            {
                return error;
            }

            prepared = new PreparedMessage(new Sensitive<JsonElement>(rendered.Message), MessageFile.Find(rendered.Message), rendered.Category);
        }

        return prepared.File is { Media.Id: { Length: > 0 } media } file
            && MediaKinds.TryParse(file.Type, out MediaKind kind)
            && await checkMedia.ExecuteAsync(number, kind, media, cancellationToken) is { } unusable
                ? unusable
                : prepared;
    }
}

/// <param name="Message">The message object as its device gets it, but for its file; null for a reaction.</param>
/// <param name="File">The file that is still to be attached.</param>
/// <param name="Category">What it counts as.</param>
internal sealed record PreparedMessage(Sensitive<JsonElement>? Message, MessageFile? File, MessageCategory Category)
{
    internal bool HasFile => File is not null;
}
