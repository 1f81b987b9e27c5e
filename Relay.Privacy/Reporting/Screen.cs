using System.Globalization;
using Relay.Shared.Primitives;

namespace Relay.Privacy.Reporting;

/// <summary>What the check prints: a line for each day on which something changes, then the promises.</summary>
internal sealed class Screen(TextWriter output)
{
    private const int MostBroken = 5;

    private string _last = string.Empty;

    public void Begin()
    {
        output.WriteLine("A history through the real parts, day by day. Columns: day-0 blobs that a thief opens with copied tables, the live vault and (a) dek as it is");
        output.WriteLine("now, (b) a copy of dek from day 0; guessed numbers confirmed from a copied lookup table the same two ways; lookup rows at rest, the oldest's age.");
        output.WriteLine();
        output.WriteLine($"{"day",4}  {"date",-10}  {"opened",7} {"with dek",8}  {"guessed",7} {"with dek",8}  {"lookup",6} {"oldest",6}  what happens");
    }

    /// <summary>Shown when something happened or the figures differ from the last line's.</summary>
    public void Line(int day, UtcDay date, DayFigures figures, string happened)
    {
        string shown = string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.Opened,7} {figures.OpenedWithDek,8}  {figures.Confirmed,7} {figures.ConfirmedWithDek,8}  {figures.LookupRows,6}");
        if (happened.Length > 0 || shown != _last)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{"+" + day,4}  {date.Date:yyyy-MM-dd}  {shown} {figures.OldestDays + " d",6}  {happened}").TrimEnd());
        }

        _last = shown;
    }

    public void Note(string text) => output.WriteLine(text);

    public void End(Promises promises)
    {
        output.WriteLine();
        foreach (Promise promise in promises.All)
        {
            output.WriteLine($"{(promise.Holds ? "holds " : "BROKEN")}  {promise.Text}");
            if (promise.Seen.Length > 0)
            {
                output.WriteLine($"        {promise.Seen}");
            }

            foreach (string broken in promise.Broken.Take(MostBroken))
            {
                output.WriteLine($"        {broken}");
            }

            if (promise.Tried == 0)
            {
                output.WriteLine("        it was never put to the test");
            }
        }
    }
}

/// <param name="Opened">Blobs of day 0 that open with dek as it is now.</param>
/// <param name="OpenedWithDek">The same with a copy of dek.</param>
/// <param name="Confirmed">Users whose number can be confirmed with dek as it is now.</param>
/// <param name="ConfirmedWithDek">The same with a copy of dek.</param>
/// <param name="LookupRows">At rest.</param>
/// <param name="OldestDays">The oldest of them.</param>
internal sealed record DayFigures(int Opened, int OpenedWithDek, int Confirmed, int ConfirmedWithDek, int LookupRows, int OldestDays);
