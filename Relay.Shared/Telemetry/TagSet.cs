using System.Text.RegularExpressions;

namespace Relay.Shared.Telemetry;

/// <summary>A key that measurements and spans may bear, with all the values that it can ever have.</summary>
public abstract class TagSet(string key, IReadOnlyList<string> values)
{
    public string Key { get; } = key;

    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>The same, by what the value is made of: nothing else can become one.</summary>
public sealed partial class TagSet<T> : TagSet
    where T : notnull
{
    private readonly Dictionary<T, object> _values;

    private TagSet(string key, Dictionary<T, object> values)
        : base(key, [.. values.Values.Cast<string>().Distinct()]) => _values = values;

    internal static TagSet<T> Of(string key, IEnumerable<T> all, Func<T, string> text) => new(key, all.ToDictionary(one => one, one => (object)text(one)));

    /// <summary>The names of an enum, as <c>not_ready</c> for <c>NotReady</c>.</summary>
    internal static TagSet<TEnum> Of<TEnum>(string key)
        where TEnum : struct, Enum => TagSet<TEnum>.Of(key, Enum.GetValues<TEnum>(), value => Snake(value.ToString()));

    internal KeyValuePair<string, object?> Pair(T value) => new(Key, _values[value]);

    private static string Snake(string name) => Capital().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
