using Relay.Shared.Graph.Messages;

namespace Relay.Shared.Templates;

/// <summary>What a template may be for, and how templates write it.</summary>
internal static class TemplateCategories
{
    private static readonly (MessageCategory Category, string Name)[] s_names =
    [
        (MessageCategory.Marketing, "MARKETING"), (MessageCategory.Utility, "UTILITY"), (MessageCategory.Authentication, "AUTHENTICATION"),
    ];

    internal static string Name(MessageCategory category) => Array.Find(s_names, one => one.Category == category).Name;

    /// <summary>Upper and lower case alike.</summary>
    internal static bool TryParse(string? text, out MessageCategory category)
    {
        (category, string? name) = Array.Find(s_names, one => one.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return name is not null;
    }
}
