namespace Relay.Shared.Graph.Fields;

/// <summary>The fields that an object has, which of them are shown when nobody chooses, what lies inside those that are objects, and what some can be given.</summary>
public sealed class FieldShape
{
    private readonly Dictionary<string, FieldShape?> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _arguments = new(StringComparer.Ordinal);

    /// <param name="defaults">Shown when nobody chooses.</param>
    /// <param name="others">Shown when chosen.</param>
    public FieldShape(IReadOnlyList<string> defaults, params IEnumerable<string> others)
    {
        Defaults = defaults;
        foreach (string name in defaults.Concat(others))
        {
            _members[name] = null;
        }
    }

    public IReadOnlyList<string> Defaults { get; }

    public IEnumerable<string> Names => _members.Keys;

    /// <summary>Says what lies inside a field.</summary>
    public FieldShape With(string name, FieldShape inner)
    {
        _members[name] = inner;
        return this;
    }

    /// <summary>Says what a field can be given, as in <c>analytics.start(0)</c>.</summary>
    public FieldShape Taking(string name, params string[] arguments)
    {
        _arguments[name] = arguments;
        return this;
    }

    internal bool TryGet(string name, out FieldShape? inner) => _members.TryGetValue(name, out inner);

    internal bool Takes(string name, string argument) => _arguments.TryGetValue(name, out string[]? known) && known.Contains(argument);
}
