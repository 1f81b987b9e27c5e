using System.Globalization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations.Lookups;

/// <summary>
/// Thirty days that share one lookup key. A number's row is looked for in the current epoch and the one before, so whatever was used in the last
/// 30 days is found; older epochs lead to nothing that can still be read, and their keys are destroyed.
/// </summary>
/// <param name="Number">Counts from 0 on 1 January 1970.</param>
internal readonly record struct LookupEpoch(int Number)
{
    internal const int Days = 30;

    private static readonly int s_start = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>As storage keys write it: five digits.</summary>
    internal string Key => Number.ToString("D5", CultureInfo.InvariantCulture);

    /// <summary>The name of its key in the key ring of each business.</summary>
    internal string KeyName => "lookup-" + Key;

    internal LookupEpoch Previous => new(Number - 1);

    internal LookupEpoch Next => new(Number + 1);

    internal UtcDay FirstDay => new(DateOnly.FromDayNumber(s_start + (Number * Days)));

    internal static LookupEpoch Of(UtcDay day) => new((day.Date.DayNumber - s_start) / Days);

    internal static bool TryParse(string text, out LookupEpoch epoch)
    {
        bool parsed = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && text.Length == 5;
        epoch = new LookupEpoch(number);
        return parsed;
    }
}
