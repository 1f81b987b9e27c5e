using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary>Which buttons a template may have, how many, and what each of them needs.</summary>
internal static class ButtonRules
{
    private const string Part = TemplateParts.Buttons;

    private static readonly string[] s_types =
    [
        TemplateButtons.QuickReply, TemplateButtons.Url, TemplateButtons.PhoneNumber, TemplateButtons.CopyCode, TemplateButtons.Flow, TemplateButtons.Catalog,
        TemplateButtons.Mpm, TemplateButtons.Otp,
    ];

    private static readonly (string Type, int Most)[] s_most =
    [
        (TemplateButtons.Url, TemplateLimits.UrlButtons), (TemplateButtons.PhoneNumber, 1), (TemplateButtons.CopyCode, 1), (TemplateButtons.Flow, 1),
        (TemplateButtons.Catalog, 1), (TemplateButtons.Mpm, 1), (TemplateButtons.Otp, 1),
    ];

    internal static Result<TemplateComponent, GraphError> Check(TemplateComponent component, MessageCategory category)
    {
        TemplateButton[] buttons =
            [.. (component.Buttons ?? []).OfType<TemplateButton>().Select(button => button with { Type = button.Type?.ToUpperInvariant(), OtpType = button.OtpType?.ToUpperInvariant() })];
        if (buttons.Length == 0)
        {
            return TemplateRules.Lacking(Part, "buttons");
        }

        if (buttons.Length > TemplateLimits.Buttons)
        {
            return TemplateRules.Invalid($"BUTTONS: there are {buttons.Length}; at most {TemplateLimits.Buttons} are allowed.");
        }

        GraphError? error = Array.Exists(buttons, button => !s_types.Contains(button.Type))
            ? TemplateRules.Invalid($"BUTTONS: the type must be one of {string.Join(", ", s_types)}; other types are not supported.")
            : CheckTogether([.. buttons.Select(button => button.Type!)], category);
        for (int i = 0; i < buttons.Length && error is null; i++)
        {
            error = CheckOne(buttons[i], $"BUTTONS: button {i}");
        }

        return error is null ? new TemplateComponent { Type = Part, Buttons = buttons } : error;
    }

    private static GraphError? CheckTogether(string[] types, MessageCategory category)
    {
        if (category == MessageCategory.Authentication)
        {
            return types is [TemplateButtons.Otp] ? null : TemplateRules.Invalid("BUTTONS: an authentication template has one button of type OTP.");
        }

        if (types.Contains(TemplateButtons.Otp))
        {
            return TemplateRules.Invalid("BUTTONS: only an authentication template has a button of type OTP.");
        }

        foreach ((string type, int most) in s_most)
        {
            if (types.Count(one => one == type) is var count && count > most)
            {
                return TemplateRules.Invalid($"BUTTONS: there are {count} of type {type}; at most {most} are allowed.");
            }
        }

        // Quick replies stand together: among neighbours, the kind changes once at most.
        int changes = types.Zip(types.Skip(1)).Count(pair => pair.First == TemplateButtons.QuickReply != (pair.Second == TemplateButtons.QuickReply));
        return changes <= 1 ? null : TemplateRules.Invalid("BUTTONS: quick replies must stand together, before or after all other buttons.");
    }

    private static GraphError? CheckOne(TemplateButton button, string at)
    {
        bool hasText = !string.IsNullOrWhiteSpace(button.Text);
        if (!hasText && button.Type is not (TemplateButtons.CopyCode or TemplateButtons.Otp))
        {
            return GraphErrorCode.TemplateMemberMissing.Because($"{at} lacks text.");
        }

        if (hasText && Rule.CodePoints(button.Text!) > TemplateLimits.ButtonText)
        {
            return TooLong(at, "text", TemplateLimits.ButtonText);
        }

        return button.Type switch
        {
            TemplateButtons.Url => CheckUrl(button, at),
            TemplateButtons.PhoneNumber => button.PhoneNumber is { Length: <= TemplateLimits.PhoneNumber } number && PhoneNumber.TryParse(number, out _)
                ? null
                : TemplateRules.Invalid($"{at}: phone_number must be a phone number in international form."),
            TemplateButtons.Flow => button.FlowId is null && button.FlowName is null && button.FlowJson is null
                ? GraphErrorCode.TemplateMemberMissing.Because($"{at} lacks flow_id, flow_name or flow_json.")
                : null,
            TemplateButtons.Otp => button.OtpType is "COPY_CODE" or "ONE_TAP" or "ZERO_TAP"
                ? null
                : TemplateRules.Invalid($"{at}: otp_type must be COPY_CODE, ONE_TAP or ZERO_TAP."),
            _ => null,
        };
    }

    private static GraphError? CheckUrl(TemplateButton button, string at)
    {
        if (string.IsNullOrEmpty(button.Url))
        {
            return GraphErrorCode.TemplateMemberMissing.Because($"{at} lacks url.");
        }

        if (button.Url.Length > TemplateLimits.Url)
        {
            return TooLong(at, "url", TemplateLimits.Url);
        }

        string address = ButtonAddress.Start(button.Url, out bool hasPlace);
        if (address.Contains("{{", StringComparison.Ordinal))
        {
            return TemplateRules.Invalid($"{at}: url can have one place, {{{{1}}}}, at its end.");
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http"))
        {
            return TemplateRules.Invalid($"{at}: url must be an address that starts with https:// or http://.");
        }

        return hasPlace && !TemplateRules.IsGiven(button.Example)
            ? GraphErrorCode.TemplateMemberMissing.Because($"{at} lacks example: the place in url needs one.")
            : null;
    }

    private static GraphError TooLong(string at, string member, int most) =>
        GraphErrorCode.TemplatePartTooLong.Because($"{at}: {member} has more than {most} characters.");
}

/// <summary>The address of a button, which may end with a place.</summary>
internal static class ButtonAddress
{
    private const string Place = "{{1}}";

    /// <summary>What stands before the place, or all of it.</summary>
    internal static string Start(string url, out bool hasPlace)
    {
        hasPlace = url.EndsWith(Place, StringComparison.Ordinal);
        return hasPlace ? url[..^Place.Length] : url;
    }
}
