using Relay.Shared.Graph.Paging;

namespace Relay.Shared.Templates;

/// <summary>Which of a business's templates a list has: those that fit every parameter that is there, each one value or several with commas.</summary>
internal sealed class TemplateFilter(ListRequest request)
{
    private readonly string[] _names = Values(request, "name");
    private readonly string[] _languages = Values(request, "language");
    private readonly string[] _categories = Values(request, "category");
    private readonly string[] _statuses = Values(request, "status");
    private readonly string _part = Values(request, "name_or_content") is [var part, ..] ? part : string.Empty;

    /// <summary>The parameters.</summary>
    internal static IReadOnlyList<string> Parameters { get; } = ["name", "status", "category", "language", "name_or_content"];

    /// <summary>The one name that all of them have; null when there may be several.</summary>
    internal string? OneName => _names is [var name] ? name : null;

    internal bool Wants(TemplateDefinition definition) =>
        Has(_names, definition.Name)
        && Has(_languages, definition.Language)
        && Has(_categories, TemplateCategories.Name(definition.Category))
        && Has(_statuses, CreateTemplate.Approved)
        && (definition.Name.Contains(_part, StringComparison.OrdinalIgnoreCase)
            || definition.Components.Any(component => component.Text?.Contains(_part, StringComparison.OrdinalIgnoreCase) == true));

    private static string[] Values(ListRequest request, string name) =>
        request.Others.FirstOrDefault(one => one.Key == name).Value?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static bool Has(string[] values, string value) => values.Length == 0 || values.Contains(value, StringComparer.OrdinalIgnoreCase);
}
