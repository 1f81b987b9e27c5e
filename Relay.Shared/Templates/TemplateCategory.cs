using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Templates;

/// <summary>What a template is for; the Cloud API's own three.</summary>
public enum TemplateCategory
{
    Marketing,
    Utility,
    Authentication,
}

/// <summary>How a category is written.</summary>
public static class TemplateCategories
{
    private static readonly string[] s_names = ["MARKETING", "UTILITY", "AUTHENTICATION"];

    /// <summary>As templates say it: <c>MARKETING</c>, <c>UTILITY</c> or <c>AUTHENTICATION</c>.</summary>
    public static string Name(this TemplateCategory category) => s_names[(int)category];

    /// <summary>As a webhook's <c>pricing.category</c> says it: the same in lower case.</summary>
    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "The wire's form is lower case.")]
    public static string PricingName(this TemplateCategory category) => Name(category).ToLowerInvariant();

    /// <summary>Upper and lower case alike.</summary>
    public static bool TryParse(string? text, out TemplateCategory category)
    {
        int index = Array.FindIndex(s_names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        category = (TemplateCategory)Math.Max(index, 0);
        return index >= 0;
    }
}
