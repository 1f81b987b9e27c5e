using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts.Apps;

/// <summary>
/// What an app can subscribe to of a WhatsApp Business Account: the Cloud API's webhook fields. Relay sends some of them; who subscribes to others waits in vain, as with
/// a field that nothing happens to.
/// </summary>
internal static class AppFields
{
    private const int MaxFields = 64;

    internal static IReadOnlyList<string> All { get; } =
    [
        "account_alerts", "account_review_update", "account_settings_update", "account_update", "automatic_events", "business_capability_update", "business_status_update", "calls",
        "flows", "group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update", "history", "message_echoes",
        "message_template_components_update", "message_template_quality_update", "message_template_status_update", "messages", "messaging_handovers", "partner_solutions",
        "payment_configuration_update", "phone_number_name_update", "phone_number_quality_update", "security", "smb_app_state_sync", "smb_message_echoes",
        "template_category_update", "template_correct_category_detection", "tracking_events", "user_preferences",
    ];

    /// <summary>Reads names from a list, from JSON in a text, or from a text with commas; empty when there is none.</summary>
    internal static Result<IReadOnlyList<string>, GraphError> Read(JsonElement? asked)
    {
        string?[] names = asked switch
        {
            { ValueKind: JsonValueKind.Array } list => Names(list),
            { ValueKind: JsonValueKind.String } text => Split(text.GetString() ?? string.Empty),
            null or { ValueKind: JsonValueKind.Null } => [],
            _ => [null],
        };
        return names.Length > MaxFields || names.Any(name => name is null || !All.Contains(name))
            ? GraphErrorCode.InvalidParameter.Because($"fields must be a list of: {string.Join(", ", All)}.")
            : names.OfType<string>().Distinct().ToArray();
    }

    private static string?[] Names(JsonElement list) => [.. list.EnumerateArray().Take(MaxFields + 1).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null)];

    private static string?[] Split(string text)
    {
        if (!text.TrimStart().StartsWith('['))
        {
            return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        try
        {
            using JsonDocument list = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 2 });
            return Names(list.RootElement);
        }
        catch (JsonException)
        {
            return [null];
        }
    }
}
