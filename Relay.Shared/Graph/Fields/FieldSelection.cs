// list = item *( "," item ); item = name *( "." name "(" argument ")" ) [ "{" list "}" ]; name = 1*( a-z / "_" ); argument: anything with its
// parentheses in pairs. Spaces around a name are skipped.
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Fields;

/// <summary>The Graph's <c>fields</c> parameter, such as <c>id,events{delivery_status}</c>, held against what there is.</summary>
public sealed class FieldSelection
{
    private const int MaxLength = 1_000;

    private readonly Dictionary<string, FieldSelection?> _chosen = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Field, string Name), string> _arguments = [];

    private FieldSelection()
    {
    }

    /// <summary>What is chosen, or the defaults for an empty text. An unknown field, or a text of another form, is an error.</summary>
    public static Result<FieldSelection, GraphError> Parse(string text, FieldShape shape)
    {
        if (text.Length > MaxLength)
        {
            return GraphErrorCode.InvalidParameter.Because($"fields has more than {MaxLength} characters.");
        }

        int at = 0;
        if (string.IsNullOrWhiteSpace(text))
        {
            return Default(shape);
        }

        Result<FieldSelection, GraphError> parsed = ReadList(text, ref at, shape);
        return parsed.Error is null && at < text.Length ? Malformed(at) : parsed;
    }

    public bool Has(string name) => _chosen.ContainsKey(name);

    /// <summary>What is chosen, in the order in which it was.</summary>
    public IEnumerable<string> Names => _chosen.Keys;

    /// <summary>What a chosen field was given by that name; null when nothing.</summary>
    public string? Argument(string field, string name) => _arguments.GetValueOrDefault((field, name));

    /// <summary>What is chosen inside a field that is an object; null when it isn't chosen.</summary>
    public FieldSelection? Of(string name) => _chosen.GetValueOrDefault(name);

    private static FieldSelection Default(FieldShape shape)
    {
        FieldSelection selection = new();
        foreach (string name in shape.Defaults)
        {
            selection.Add(name, shape);
        }

        return selection;
    }

    private static Result<FieldSelection, GraphError> ReadList(string text, ref int at, FieldShape shape)
    {
        FieldSelection selection = new();
        while (true)
        {
            string name = ReadName(text, ref at);
            if (name.Length == 0)
            {
                return Malformed(at);
            }

            if (!shape.TryGet(name, out FieldShape? inner))
            {
                return GraphErrorCode.InvalidParameter.Because(
                    $"Tried accessing nonexisting field ({ClientText.Clip(name)}). There are: {string.Join(", ", shape.Names)}.");
            }

            selection.Add(name, shape);
            if (!selection.TryReadArguments(text, ref at, name, shape))
            {
                return Malformed(at);
            }

            if (at < text.Length && text[at] == '{' && inner is not null)
            {
                at++;
                if (!ReadList(text, ref at, inner).TryGet(out FieldSelection? chosen, out GraphError? error))
                {
                    return error;
                }

                if (at >= text.Length || text[at] != '}')
                {
                    return Malformed(at);
                }

                selection._chosen[name] = chosen;
                at++;
                SkipSpaces(text, ref at);
            }

            if (at >= text.Length || text[at] != ',')
            {
                return selection;
            }

            at++;
        }
    }

    /// <summary>False when they are malformed, or the field doesn't take them.</summary>
    private bool TryReadArguments(string text, ref int at, string field, FieldShape shape)
    {
        while (at < text.Length && text[at] == '.')
        {
            at++;
            string name = ReadName(text, ref at);
            if (!shape.Takes(field, name) || at >= text.Length || text[at] != '(')
            {
                return false;
            }

            int start = at + 1;
            int open = 1;
            for (at = start; at < text.Length && open > 0; at++)
            {
                open += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
            }

            if (open > 0 || !_arguments.TryAdd((field, name), text[start..(at - 1)].Trim()))
            {
                return false;
            }

            SkipSpaces(text, ref at);
        }

        return true;
    }

    private static string ReadName(string text, ref int at)
    {
        SkipSpaces(text, ref at);
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterLower(text[at]) || text[at] == '_'))
        {
            at++;
        }

        string name = text[start..at];
        SkipSpaces(text, ref at);
        return name;
    }

    private static void SkipSpaces(string text, ref int at)
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
    }

    private static GraphError Malformed(int at) =>
        GraphErrorCode.InvalidParameter.Because($"fields is not a list of names with lists in braces (character {at + 1}).");

    private void Add(string name, FieldShape shape) => _chosen[name] = shape.TryGet(name, out FieldShape? inner) && inner is not null ? Default(inner) : null;
}
