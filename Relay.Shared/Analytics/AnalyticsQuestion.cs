using System.Globalization;
using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Primitives;

namespace Relay.Shared.Analytics;

/// <summary>What <c>analytics.start(…).end(…).granularity(…)</c> asks for, read and checked.</summary>
/// <param name="Start">Unix seconds.</param>
/// <param name="End">Unix seconds, after the start.</param>
/// <param name="Granularity">How long a point is.</param>
/// <param name="Numbers">Digits of the numbers that are wanted; none for all.</param>
internal sealed record AnalyticsQuestion(DateTimeOffset Start, DateTimeOffset End, Granularity Granularity, IReadOnlyList<string> Numbers)
{
    internal const string Field = "analytics";

    /// <summary>How far back it reaches.</summary>
    internal const int MaxDays = 366;

    private const string StartName = "start";
    private const string EndName = "end";
    private const string GranularityName = "granularity";
    private const string NumbersName = "phone_numbers";
    private const string CountriesName = "country_codes";
    private const int MaxNumbers = 100;

    internal static string[] Arguments { get; } = [StartName, EndName, GranularityName, NumbersName, CountriesName];

    internal static Result<AnalyticsQuestion, GraphError> Read(FieldSelection selection, DateTimeOffset now)
    {
        if (Time(selection.Argument(Field, StartName)) is not { } start || Time(selection.Argument(Field, EndName)) is not { } end || end <= start)
        {
            return Invalid("analytics needs start(…) and end(…), the end after the start, in Unix seconds.");
        }

        if (start < now.AddDays(-MaxDays) || end - start > TimeSpan.FromDays(MaxDays))
        {
            return Invalid("analytics reaches one year back.");
        }

        Granularity? granularity = selection.Argument(Field, GranularityName) switch
        {
            "HALF_HOUR" => Granularity.HalfHour,
            "DAY" => Granularity.Day,
            "MONTH" => Granularity.Month,
            _ => null,
        };
        if (granularity is not { } length)
        {
            return Invalid("analytics needs granularity(HALF_HOUR), granularity(DAY) or granularity(MONTH).");
        }

        if (List(selection.Argument(Field, CountriesName)) is not { Count: 0 })
        {
            return Invalid("country_codes is not supported: Relay counts no countries of users. Leave it out, or give [].");
        }

        if (List(selection.Argument(Field, NumbersName)) is not { Count: <= MaxNumbers } numbers)
        {
            return Invalid($"phone_numbers must be a list of at most {MaxNumbers} numbers, such as [\"16505551234\"].");
        }

        return new AnalyticsQuestion(start, end, length, [.. numbers.Select(one => PhoneNumber.TryParse(one, out PhoneNumber? number) ? number.Digits : one)]);
    }

    public override string ToString() => nameof(AnalyticsQuestion);

    private static DateTimeOffset? Time(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>Null for what is no list of texts.</summary>
    private static List<string>? List(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        try
        {
            using JsonDocument list = JsonDocument.Parse(text.Replace('\'', '"'), new JsonDocumentOptions { MaxDepth = 2 });
            return list.RootElement.ValueKind != JsonValueKind.Array ? null
                : [.. list.RootElement.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() ?? string.Empty : item.GetRawText())];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because(details);
}

/// <summary>How long a point is; a day and a month are UTC's.</summary>
internal enum Granularity
{
    HalfHour,
    Day,
    Month,
}
