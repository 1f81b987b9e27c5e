using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates.Rendering;

/// <summary>Gives a template's buttons what they tell, open, copy or start with. A quick reply that is given nothing tells its own text.</summary>
internal static class FillButtons
{
    private const string Unused = "unused";

    internal static Result<JsonArray, GraphError> Execute(IReadOnlyList<TemplateButton?> buttons, IReadOnlyDictionary<int, GivenButton> given)
    {
        if (given.Keys.Any(index => index >= buttons.Count))
        {
            return GraphErrorCode.TemplateParameterInvalid.Because($"buttons: the template has {buttons.Count}; there is none at index {given.Keys.Max()}.");
        }

        JsonArray filled = [];
        for (int i = 0; i < buttons.Count; i++)
        {
            if (!One(buttons[i]!, i, given.GetValueOrDefault(i)).TryGet(out JsonObject? button, out GraphError? error))
            {
                return error;
            }

            filled.Add(button);
        }

        return filled;
    }

    private static Result<JsonObject, GraphError> One(TemplateButton button, int index, GivenButton? given)
    {
        // The code of an authentication template is sent as a URL's, or by the button's own name.
        string[] kinds = button.Type == TemplateButtons.Otp ? [TemplateButtons.Url, TemplateButtons.CopyCode, TemplateButtons.Otp] : [button.Type!];
        if (given is not null && !kinds.Contains(given.SubType))
        {
            return GraphErrorCode.TemplateParameterFormat.Because($"buttons: the button at index {index} is of type {button.Type}; its sub_type must be {kinds[0]}.");
        }

        if (given is { Parameters.Count: > 1 })
        {
            return Count(index, given, "1");
        }

        TemplateParameter? parameter = given?.Parameters.Count > 0 ? given.Parameters[0] : null;
        return button.Type switch
        {
            TemplateButtons.QuickReply => QuickReply(button, index, parameter),
            TemplateButtons.Url => Url(button, index, parameter),
            TemplateButtons.CopyCode => Code(button, index, parameter, parameter?.CouponCode ?? parameter?.Text),
            TemplateButtons.Otp => Code(button, index, parameter, parameter?.Text ?? parameter?.CouponCode),
            TemplateButtons.Flow => Flow(button, parameter?.Action),
            TemplateButtons.PhoneNumber when given is { Parameters.Count: > 0 } => Count(index, given, "0"),
            TemplateButtons.PhoneNumber => New("phone_number", button.Text!, ("phone_number", button.PhoneNumber)),
            TemplateButtons.Mpm => Products("mpm", button, parameter?.Action),
            _ => Products("catalog", button, parameter?.Action),
        };
    }

    private static Result<JsonObject, GraphError> QuickReply(TemplateButton button, int index, TemplateParameter? parameter)
    {
        if (parameter is { Type: not "payload" })
        {
            return Kind(index, "payload");
        }

        return parameter is { Payload: null or "" }
            ? Missing(index, "payload")
            : New("quick_reply", button.Text!, ("payload", parameter?.Payload ?? button.Text));
    }

    private static Result<JsonObject, GraphError> Url(TemplateButton button, int index, TemplateParameter? parameter)
    {
        string address = ButtonAddress.Start(button.Url!, out bool hasPlace);
        if (!hasPlace)
        {
            return parameter is null
                ? New("url", button.Text!, ("url", address))
                : GraphErrorCode.TemplateParameterInvalid.Because($"buttons: Button at index {index} of type Url does not require parameters");
        }

        if (parameter is { Type: not ("text" or "payload") })
        {
            return Kind(index, "text");
        }

        if ((parameter?.Text ?? parameter?.Payload) is not { Length: > 0 } rest)
        {
            return GraphErrorCode.ParameterMissing.Because($"buttons: Button at index {index} of type Url requires a parameter");
        }

        return address.Length + rest.Length <= TemplateLimits.Url && Uri.TryCreate(address + rest, UriKind.Absolute, out _)
            ? New("url", button.Text!, ("url", address + rest))
            : GraphErrorCode.TemplateParameterInvalid.Because($"buttons: the address of the button at index {index} must be a valid one of at most {TemplateLimits.Url} characters.");
    }

    private static Result<JsonObject, GraphError> Code(TemplateButton button, int index, TemplateParameter? parameter, string? code)
    {
        if (parameter is { Type: not ("coupon_code" or "text" or "payload") })
        {
            return Kind(index, button.Type == TemplateButtons.Otp ? "text" : "coupon_code");
        }

        if ((code ?? parameter?.Payload) is not { Length: > 0 } copied)
        {
            return GraphErrorCode.ParameterMissing.Because(
                $"buttons: Button at index {index} of type {(button.Type == TemplateButtons.Otp ? "Url" : "CopyCode")} requires a parameter");
        }

        return copied.Length <= TemplateLimits.Code
            ? New("copy_code", button.Text ?? "Copy code", ("code", copied))
            : GraphErrorCode.TemplateParameterInvalid.Because($"buttons: the code of the button at index {index} has {copied.Length} characters; at most {TemplateLimits.Code} are allowed.");
    }

    private static JsonObject Flow(TemplateButton button, TemplateAction? action)
    {
        JsonObject flow = New(
            "flow",
            button.Text!,
            ("flow_id", button.FlowId),
            ("flow_name", button.FlowName),
            ("flow_action", button.FlowAction),
            ("navigate_screen", button.NavigateScreen),
            ("flow_token", action?.FlowToken ?? Unused));
        if (action?.FlowActionData is { ValueKind: JsonValueKind.Object } data)
        {
            flow["flow_action_data"] = JsonNode.Parse(data.GetRawText());
        }

        return flow;
    }

    private static JsonObject Products(string type, TemplateButton button, TemplateAction? action)
    {
        JsonObject products = New(type, button.Text!, ("thumbnail_product_retailer_id", action?.ThumbnailProduct));
        if (action?.Sections is { ValueKind: JsonValueKind.Array } sections)
        {
            products["sections"] = JsonNode.Parse(sections.GetRawText());
        }

        return products;
    }

    private static JsonObject New(string type, string text, params ReadOnlySpan<(string Name, string? Value)> members)
    {
        JsonObject button = new() { ["type"] = type, ["text"] = text };
        foreach ((string name, string? value) in members)
        {
            if (value is not null)
            {
                button[name] = value;
            }
        }

        return button;
    }

    private static GraphError Kind(int index, string type) => GraphErrorCode.TemplateParameterFormat.Because($"buttons: the parameter of the button at index {index} must be of type {type}.");

    private static GraphError Missing(int index, string member) => GraphErrorCode.ParameterMissing.Because($"buttons: the parameter of the button at index {index} needs {member}.");

    private static GraphError Count(int index, GivenButton given, string expected) => GraphErrorCode.TemplateParameterCount.Because(
        $"buttons: the button at index {index} has {given.Parameters.Count} parameters; {expected} are expected.");
}
