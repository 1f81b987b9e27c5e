using System.Globalization;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations.Walking;

/// <summary>
/// Reads the rows of a partition whose keys are a prefix and hex digits, last first. Storage only reads upwards, so it asks for windows of
/// ids, narrower where there are too many: a row is met once however they are spread.
/// </summary>
internal sealed class BackwardRange
{
    private const int Digits = 16;
    private const int Narrower = 16;

    private static readonly UInt128 All = UInt128.One << (4 * Digits);

    private readonly ITableStore _tables;
    private readonly string _table;
    private readonly TableRange _whole;
    private readonly string _prefix;
    private string? _before;
    private UInt128 _high;
    private UInt128 _width;

    /// <param name="tables">The storage account.</param>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="prefix">What all keys start with; at least 16 hex digits follow.</param>
    /// <param name="before">A key that all keys must lie before; null for none.</param>
    internal BackwardRange(ITableStore tables, string table, string partition, string prefix, string? before)
    {
        _tables = tables;
        _table = table;
        _prefix = prefix;
        _whole = TableRange.StartingWith(partition, prefix, int.MaxValue);
        _before = before ?? _whole.BeforeRowKey;
        _high = before is not null && before.StartsWith(prefix, StringComparison.Ordinal)
            && ulong.TryParse(before.AsSpan(prefix.Length, Math.Min(Digits, before.Length - prefix.Length)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong id)
            ? (UInt128)id + 1
            : All;
        _width = _high;
    }

    internal bool IsDone => _high == 0;

    /// <summary>One query: the next rows downwards, or none when the window was too wide or empty.</summary>
    internal async Task<IReadOnlyList<TableRow>> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        UInt128 low = _high > _width ? _high - _width : 0;
        bool isNarrowest = _width == 1;
        string from = low == 0 ? _prefix : _prefix + ((ulong)low).ToString("x16", CultureInfo.InvariantCulture);
        List<TableRow> rows = [];
        TableRange window = _whole with { FromRowKey = from, BeforeRowKey = _before, Limit = isNarrowest ? int.MaxValue : limit };
        await foreach (TableRow row in _tables.QueryAsync(_table, window, cancellationToken))
        {
            rows.Add(row);
        }

        if (rows.Count == limit && !isNarrowest)
        {
            _width = UInt128.Max(1, _width / Narrower);
            return [];
        }

        (_high, _before) = (low, from);
        _width = UInt128.Min(All, _width * 2);
        rows.Reverse();
        return rows;
    }
}
