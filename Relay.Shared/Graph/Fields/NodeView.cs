using System.Text.Json.Nodes;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Fields;

/// <summary>
/// What a kind of node shows for the Graph's parameter <c>fields</c>: each field by its name and where it is read from. <c>id</c> always comes, and
/// first; a field without a value is left out. Made once for each kind, then only read.
/// </summary>
public sealed class NodeView<T>
{
    private const string Id = "id";

    private readonly Dictionary<string, Func<T, JsonNode?>> _readers = new(StringComparer.Ordinal);
    private readonly List<string> _defaults = [];
    private readonly List<(string Name, FieldShape Inner)> _inner = [];
    private readonly List<(string Name, string[] Arguments)> _arguments = [];
    private FieldShape? _shape;

    /// <summary>A field that is shown when nobody chooses.</summary>
    public NodeView<T> Shows(string name, Func<T, JsonNode?> read, FieldShape? inner = null)
    {
        _defaults.Add(name);
        return Has(name, read, inner);
    }

    /// <summary>A field that is shown when chosen.</summary>
    public NodeView<T> Has(string name, Func<T, JsonNode?> read, FieldShape? inner = null, params string[] arguments)
    {
        _readers.Add(name, read);
        if (inner is not null)
        {
            _inner.Add((name, inner));
        }

        if (arguments.Length > 0)
        {
            _arguments.Add((name, arguments));
        }

        return this;
    }

    /// <summary>What a request chooses; an unknown field is an error that names those there are.</summary>
    public Result<FieldSelection, GraphError> Select(string fields) => FieldSelection.Parse(fields, _shape ??= Shape());

    public JsonObject Show(T node, FieldSelection selection)
    {
        JsonObject shown = [];
        foreach (string name in selection.Names.Prepend(Id).Distinct())
        {
            if (_readers.TryGetValue(name, out Func<T, JsonNode?>? read) && read(node) is { } value)
            {
                shown[name] = value;
            }
        }

        return shown;
    }

    private FieldShape Shape()
    {
        FieldShape shape = new(_defaults, _readers.Keys.Except(_defaults));
        foreach ((string name, FieldShape inner) in _inner)
        {
            shape.With(name, inner);
        }

        foreach ((string name, string[] arguments) in _arguments)
        {
            shape.Taking(name, arguments);
        }

        return shape;
    }
}
