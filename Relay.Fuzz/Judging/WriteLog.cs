using Relay.Shared.Storage;

namespace Relay.Fuzz.Judging;

/// <summary>What was written since it was last asked, less what was taken away again.</summary>
internal sealed class WriteLog
{
    private readonly Lock _gate = new();
    private readonly List<(string What, string Key, bool IsNew)> _writes = [];

    public void Add(string write)
    {
        lock (_gate)
        {
            _writes.Add((write, string.Empty, false));
        }
    }

    public void Add(string table, string key, TableWriteKind kind)
    {
        lock (_gate)
        {
            if (kind == TableWriteKind.Delete && _writes.Exists(write => write.IsNew && write.Key == $"{table}/{key}"))
            {
                _writes.RemoveAll(write => write.Key == $"{table}/{key}");
                return;
            }

            _writes.Add(($"table {table} {kind}", $"{table}/{key}", kind == TableWriteKind.Insert));
        }
    }

    public IReadOnlyList<string> Take()
    {
        lock (_gate)
        {
            string[] taken = [.. _writes.Select(write => write.What)];
            _writes.Clear();
            return taken;
        }
    }
}
