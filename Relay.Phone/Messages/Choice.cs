using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relay.Phone.Messages;

/// <summary>Something that a message offers its reader to press.</summary>
/// <param name="Label">What is written on it.</param>
/// <param name="Use">What it is for when pressing it answers nothing: an address, a number, a code, or how to answer.</param>
/// <param name="Answer">The message that pressing it sends; null for none.</param>
internal sealed record Choice(string Label, string? Use, JsonObject? Answer)
{
    /// <summary>What a form is answered with; its token goes back with it. Null for what is no form.</summary>
    internal string? FlowToken { get; init; }

    public override string ToString() => nameof(Choice);

    /// <summary>All that a message offers, in the order in which it is shown: the first is number 1.</summary>
    internal static IReadOnlyList<Choice> Of(JsonElement message) => Members.Text(message, "type") switch
    {
        "interactive" => Members.Find(message, "interactive") is { } interactive ? OfInteractive(interactive) : [],
        "template" => [.. Members.Each(message, "template", "buttons").Select(OfButton)],
        _ => [],
    };

    private static IReadOnlyList<Choice> OfInteractive(JsonElement interactive)
    {
        string parameters = "parameters";
        switch (Members.Text(interactive, "type"))
        {
            case "button":
                return [.. Members.Each(interactive, "action", "buttons").Select(button => Reply("button_reply", Members.Find(button, "reply")))];
            case "list":
                return [.. Members.Each(interactive, "action", "sections").SelectMany(section => Members.Each(section, "rows")).Select(row => Reply("list_reply", row))];
            case "cta_url":
                return [new Choice(Members.Text(interactive, "action", parameters, "display_text") ?? "Open", Members.Text(interactive, "action", parameters, "url"), null)];
            case "flow":
                return [Form(Members.Text(interactive, "action", parameters, "flow_cta"), Members.Text(interactive, "action", parameters, "flow_token"))];
            case "location_request_message":
                return [new Choice("Send location", "answered by a location", null)];
            case "contact_request" or "request_contact_info":
                return [new Choice("Send contact", "answered by a contact", null)];
            case "product":
                return [Product(interactive, Members.Find(interactive, "action"))];
            case "product_list":
                return [.. Members.Each(interactive, "action", "sections").SelectMany(section => Members.Each(section, "product_items")).Select(product => Product(interactive, product))];
            case "catalog_message":
                return [new Choice("See the catalogue", "answered by an order", null)];
            default:
                return [];
        }
    }

    private static Choice OfButton(JsonElement button)
    {
        string text = Members.Text(button, "text") ?? "";
        return Members.Text(button, "type") switch
        {
            "quick_reply" => new Choice(
                text, null, new JsonObject { ["type"] = "button", ["button"] = new JsonObject { ["payload"] = Members.Text(button, "payload") ?? text, ["text"] = text } }),
            "url" => new Choice(text, Members.Text(button, "url"), null),
            "phone_number" => new Choice(text, Members.Text(button, "phone_number"), null),
            "copy_code" => new Choice(text, Members.Text(button, "code"), null),
            "flow" => Form(text, Members.Text(button, "flow_token")),
            _ => new Choice(text, "answered by an order", null),
        };
    }

    private static Choice Reply(string type, JsonElement? given)
    {
        JsonElement reply = given ?? default;
        string title = Members.Text(reply, "title") ?? "";
        JsonObject answer = new() { ["id"] = Members.Text(reply, "id"), ["title"] = title };
        if (Members.Text(reply, "description") is { } description)
        {
            answer["description"] = description;
        }

        return new Choice(title, Members.Text(reply, "description"), Interactive(type, answer));
    }

    private static Choice Form(string? label, string? token) => new(label ?? "Fill in", "a form, answered by its fields", null) { FlowToken = token ?? "" };

    private static Choice Product(JsonElement interactive, JsonElement? product)
    {
        string id = Members.Text(product ?? default, "product_retailer_id") ?? "";
        JsonObject item = new() { ["product_retailer_id"] = id, ["quantity"] = 1, ["item_price"] = 0, ["currency"] = "EUR" };
        JsonObject order = new() { ["catalog_id"] = Members.Text(interactive, "action", "catalog_id") ?? "", ["product_items"] = new JsonArray(item) };
        return new Choice($"Order {id}", null, new JsonObject { ["type"] = "order", ["order"] = order });
    }

    /// <summary>The answer to a form.</summary>
    /// <param name="fields">A JSON object.</param>
    internal JsonObject Fill(JsonObject fields)
    {
        JsonObject all = fields.DeepClone().AsObject();
        all["flow_token"] = FlowToken;
        return Interactive("nfm_reply", new JsonObject { ["name"] = "flow", ["body"] = "Sent", ["response_json"] = all.ToJsonString() });
    }

    private static JsonObject Interactive(string type, JsonObject answer) =>
        new() { ["type"] = "interactive", ["interactive"] = new JsonObject { ["type"] = type, [type] = answer } };
}
