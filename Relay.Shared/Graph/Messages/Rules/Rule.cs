namespace Relay.Shared.Graph.Messages;

/// <summary>What the rules of single members have in common. Errors name the member and the rule, never the content.</summary>
internal static class Rule
{
    internal static GraphError Missing(string member) => GraphErrorCode.ParameterMissing.Because($"The parameter {member} is required.");

    internal static GraphError Invalid(string details) => GraphErrorCode.ParameterInvalid.Because(details);

    /// <summary>A text that must be there: 1 to <paramref name="most"/> code points.</summary>
    internal static GraphError? Text(string? text, string member, int most) => text switch
    {
        null => Missing(member),
        "" => Invalid($"{member} is empty; 1 to {most} characters are allowed."),
        _ => Optional(text, member, most),
    };

    /// <summary>A text that may be absent or empty: at most <paramref name="most"/> code points.</summary>
    internal static GraphError? Optional(string? text, string member, int most) => text is { } given && CodePoints(given) is var length && length > most
        ? Invalid($"{member} has {length} characters; at most {most} are allowed.")
        : null;

    /// <summary>A list that must be there.</summary>
    internal static GraphError? Count<T>(IReadOnlyList<T>? list, string member, int most) => list switch
    {
        null => Missing(member),
        { Count: 0 } => Invalid($"{member} is empty; 1 to {most} are allowed."),
        _ when list.Count > most => Invalid($"{member} has {list.Count} entries; 1 to {most} are allowed."),
        _ => null,
    };

    /// <summary>An absolute address of http or https.</summary>
    internal static GraphError? Link(string? link, string member) =>
        Text(link, member, MessageLimits.Link)
        ?? (Uri.TryCreate(link, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            ? null
            : Invalid($"{member} must be an absolute URL with http or https."));

    /// <summary>The first mistake of a list's entries, each with its place.</summary>
    internal static GraphError? Each<T>(IReadOnlyList<T>? list, string member, Func<T, string, GraphError?> rule)
    {
        for (int i = 0; i < (list?.Count ?? 0); i++)
        {
            string place = $"{member}[{i}]";
            if ((list![i] is { } entry ? rule(entry, place) : Missing(place)) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    internal static int CodePoints(string text) => text.Length - text.Count(char.IsLowSurrogate);
}
