namespace Relay.Shared.Storage.Memory;

/// <summary>Copies columns the way a wire would: no array is shared with the caller, times become UTC.</summary>
internal static class MemoryColumns
{
    public static Dictionary<string, object> Copy(IReadOnlyDictionary<string, object> columns)
    {
        Dictionary<string, object> copy = new(columns.Count, StringComparer.Ordinal);
        Merge(columns, copy);
        return copy;
    }

    public static void Merge(IReadOnlyDictionary<string, object> columns, Dictionary<string, object> into)
    {
        foreach ((string name, object value) in columns)
        {
            into[name] = value switch
            {
                byte[] bytes => bytes.AsSpan().ToArray(),
                DateTimeOffset time => time.ToUniversalTime(),
                _ => value,
            };
        }
    }
}
