using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.Templates;

namespace Relay.Shared.Templates;

/// <summary>Shows the chosen fields of a template. What Relay has no value for can be asked for and is left out, as the Graph does.</summary>
internal static class TemplateView
{
    internal static readonly FieldShape Fields = new(
        ["name", "parameter_format", "components", "language", "status", "category", "id"],
        "rejected_reason",
        "quality_score",
        "previous_category",
        "correct_category",
        "sub_category",
        "library_template_name",
        "message_send_ttl_seconds",
        "cta_url_link_tracking_opted_out",
        "specific_rejection_reason",
        "last_updated_time");

    internal static string FormatOf(TemplateDefinition definition) => definition.IsNamed ? "NAMED" : "POSITIONAL";

    internal static TemplateNode Show(StoredTemplate template, FieldSelection fields)
    {
        TemplateDefinition definition = template.Definition;
        return new TemplateNode
        {
            Id = template.Id,
            Name = fields.Has("name") ? definition.Name : null,
            ParameterFormat = fields.Has("parameter_format") ? FormatOf(definition) : null,
            Components = fields.Has("components") ? definition.Components : null,
            Language = fields.Has("language") ? definition.Language : null,
            Status = fields.Has("status") ? CreateTemplate.Approved : null,
            Category = fields.Has("category") ? TemplateCategories.Name(definition.Category) : null,
            RejectedReason = fields.Has("rejected_reason") ? "NONE" : null,
            QualityScore = fields.Has("quality_score") ? new TemplateQuality("UNKNOWN") : null,
        };
    }
}
