using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary>What a caller of the list asks for, as it stands in the query; empty where it asks for nothing.</summary>
public sealed record ListTemplatesRequest
{
    private const int DefaultLimit = 25;
    private const int MaxLimit = 250;

    /// <summary>The path that was called: pages lead back to it.</summary>
    public required string Path { get; init; }

    public string Fields { get; init; } = string.Empty;

    public string Limit { get; init; } = string.Empty;

    public string After { get; init; } = string.Empty;

    public string Before { get; init; } = string.Empty;

    public string Name { get; init; } = string.Empty;

    public string Status { get; init; } = string.Empty;

    public string Category { get; init; } = string.Empty;

    public string Language { get; init; } = string.Empty;

    /// <summary>A part of the name or of a text.</summary>
    public string NameOrContent { get; init; } = string.Empty;

    /// <summary>As many as the Cloud API gives at most, where more are asked for: clients ask for a thousand.</summary>
    internal Result<PageLimit, GraphError> ReadLimit() => Limit.Length == 0
        ? new PageLimit(DefaultLimit)
        : int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit >= 1
            ? new PageLimit(Math.Min(limit, MaxLimit))
            : GraphErrorCode.InvalidParameter.Because("limit must be a number from 1 on.");

    internal bool Wants(TemplateDefinition definition) =>
        Matches(Name, definition.Name) && Matches(Language, definition.Language) && Matches(Category, TemplateCategories.Name(definition.Category)) && Matches(Status, CreateTemplate.Approved)
        && (NameOrContent.Length == 0
            || definition.Name.Contains(NameOrContent, StringComparison.OrdinalIgnoreCase)
            || definition.Components.Any(component => component.Text?.Contains(NameOrContent, StringComparison.OrdinalIgnoreCase) == true));

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ListTemplatesRequest);

    internal static string ToCursor(string id) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(id));

    /// <summary>The id that a cursor stands for; null when it is none.</summary>
    internal static string? ReadCursor(string cursor)
    {
        if (cursor.Length > 2 * TemplateIds.Length || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        string id = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor));
        return TemplateIds.IsValid(id) ? id : null;
    }

    private static bool Matches(string filter, string value) => filter.Length == 0 || filter.Split(',', StringSplitOptions.TrimEntries).Contains(value, StringComparer.OrdinalIgnoreCase);
}

internal readonly record struct PageLimit(int Templates);
