using System.Text.Json;

namespace Relay.Shared.Graph.Messages;

/// <summary>The rules of <c>interactive</c>: which members each type needs, and how long they may be (spec/cloud-api.md §2.1, §2.4).</summary>
internal static class InteractiveRules
{
    private const string Place = MessageType.Interactive;
    private const string Action = Place + ".action";
    private const string AllowedHeaders = "text, image, video or document";

    /// <summary>Types that are told apart by <c>action.name</c>, with the name each needs.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["cta_url"] = "cta_url",
        ["flow"] = "flow",
        ["location_request_message"] = "send_location",
        ["contact_request"] = "request_contact_info",
        ["catalog_message"] = "catalog_message",
        ["address_message"] = "address_message",
        ["order_details"] = "review_and_pay",
        ["order_status"] = "review_order",
        ["voice_call"] = "voice_call",
    };

    private static readonly string[] Types = ["button", "list", "product", "product_list", .. Names.Keys];

    internal static GraphError? Check(InteractiveMessage? interactive)
    {
        if (interactive?.Type is not { } type)
        {
            return Rule.Missing(interactive is null ? Place : $"{Place}.type");
        }

        if (!Types.Contains(type))
        {
            return Rule.Invalid($"{Place}.type '{ClientText.Clip(type)}' is not known; it may be {string.Join(", ", Types)}.");
        }

        if (interactive.Action is not { } action)
        {
            return Rule.Missing(Action);
        }

        return CheckHeader(interactive.Header, type)
            ?? CheckBody(interactive.Body, type)
            ?? (interactive.Footer is null ? null : Rule.Text(interactive.Footer.Text, $"{Place}.footer.text", MessageLimits.InteractiveFooter))
            ?? CheckAction(action, type);
    }

    private static GraphError? CheckHeader(InteractiveHeader? header, string type)
    {
        const string place = Place + ".header";
        switch (header)
        {
            case null:
                return type == "product_list" ? Rule.Missing(place) : null;
            case { Type: null }:
                return Rule.Missing($"{place}.type");
            case { Type: "text" }:
                return Rule.Text(header.Text, $"{place}.text", MessageLimits.InteractiveHeader)
                    ?? Rule.Optional(header.SubText, $"{place}.sub_text", MessageLimits.InteractiveHeader);
            case { Type: "image" or "video" or "document" } when type is "list" or "product_list":
                return Rule.Invalid($"{place}.type must be text for the type {type}.");
            case { Type: "image" }:
                return MediaRules.Check(header.Image, MessageType.Image, $"{place}.image");
            case { Type: "video" }:
                return MediaRules.Check(header.Video, MessageType.Video, $"{place}.video");
            case { Type: "document" }:
                return MediaRules.Check(header.Document, MessageType.Document, $"{place}.document");
            default:
                return Rule.Invalid($"{place}.type must be {AllowedHeaders}.");
        }
    }

    private static GraphError? CheckBody(InteractiveText? body, string type)
    {
        const string place = Place + ".body.text";
        int most = type == "list" ? MessageLimits.InteractiveListBody : MessageLimits.InteractiveBody;
        return body is null && type == "product" ? null : Rule.Text(body?.Text, place, most);
    }

    private static GraphError? CheckAction(InteractiveAction action, string type) => type switch
    {
        "button" => CheckButtons(action.Buttons),
        "list" => CheckList(action),
        "product" => CheckProduct(action),
        "product_list" => CheckProductList(action),
        _ => CheckNamed(action, type),
    };

    private static GraphError? CheckButtons(IReadOnlyList<InteractiveButton>? buttons)
    {
        const string place = Action + ".buttons";
        return Rule.Count(buttons, place, MessageLimits.Buttons)
            ?? Rule.Each(buttons, place, (button, at) => button.Type is null or "reply"
                ? Rule.Text(button.Reply?.Id, $"{at}.reply.id", MessageLimits.ButtonId)
                    ?? Rule.Text(button.Reply?.Title, $"{at}.reply.title", MessageLimits.ButtonTitle)
                : Rule.Invalid($"{at}.type must be reply."))
            ?? Unique(buttons!.Select(button => button.Reply?.Id), $"{place}: every reply.id must be another.")
            ?? Unique(buttons!.Select(button => button.Reply?.Title), $"{place}: every reply.title must be another.");
    }

    private static GraphError? CheckList(InteractiveAction action)
    {
        const string place = Action + ".sections";
        bool several = action.Sections?.Count > 1;
        GraphError? error = Rule.Text(action.Button, $"{Action}.button", MessageLimits.ListButton)
            ?? Rule.Count(action.Sections, place, MessageLimits.Sections)
            ?? Rule.Each(action.Sections, place, (section, at) =>
                (several ? Rule.Text(section.Title, $"{at}.title", MessageLimits.SectionTitle) : Rule.Optional(section.Title, $"{at}.title", MessageLimits.SectionTitle))
                ?? Rule.Count(section.Rows, $"{at}.rows", MessageLimits.Rows)
                ?? Rule.Each(section.Rows, $"{at}.rows", CheckRow));
        if (error is not null)
        {
            return error;
        }

        InteractiveRow[] rows = [.. action.Sections!.SelectMany(section => section.Rows!)];
        return rows.Length > MessageLimits.Rows
            ? Rule.Invalid($"{place} have {rows.Length} rows together; at most {MessageLimits.Rows} are allowed.")
            : Unique(rows.Select(row => row.Id), $"{place}: every row's id must be another.");
    }

    private static GraphError? CheckRow(InteractiveRow row, string place) =>
        Rule.Text(row.Id, $"{place}.id", MessageLimits.RowId)
        ?? Rule.Text(row.Title, $"{place}.title", MessageLimits.RowTitle)
        ?? Rule.Optional(row.Description, $"{place}.description", MessageLimits.RowDescription);

    private static GraphError? CheckProduct(InteractiveAction action) =>
        Rule.Text(action.CatalogId, $"{Action}.catalog_id", MessageLimits.ProductId)
        ?? Rule.Text(action.ProductRetailerId, $"{Action}.product_retailer_id", MessageLimits.ProductId);

    private static GraphError? CheckProductList(InteractiveAction action)
    {
        const string place = Action + ".sections";
        GraphError? error = Rule.Text(action.CatalogId, $"{Action}.catalog_id", MessageLimits.ProductId)
            ?? Rule.Count(action.Sections, place, MessageLimits.Sections)
            ?? Rule.Each(action.Sections, place, (section, at) =>
                Rule.Optional(section.Title, $"{at}.title", MessageLimits.SectionTitle)
                ?? Rule.Count(section.Products, $"{at}.product_items", MessageLimits.Products)
                ?? Rule.Each(section.Products, $"{at}.product_items", (product, item) =>
                    Rule.Text(product.ProductRetailerId, $"{item}.product_retailer_id", MessageLimits.ProductId)));
        return error ?? (action.Sections!.Sum(section => section.Products!.Count) is var all && all > MessageLimits.Products
            ? Rule.Invalid($"{place} have {all} products together; at most {MessageLimits.Products} are allowed.")
            : null);
    }

    private static GraphError? CheckNamed(InteractiveAction action, string type)
    {
        if (action.Name != Names[type])
        {
            return action.Name is null ? Rule.Missing($"{Action}.name") : Rule.Invalid($"{Action}.name must be {Names[type]} for the type {type}.");
        }

        const string place = Action + ".parameters";
        if (action.Parameters is { } given && (given.ValueKind != JsonValueKind.Object || given.GetRawText().Length > MessageLimits.Parameters))
        {
            return Rule.Invalid($"{place} must be an object of at most {MessageLimits.Parameters} characters.");
        }

        return type switch
        {
            "cta_url" => Rule.Text(Member(action, "display_text"), $"{place}.display_text", MessageLimits.ButtonTitle)
                ?? Rule.Link(Member(action, "url"), $"{place}.url"),
            "flow" => CheckFlow(action, place),
            "address_message" or "order_details" or "order_status" when action.Parameters is null => Rule.Missing(place),
            _ => null,
        };
    }

    private static GraphError? CheckFlow(InteractiveAction action, string place)
    {
        string? flowAction = Member(action, "flow_action");
        string? mode = Member(action, "mode");
        return Rule.Text(Member(action, "flow_message_version"), $"{place}.flow_message_version", MessageLimits.FlowCallToAction)
            ?? (Member(action, "flow_id") is null && Member(action, "flow_name") is null ? Rule.Missing($"{place}.flow_id") : null)
            ?? Rule.Text(Member(action, "flow_cta"), $"{place}.flow_cta", MessageLimits.FlowCallToAction)
            ?? (mode is null or "published" or "draft" ? null : Rule.Invalid($"{place}.mode must be published or draft."))
            ?? (flowAction is null or "navigate" or "data_exchange" ? null : Rule.Invalid($"{place}.flow_action must be navigate or data_exchange."));
    }

    private static string? Member(InteractiveAction action, string name)
    {
        if (action.Parameters is not { ValueKind: JsonValueKind.Object } parameters || !parameters.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => JsonText.Read(value),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
    }

    private static GraphError? Unique(IEnumerable<string?> texts, string details)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        return texts.Any(text => !seen.Add(text ?? string.Empty)) ? Rule.Invalid(details) : null;
    }
}
