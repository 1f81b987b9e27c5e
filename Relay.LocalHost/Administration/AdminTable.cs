using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relay.LocalHost.Administration;

/// <summary>An answer of the admin API for people: a list as a table, one thing line by line. What somebody else wrote can't move the cursor.</summary>
internal static class AdminTable
{
    private const long FirstMilliseconds = 100_000_000_000;

    internal static string Of(JsonObject answer, IReadOnlyList<string> columns)
    {
        if (answer is { Count: 1 } && answer["success"] is not null)
        {
            return "Done.";
        }

        if (answer["data"] is not JsonArray data)
        {
            return Lines(answer);
        }

        string[] heads = columns.Count > 0 ? [.. columns] : [.. data.OfType<JsonObject>().SelectMany(item => item.Select(member => member.Key)).Distinct()];
        List<string[]> rows = [.. data.Select(item => heads.Length == 0 ? [Cell("", item)] : heads.Select(head => Cell(head, Find(item, head))).ToArray())];
        string table = rows.Count == 0 ? "None." : Table([.. heads.Select(head => head[(head.LastIndexOf('.') + 1)..].ToUpperInvariant())], rows);
        JsonObject rest = [.. answer.Where(member => member.Key != "data" && columns.Count == 0).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))];
        return rest.Count == 0 ? table : Lines(rest) + Environment.NewLine + table;
    }

    private static string Table(string[] heads, List<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Append(heads).Max(row => column < row.Length ? row[column].Length : 0))];
        IEnumerable<string[]> all = heads.Length == 0 ? rows : rows.Prepend(heads);
        return string.Join(Environment.NewLine, all.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }

    private static string Lines(JsonObject item) => string.Join(Environment.NewLine, item.Select(member => $"{member.Key}: {Cell(member.Key, member.Value)}"));

    private static JsonNode? Find(JsonNode? item, string path)
    {
        foreach (string name in path.Split('.'))
        {
            item = (item as JsonObject)?[name];
        }

        return item;
    }

    private static string Cell(string name, JsonNode? value) => value switch
    {
        null => "-",
        JsonArray all => all.Count == 0 ? "-" : string.Join(", ", all.Select(one => Cell(name, one))),
        JsonObject item => string.Join(" ", item.Select(member => Cell(member.Key, member.Value))),
        JsonValue when IsTime(name) && long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long time) => Time(time),
        JsonValue when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValueKind() == JsonValueKind.True ? "yes" : "no",
        _ => Plain(value.ToString()),
    };

    private static bool IsTime(string name) =>
        name is "at" or "entry.at" or "receipt.at" || name.EndsWith("_at", StringComparison.Ordinal) || name.EndsWith("_until", StringComparison.Ordinal) || name.EndsWith("_since", StringComparison.Ordinal);

    private static string Time(long time)
    {
        DateTimeOffset at = time >= FirstMilliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(time) : DateTimeOffset.FromUnixTimeSeconds(Math.Min(time, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
        return at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private static string Plain(string text) => new StringBuilder().AppendJoin(string.Empty, text.Select(one => char.IsControl(one) || char.GetUnicodeCategory(one) == UnicodeCategory.Format ? '?' : one)).ToString();
}
