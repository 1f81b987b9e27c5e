using System.Globalization;
using System.Text;
using Relay.Load.Measuring;

namespace Relay.Benchmarks.Reporting;

/// <summary>The report for people: a heading, the method, and aligned columns.</summary>
internal static class TextReport
{
    private static readonly string[] Heads = ["", "best", "median", "", "target", ""];

    internal static string Header(Machine machine, string window, string load) =>
        $"Relay benchmarks on {machine}.\nWindows: {window}. Load average at the start: {load}.\n";

    internal static string Of(Section section)
    {
        StringBuilder text = new();
        text.Append('\n').Append(section.Name).Append('\n');
        foreach (string line in section.Method)
        {
            text.Append("  ").Append(line).Append('\n');
        }

        if (section.Figures.Count > 0)
        {
            AppendTable(text, [Heads, .. section.Figures.Select(Row)]);
        }

        return text.ToString();
    }

    /// <summary>Four significant digits or so, with thousands separated.</summary>
    internal static string Number(double value)
    {
        string format = Math.Abs(value) switch
        {
            >= 1000 => "#,0",
            >= 100 => "0",
            >= 10 => "0.0",
            _ => "0.00",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string[] Row(Figure figure) =>
    [
        figure.Name,
        Number(figure.Value),
        figure.Median is { } median ? Number(median) : "",
        figure.Unit,
        figure.Target ?? "",
        figure.Note ?? "",
    ];

    private static void AppendTable(StringBuilder text, IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, Heads.Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            StringBuilder line = new("   ");
            for (int column = 0; column < row.Length; column++)
            {
                bool isNumber = column is 1 or 2;
                line.Append(' ').Append(isNumber ? row[column].PadLeft(widths[column] + 1) : row[column].PadRight(widths[column]));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
    }
}
